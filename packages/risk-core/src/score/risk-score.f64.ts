import { checkSeries } from "../estimate/checked-series.f64.js";
import { NoEstimate } from "../estimate/no-estimate.js";
import { entry, type SquareMatrix } from "../estimate/square-matrix.f64.js";
import { cumulativeNormal } from "../pricing/normal.f64.js";

/*
 * One number for a person who watches a thousand pools: how close is this one to being emptied, and why? It is advice. It
 * raises a requirement only where a margin model says so, and it never liquidates anybody.
 *
 * A pool is its net deltas in dollars and what it has beyond maintenance margin. Under a covariance its value is a random
 * walk; the slack is so many standard deviations away. Twice over: under today's volatilities and correlation, and under
 * stressed ones, where every correlation is the worst sign for this book.
 */

export interface PoolExposure {
  /** Net delta of each underlying in dollars, signed. */
  readonly deltas: readonly number[];
  readonly underlyings: readonly string[];
  /** Dollars that the pool has beyond maintenance margin; below zero it is due already. */
  readonly slack: number;
  /** Net value of the pool, dollars. */
  readonly netValue: number;
  /** What can be closed in a day without moving the market much, dollars of each underlying; > 0. */
  readonly dailyLiquidity: readonly number[];
  /** Share of each underlying's open interest that the pool holds, 0…1. */
  readonly openInterestShare: readonly number[];
}

export interface MarketRisk {
  /** Standard deviation of a day's log move. */
  readonly volatilities: readonly number[];
  readonly stressedVolatilities: readonly number[];
  readonly correlation: SquareMatrix;
}

export interface RiskScore {
  /** 0 nothing to see … 100 as good as lost. */
  readonly score: number;
  /** Slack in standard deviations of a day, calm and stressed; Infinity without risk. */
  readonly distance: { readonly calm: number; readonly stressed: number };
  /** Probability that maintenance margin is breached at some time within the horizon. */
  readonly breachProbability: { readonly calm: number; readonly stressed: number };
  /** 1 when one underlying carries all the risk, n when n carry the same. */
  readonly effectiveBets: number;
  readonly largestContributor: { readonly underlying: string; readonly share: number } | null;
  /** Days to close everything at the stated liquidity: that of the slowest underlying. */
  readonly daysToLiquidate: number;
  readonly openInterestShare: number;
  /** What drives the score, most important first, in words. */
  readonly drivers: readonly string[];
}

/** Points that the parts of the score may give; the breach alone can give them all. */
const POINTS = { breach: 100, concentration: 10, liquidity: 15, openInterest: 15 } as const;
const SLOW_DAYS = 5;

/**
 * The risk score of a pool over a horizon.
 *
 * Breach: by the reflection principle a driftless walk touches −slack within h days with probability 2·N(−slack ÷ σ√h). The
 * score is 100 times the mean of the calm and the stressed probability, plus up to 10 points for concentration, 15 for days
 * to liquidate and 15 for open interest – scaled by how close the breach is, since a concentrated pool that cannot lose
 * its slack is no danger – and at most 100.
 *
 * @param horizonDays > 0
 * @throws NoEstimate for lists of different lengths, values that are not finite, or a liquidity at or below zero.
 * @method SCORE-5 SCORE-6
 */
export function riskScore(pool: PoolExposure, market: MarketRisk, horizonDays: number): RiskScore {
  checkPool(pool, market, horizonDays);
  const calm = deviations(pool.deltas, market.volatilities, market.correlation);
  const stressed = pool.deltas.reduce(
    (sum, delta, at) => sum + Math.abs(delta) * (market.stressedVolatilities[at] as number),
    0,
  );
  const distance = { calm: ratio(pool.slack, calm.total), stressed: ratio(pool.slack, stressed) };
  const root = Math.sqrt(horizonDays);
  const touch = (away: number) => (away <= 0 ? 1 : Math.min(1, 2 * cumulativeNormal(-away / root)));
  const breachProbability = { calm: touch(distance.calm), stressed: touch(distance.stressed) };

  const shares = calm.contributions.map((part) => (calm.total === 0 ? 0 : part / calm.total));
  const positive = shares.map((share) => Math.abs(share));
  const sum = positive.reduce((total, share) => total + share, 0);
  const herfindahl = sum === 0 ? 0 : positive.reduce((total, share) => total + (share / sum) ** 2, 0);
  const effectiveBets = herfindahl === 0 ? 0 : 1 / herfindahl;
  const largest = shares.reduce((best, share, at) => (share > (shares[best] ?? -Infinity) ? at : best), 0);
  const days = pool.deltas.map((delta, at) => Math.abs(delta) / (pool.dailyLiquidity[at] as number));
  const daysToLiquidate = Math.max(0, ...days);
  const openInterestShare = Math.max(0, ...pool.openInterestShare);

  const closeness = breachProbability.stressed;
  const breach = (POINTS.breach * (breachProbability.calm + breachProbability.stressed)) / 2;
  const concentration = effectiveBets === 0 ? 0 : POINTS.concentration * (1 / effectiveBets) * closeness;
  const liquidity = POINTS.liquidity * Math.min(1, daysToLiquidate / SLOW_DAYS) * closeness;
  const interest = POINTS.openInterest * openInterestShare * closeness;
  const contributor = pool.underlyings[largest];
  return {
    score: Math.min(100, breach + concentration + liquidity + interest),
    distance,
    breachProbability,
    effectiveBets,
    largestContributor:
      calm.total === 0 || contributor === undefined
        ? null
        : { underlying: contributor, share: shares[largest] as number },
    daysToLiquidate,
    openInterestShare,
    drivers: driversOf(
      { breach, concentration, liquidity, interest },
      {
        distance: distance.stressed,
        contributor: contributor ?? "",
        share: shares[largest] ?? 0,
        daysToLiquidate,
        openInterestShare,
      },
    ),
  };
}

