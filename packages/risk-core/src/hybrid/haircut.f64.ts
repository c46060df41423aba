import { checkParameter } from "../estimate/checked-series.f64.js";

/*
 * What collateral may lose before it is sold. Two things can go wrong, and they go wrong together: the asset that a
 * token stands for falls, and the token slips from it. Day by day the two look unrelated (correlation near zero); the
 * discounts appear in falls. So the parts are multiplied out in full and never diversified.
 *
 * Quantiles cannot see a depeg: a day before USDC traded at 0.88 its one-day quantile said 0.13 %. The peg part is a
 * floor set by the worst of the class, not an estimate.
 */

/** Peg part of one class of collateral, as a share of value: for initial margin (a day) and maintenance (eight hours). */
export interface PegPart {
  readonly initial: number;
  readonly maintenance: number;
}

/** Classes of collateral by what it may slip from. */
export type PegClass = "STABLECOIN" | "STAKED_ETHER" | "WRAPPED_BITCOIN" | "RESTS_ON_VENUE" | "NONE";

/**
 * Peg parts by class. A token that is the asset itself has none; one whose value rests on the venue, its affiliates or an
 * algorithm has no peg at all, and all of it is taken off.
 *
 * @method HYBRID-23 HYBRID-24
 */
export const PEG_PARTS: Readonly<Record<PegClass, PegPart>> = {
  STABLECOIN: { initial: 0.125, maintenance: 0.04 },
  STAKED_ETHER: { initial: 0.08, maintenance: 0.05 },
  WRAPPED_BITCOIN: { initial: 0.06, maintenance: 0.03 },
  RESTS_ON_VENUE: { initial: 1, maintenance: 1 },
  NONE: { initial: 0, maintenance: 0 },
};

/**
 * The share of value that collateral is not counted for: 1 − (1 − base)·(1 − peg).
 *
 * @param base  long rate of the underlying at the horizon, zero for money; zero too when the underlying is a risk of the
 *   book and enters its views as a long leg
 * @param peg   floor of the slip
 *
 * @throws NoEstimate for parts outside 0 … 1.
 * @method HYBRID-22 HYBRID-23
 */
export function haircutOf(base: number, peg: number): number {
  checkParameter("base", base, 0, 1);
  checkParameter("peg", peg, 0, 1);
  return base + peg - base * peg;
}
