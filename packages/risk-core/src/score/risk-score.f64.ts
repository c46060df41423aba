import { checkParameter, checkSeries } from "../estimate/checked-series.f64.js";
import { NoEstimate } from "../estimate/no-estimate.js";
import { portfolioDeviation } from "../estimate/parametric-loss.f64.js";
import { entry, type SquareMatrix } from "../estimate/square-matrix.f64.js";
import { cumulativeNormal } from "../pricing/normal.f64.js";

/*
 * One number for a person who watches a thousand pools: how close is this one to being emptied, and why? It is advice. It
 * raises a requirement only where a margin model says so, and it never liquidates anybody.
 *
 * A pool is its net deltas in dollars, what it has, and what it has beyond maintenance margin. Under a covariance its value
 * is a driftless random walk, and a walk touches a line d deviations away within h days with probability 2·N(−d ÷ √h), by the
 * reflection principle. Two lines matter: maintenance margin, where liquidation begins, and zero, where somebody else pays.
 * Each under two covariances: today's, and a stressed one, in which every pair of underlyings has whichever correlation of
 * its stated range is worse for this book. Stress pushes pairs together, and single names apart, and a hedge may meet either.
 *
 * The score is a hundred times the mean of the four probabilities: nothing else is added. A first version gave points for
 * concentration and for shares of open interest; then a perfect hedge of one of two positions could raise the score. What is
 * concentrated has the larger deviation already; how long it takes to close lengthens the time in which zero may be reached.
 * The rest is told in words.
 *
 * Not seen: gamma (a pool is its deltas here; simulation revalues), and jumps beyond the stated volatilities.
 */

export interface PoolExposure {
  readonly underlyings: readonly string[];
  /** Net delta of each underlying in dollars, signed. */
  readonly deltas: readonly number[];
  /** Dollars that the pool has beyond maintenance margin, at most `netValue`; below zero it is due already. */
  readonly slack: number;
  /** Net value of the pool, dollars. */
  readonly netValue: number;
  /** What can be closed in a day without moving the market much, dollars of each underlying; > 0. */
  readonly dailyLiquidity: readonly number[];
  /** Share of each underlying's open interest that the pool holds, 0…1. */
  readonly openInterestShare: readonly number[];
}

/** Lists are in the order of the pool's underlyings. */
export interface MarketRisk {
  /** Standard deviation of a day's log move, ≥ 0. */
  readonly volatilities: readonly number[];
  /** At least the calm ones. */
  readonly stressedVolatilities: readonly number[];
  readonly correlation: SquareMatrix;
  /** How low and how high each pair's correlation may go in stress; today's lies between them. */
  readonly stressedCorrelation: { readonly low: SquareMatrix; readonly high: SquareMatrix };
}

/** A figure under today's covariance, and under the stressed one. */
export interface CalmAndStressed {
  readonly calm: number;
  readonly stressed: number;
}

export interface RiskScore {
  /** 0 nothing to see … 100 as good as lost. */
  readonly score: number;
  /** Standard deviation of a day's change of value, in dollars. */
  readonly deviation: CalmAndStressed;
  /** Net value in standard deviations of a day; Infinity without risk. */
  readonly distanceToDepletion: CalmAndStressed;
  /** Slack in standard deviations of a day; below zero it is due. */
  readonly distanceToBreach: CalmAndStressed;
  /** Probability that net value is gone at some time within the horizon and the time that closing takes. */
  readonly depletionProbability: CalmAndStressed;
  /** Probability that maintenance margin is breached at some time within the horizon. */
  readonly breachProbability: CalmAndStressed;
  /** What each underlying adds to the calm deviation, as shares that sum to one; all zero without risk. */
  readonly riskShares: readonly number[];
  /** 1 when one underlying carries all the risk, n when n carry the same, 0 without risk. */
  readonly effectiveBets: number;
  readonly largestContributor: { readonly underlying: string; readonly share: number } | null;
  /** Days to close everything at the stated liquidity: that of the slowest underlying. */
  readonly daysToLiquidate: number;
  readonly openInterestShare: number;
  /** What drives the score, most important first, in words; none where there is nothing to see. */
  readonly drivers: readonly string[];
}

