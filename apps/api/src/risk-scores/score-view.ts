import type { RiskScoreBody, RiskScoreRow } from "@ballast/api-contract";
import { Decimal, printDecimal } from "@ballast/money";
import { type EstimatesDocument, score as chance } from "@ballast/risk-core";

type Figures = Omit<RiskScoreRow, "account" | "kind" | "state">;

/** A float64 figure as it stands on the wire, to the nearest. Deciding nothing, it is cut to the digits that are read. */
function figure(value: number, digits: number): string {
  return printDecimal(new Decimal(value).toDecimalPlaces(digits, Decimal.ROUND_HALF_EVEN));
}

const dollars = (value: number): string => figure(value, 2);
const share = (value: number): string => figure(value, 6);
/** From here on a distance says no more than that there is no risk. */
const DISTANCE_MAX = 1e9;
const distance = (value: number): string | null => (Math.abs(value) < DISTANCE_MAX ? figure(value, 3) : null);

const both = <Text>({ calm, stressed }: chance.CalmAndStressed, text: (value: number) => Text) => ({
  calm: text(calm),
  stressed: text(stressed),
});

/** What a list of scores and a single one have in common. */
export function scoreFigures({ pool, score }: chance.ScoredAccount): Figures {
  const { largestContributor } = score;
  return {
    score: figure(score.score, 2),
    netValue: dollars(pool.netValue),
    slack: dollars(pool.slack),
    distanceToDepletion: both(score.distanceToDepletion, distance),
    distanceToBreach: both(score.distanceToBreach, distance),
    depletionProbability: both(score.depletionProbability, share),
    breachProbability: both(score.breachProbability, share),
    effectiveBets: figure(score.effectiveBets, 3),
    largestContributor:
      largestContributor === null
        ? null
        : { underlying: largestContributor.underlying, share: share(largestContributor.share) },
    daysToLiquidate: figure(score.daysToLiquidate, 4),
    openInterestShare: share(score.openInterestShare),
    drivers: [...score.drivers],
  };
}

/** Everything that a score was computed from, so that anybody can compute it again. */
export function scoreInputs({
  pool,
  risk,
  score,
}: chance.ScoredAccount): Pick<RiskScoreBody, "deviation" | "underlyings" | "correlations"> {
  const at = (list: readonly number[], place: number): number => list[place] as number;
  const { correlation, stressedCorrelation } = risk;
  const { size } = correlation;
  return {
    deviation: both(score.deviation, dollars),
    underlyings: pool.underlyings.map((underlying, place) => ({
      underlying,
      delta: dollars(at(pool.deltas, place)),
      volatility: share(at(risk.volatilities, place)),
      stressedVolatility: share(at(risk.stressedVolatilities, place)),
      riskShare: share(at(score.riskShares, place)),
      dailyLiquidity: dollars(at(pool.dailyLiquidity, place)),
      openInterestShare: share(at(pool.openInterestShare, place)),
    })),
    correlations: pool.underlyings.flatMap((left, row) =>
      pool.underlyings.slice(row + 1).map((right, more) => {
        const place = row * size + row + 1 + more;
        return {
          left,
          right,
          low: share(stressedCorrelation.low.values[place] as number),
          calm: share(correlation.values[place] as number),
          high: share(stressedCorrelation.high.values[place] as number),
        };
      }),
    ),
  };
}

/** Of which day and origin the covariances are. */
export function estimatesUsed({ day, made }: EstimatesDocument): RiskScoreBody["estimates"] {
  return { day, ...made };
}