/** σ of the book for a day in dollars, and what each underlying adds to it (Euler): δᵢσᵢ(Σⱼ ρᵢⱼδⱼσⱼ) ÷ σ. */
function deviations(
  deltas: readonly number[],
  volatilities: readonly number[],
  correlation: SquareMatrix,
): { readonly total: number; readonly contributions: readonly number[] } {
  const risks = deltas.map((delta, at) => delta * (volatilities[at] as number));
  const covariances = risks.map((_, row) =>
    risks.reduce((sum, risk, column) => sum + entry(correlation, row, column) * risk, 0),
  );
  const total = Math.sqrt(
    Math.max(
      0,
      risks.reduce((sum, risk, at) => sum + risk * (covariances[at] as number), 0),
    ),
  );
  return {
    total,
    contributions: risks.map((risk, at) => (total === 0 ? 0 : (risk * (covariances[at] as number)) / total)),
  };
}

function driversOf(
  points: Readonly<Record<"breach" | "concentration" | "liquidity" | "interest", number>>,
  facts: {
    readonly distance: number;
    readonly contributor: string;
    readonly share: number;
    readonly daysToLiquidate: number;
    readonly openInterestShare: number;
  },
): readonly string[] {
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  const words = {
    breach: `${facts.distance.toFixed(1)} stressed standard deviations of a day to maintenance margin`,
    concentration: `${facts.contributor} carries ${percent(facts.share)} of the risk`,
    liquidity: `${facts.daysToLiquidate.toFixed(1)} days to close at the stated liquidity`,
    interest: `${percent(facts.openInterestShare)} of an open interest`,
  };
  return (Object.keys(words) as (keyof typeof words)[])
    .filter((part) => points[part] >= 0.5)
    .sort((left, right) => points[right] - points[left])
    .map((part) => words[part]);
}

const ratio = (slack: number, deviation: number): number =>
  deviation === 0 ? (slack < 0 ? -Infinity : Infinity) : slack / deviation;

function checkPool(pool: PoolExposure, market: MarketRisk, horizonDays: number): void {
  const size = pool.underlyings.length;
  const lists = {
    deltas: pool.deltas,
    dailyLiquidity: pool.dailyLiquidity,
    openInterestShare: pool.openInterestShare,
    volatilities: market.volatilities,
    stressedVolatilities: market.stressedVolatilities,
  };
  for (const [series, list] of Object.entries(lists)) {
    if (list.length !== size) throw new NoEstimate("SERIES_UNEQUAL", { series, expected: size, found: list.length });
    if (size > 0) checkSeries(list, 1, series);
  }
  if (market.correlation.size !== size) {
    throw new NoEstimate("SERIES_UNEQUAL", { series: "correlation", expected: size, found: market.correlation.size });
  }
  for (const [parameter, found] of [
    ["slack", pool.slack],
    ["netValue", pool.netValue],
    ["horizonDays", horizonDays],
  ] as const) {
    if (!Number.isFinite(found)) throw new NoEstimate("PARAMETER_OUT_OF_RANGE", { parameter, found });
  }
  if (!(horizonDays > 0))
    throw new NoEstimate("PARAMETER_OUT_OF_RANGE", { parameter: "horizonDays", found: horizonDays });
  for (const found of pool.dailyLiquidity) {
    if (!(found > 0)) throw new NoEstimate("PARAMETER_OUT_OF_RANGE", { parameter: "dailyLiquidity", found });
  }
}
