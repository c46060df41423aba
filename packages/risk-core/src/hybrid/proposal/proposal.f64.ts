import { type MarginScore, type MarginSeries, scoreMargins } from "../../estimate/margin-score.f64.js";
import { NoEstimate } from "../../estimate/no-estimate.js";

/*
 * A parameter proposal: a value that history suggests, and beside it how the same rule would have done on that history,
 * each day from the days before it only: how often it was not enough, and how much it swung. It is a value and no more.
 * Nothing here can make it live: parameters are published by people, two of them, who read both columns.
 */

/** What a proposal was estimated from; days since 1970. */
export interface EstimatedFrom {
  readonly from: number;
  readonly to: number;
  readonly observations: number;
}

/** Why a proposal should be read twice. */
export type ProposalWarning =
  /** More exceptions than promised, by Kupiec's test at 5 %. */
  | "TOO_MANY_EXCEPTIONS"
  /** More than two exceptions in some 250 days. */
  | "EXCEPTIONS_CLUSTER"
  /** The rule would have more than doubled within 30 days. */
  | "SWINGS"
  /** Fewer than 500 judged days: the backtest says little. */
  | "SHORT_HISTORY"
  /** A part of the value is borrowed from other assets. */
  | "BORROWED";

/** A proposed value with the backtest of the rule that made it. */
export interface Proposal<Kind extends string, Value> {
  readonly kind: Kind;
  /** What it is for: an asset, a bucket of expiries, a class of collateral. */
  readonly subject: string;
  readonly value: Value;
  readonly estimatedFrom: EstimatedFrom;
  readonly backtest: MarginScore;
  readonly warnings: readonly ProposalWarning[];
}

const JUDGED_DAYS_MIN = 500;
const CLUSTER_ABOVE = 2;
const SWING_ABOVE = 2;

/**
 * Puts a value and the judged series of its rule together.
 *
 * @throws NoEstimate when no day could be judged.
 * @method ESTIMATE-21
 */
export function proposalOf<Kind extends string, Value>(
  kind: Kind,
  subject: string,
  value: Value,
  series: MarginSeries,
  promised: number,
  more: readonly ProposalWarning[] = [],
): Proposal<Kind, Value> {
  const { days } = series;
  const [from, to] = [days[0], days.at(-1)];
  if (from === undefined || to === undefined) {
    throw new NoEstimate("SERIES_TOO_SHORT", { series: subject, needed: 1, found: 0 });
  }
  const backtest = scoreMargins(series, promised);
  return {
    kind,
    subject,
    value,
    estimatedFrom: { from, to, observations: days.length },
    backtest,
    warnings: [...warningsOf(backtest), ...more],
  };
}

function warningsOf({ test, worstWindow, peakToTrough }: MarginScore): ProposalWarning[] {
  return [
    ...(test.verdict === "TOO_MANY" ? (["TOO_MANY_EXCEPTIONS"] as const) : []),
    ...(worstWindow > CLUSTER_ABOVE ? (["EXCEPTIONS_CLUSTER"] as const) : []),
    ...(peakToTrough > SWING_ABOVE ? (["SWINGS"] as const) : []),
    ...(test.days < JUDGED_DAYS_MIN ? (["SHORT_HISTORY"] as const) : []),
  ];
}