/**
 * The risk score of a pool over a horizon.
 *
 * While it is closed evenly over D days, a pool has the variance of D ÷ 3 days at full size, so depletion is looked for
 * within horizon + D ÷ 3. A pool at or below maintenance margin has breached it and scores 50 at least; one without value
 * left scores 100. A pool that has nothing, owes nothing and risks nothing scores 0.
 *
 * @param horizonDays > 0
 * @throws NoEstimate for lists of different lengths, values that are not finite, a liquidity at or below zero, slack above net
 *   value, stressed volatilities below calm ones, or a correlation outside its stressed range.
 * @method SCORE-7 SCORE-8
 */
export function riskScore(pool: PoolExposure, market: MarketRisk, horizonDays: number): RiskScore {
  checkPool(pool, market, horizonDays);
  const { deltas, netValue, slack, underlyings } = pool;
  const { sigma, contributions } =
    deltas.length === 0
      ? { sigma: 0, contributions: [] }
      : portfolioDeviation(deltas, market.volatilities, market.correlation);
  const deviation = { calm: sigma, stressed: Math.max(sigma, stressedDeviation(deltas, market)) };
  const daysToLiquidate = Math.max(
    0,
    ...deltas.map((delta, at) => Math.abs(delta) / (pool.dailyLiquidity[at] as number)),
  );

  const distanceToBreach = both(deviation, (each) => ratio(slack, each));
  const distanceToDepletion = both(deviation, (each) => ratio(netValue, each));
  const breachProbability = both(distanceToBreach, (away) => touches(away, horizonDays));
  const depletionProbability = both(distanceToDepletion, (away) => touches(away, horizonDays + daysToLiquidate / 3));

  const riskShares = contributions.map((part) => (sigma === 0 ? 0 : part / sigma));
  const sizes = riskShares.map((share) => Math.abs(share));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const largest = riskShares.indexOf(Math.max(...riskShares));
  const facts = {
    deviation,
    distanceToDepletion,
    distanceToBreach,
    depletionProbability,
    breachProbability,
    riskShares,
    effectiveBets: total === 0 ? 0 : 1 / sizes.reduce((sum, size) => sum + (size / total) ** 2, 0),
    largestContributor:
      sigma === 0 ? null : { underlying: underlyings[largest] as string, share: riskShares[largest] as number },
    daysToLiquidate,
    openInterestShare: Math.max(0, ...pool.openInterestShare),
  };
  return {
    score: 50 * (mean(breachProbability) + mean(depletionProbability)),
    ...facts,
    drivers: driversOf(pool, facts),
  };
}

/** √ΣΣ rᵢrⱼρᵢⱼ with rᵢ = δᵢσᵢ and each ρ at the end of its range that makes it largest. */
function stressedDeviation(
  deltas: readonly number[],
  { stressedVolatilities, stressedCorrelation: { low, high } }: MarketRisk,
): number {
  const risks = deltas.map((delta, at) => delta * (stressedVolatilities[at] as number));
  let variance = 0;
  risks.forEach((risk, row) => {
    risks.forEach((other, column) => {
      variance += risk * other * entry(risk * other > 0 ? high : low, row, column);
    });
  });
  return Math.sqrt(Math.max(0, variance));
}

/** How many deviations an amount is away; infinitely many without a deviation. Nothing, with nothing at risk, is safe. */
function ratio(amount: number, deviation: number): number {
  if (deviation > 0) return amount / deviation;
  return amount < 0 ? -Infinity : Infinity;
}

function touches(away: number, days: number): number {
  return away <= 0 ? 1 : 2 * cumulativeNormal(-away / Math.sqrt(days));
}

