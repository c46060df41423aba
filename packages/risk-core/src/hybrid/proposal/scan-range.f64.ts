import type { MarginSeries } from "../../estimate/margin-score.f64.js";
import { horizonLogRate, longRate, shortRate } from "../rate.f64.js";
import type { AssetRate } from "../rate-stream.f64.js";
import { type Proposal, proposalOf } from "./proposal.f64.js";

/** How far a scan should reach, as positive shares of the price. */
export interface ScanRange {
  readonly horizonHours: number;
  readonly down: number;
  readonly up: number;
  /** Judged days on which this range, had it never changed, would have been too narrow: what a rigid scan costs. */
  readonly exceptionsIfFixed: number;
}

/**
 * The scan range of an asset: today's published rate over the horizon. Its backtest is that of the rate over a day.
 *
 * @param rate    today's rate of the asset
 * @param judged  its rates and moves day by day, as `rateJudge` collects them
 *
 * @throws NoEstimate when no day was judged, or for hours outside 1 … 120.
 * @method ESTIMATE-21 HYBRID-9
 */
export function proposeScanRange(
  rate: AssetRate,
  judged: MarginSeries,
  horizonHours: number,
  promised: number,
): Proposal<"SCAN_RANGE", ScanRange> {
  const logRate = horizonLogRate(rate.limitedLogRate, horizonHours);
  const value: ScanRange = {
    horizonHours,
    down: longRate(logRate),
    up: shortRate(logRate),
    exceptionsIfFixed: judged.happened.filter((move) => move > rate.limitedLogRate).length,
  };
  return proposalOf("SCAN_RANGE", rate.asset, value, judged, promised, rate.isBorrowed ? ["BORROWED"] : []);
}
