import { checkColumns } from "../../estimate/checked-series.f64.js";
import type { MarginSeries } from "../../estimate/margin-score.f64.js";
import { haircutOf, type PegPart } from "../haircut.f64.js";
import { horizonLogRate, longRate } from "../rate.f64.js";
import { type Proposal, proposalOf } from "./proposal.f64.js";

/** Proposed haircuts, as shares of value. */
export interface CollateralHaircut {
  readonly initial: number;
  readonly maintenance: number;
}

/** What one kind of collateral went through, day by day. */
export interface CollateralHistory {
  readonly asset: string;
  /** Days since 1970, ascending. */
  readonly days: readonly number[];
  /** Largest loss of each day against the close before it, as a share: 1 − low ÷ previous close. */
  readonly lossesToLow: readonly number[];
  /** Published log rate of the underlying for each day; zeros for money. */
  readonly underlyingLogRates: readonly number[];
}

const MAINTENANCE_HOURS = 8;

/**
 * Haircuts of one kind of collateral for the day after its history: long rate of the underlying, times peg part. The
 * backtest sets each day's initial haircut against the day's low.
 *
 * @param logRateNext  log rate of the underlying for the next day; zero for money
 *
 * @throws NoEstimate for an empty history or columns of different lengths.
 * @method ESTIMATE-21 HYBRID-22
 */
export function proposeHaircut(
  { asset, days, lossesToLow, underlyingLogRates }: CollateralHistory,
  peg: PegPart,
  logRateNext: number,
  promised: number,
): Proposal<"HAIRCUT", CollateralHaircut> {
  checkColumns([days, lossesToLow, underlyingLogRates], 1);
  const initialOf = (logRate: number): number => haircutOf(longRate(logRate), peg.initial);
  const covered = underlyingLogRates.map(initialOf);
  const judged: MarginSeries = { days, happened: lossesToLow, covered, margins: covered };
  const value: CollateralHaircut = {
    initial: initialOf(logRateNext),
    maintenance: haircutOf(longRate(horizonLogRate(logRateNext, MAINTENANCE_HOURS)), peg.maintenance),
  };
  return proposalOf("HAIRCUT", asset, value, judged, promised);
}