const both = (of: CalmAndStressed, map: (each: number) => number): CalmAndStressed => ({
  calm: map(of.calm),
  stressed: map(of.stressed),
});
const mean = ({ calm, stressed }: CalmAndStressed): number => (calm + stressed) / 2;

/** From where on something is worth a sentence. */
const TELL = { probability: 0.005, riskShare: 0.5, days: 1, openInterestShare: 0.1 } as const;

function driversOf(pool: PoolExposure, facts: Omit<RiskScore, "score" | "drivers">): readonly string[] {
  const { breachProbability, daysToLiquidate, depletionProbability, largestContributor, openInterestShare } = facts;
  const isWorthTelling = Math.max(breachProbability.stressed, depletionProbability.stressed) >= TELL.probability;
  if (!isWorthTelling) return [];
  const deviations = (distance: number) => `${distance.toFixed(1)} stressed standard deviations of a day`;
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  const words: string[] = [];
  if (depletionProbability.calm === 1) words.push("no value is left");
  else if (depletionProbability.stressed >= TELL.probability) {
    words.push(`net value is ${deviations(facts.distanceToDepletion.stressed)}`);
  }
  if (pool.slack < 0) words.push("below maintenance margin");
  else if (breachProbability.stressed >= TELL.probability) {
    words.push(`maintenance margin is ${deviations(facts.distanceToBreach.stressed)} away`);
  }
  if (largestContributor !== null && largestContributor.share >= TELL.riskShare) {
    words.push(`${largestContributor.underlying} carries ${percent(largestContributor.share)} of the risk`);
  }
  if (daysToLiquidate >= TELL.days) words.push(`${daysToLiquidate.toFixed(1)} days to close at the stated liquidity`);
  if (openInterestShare >= TELL.openInterestShare) words.push(`${percent(openInterestShare)} of an open interest`);
  return words;
}

function checkPool(pool: PoolExposure, market: MarketRisk, horizonDays: number): void {
  const size = pool.underlyings.length;
  const { correlation, stressedCorrelation, stressedVolatilities, volatilities } = market;
  const lists = {
    deltas: pool.deltas,
    dailyLiquidity: pool.dailyLiquidity,
    openInterestShare: pool.openInterestShare,
    volatilities,
    stressedVolatilities,
  };
  for (const [series, list] of Object.entries(lists)) {
    if (list.length !== size) throw new NoEstimate("SERIES_UNEQUAL", { series, expected: size, found: list.length });
    checkSeries(list, 0, series);
  }
  for (const [series, matrix] of Object.entries({ correlation, ...stressedCorrelation })) {
    if (matrix.size !== size) {
      throw new NoEstimate("SERIES_UNEQUAL", { series, expected: size, found: matrix.size });
    }
  }
  checkSeries([pool.slack, pool.netValue, horizonDays], 3, "slack, netValue, horizonDays");
  checkParameter("slack", pool.slack, -Number.MAX_VALUE, pool.netValue);
  checkParameter("horizonDays", horizonDays, Number.MIN_VALUE, Number.MAX_VALUE);
  pool.dailyLiquidity.forEach((found) => checkParameter("dailyLiquidity", found, Number.MIN_VALUE, Number.MAX_VALUE));
  pool.openInterestShare.forEach((found) => checkParameter("openInterestShare", found, 0, 1));
  volatilities.forEach((volatility, row) => {
    checkParameter("volatility", volatility, 0, Number.MAX_VALUE);
    checkParameter("stressedVolatility", stressedVolatilities[row] as number, volatility, Number.MAX_VALUE);
    volatilities.forEach((_, column) => {
      const [low, high] = [entry(stressedCorrelation.low, row, column), entry(stressedCorrelation.high, row, column)];
      checkParameter("stressedCorrelation", low, -1, high);
      checkParameter("stressedCorrelation", high, low, 1);
      checkParameter("correlation", entry(correlation, row, column), low, high);
    });
  });
}
