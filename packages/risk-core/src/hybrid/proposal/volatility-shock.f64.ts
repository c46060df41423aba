import { checkParameter } from "../../estimate/checked-series.f64.js";
import { sortedSample } from "../../estimate/quantile.f64.js";
import { NoEstimate } from "../../estimate/no-estimate.js";
import { shockedVolatility } from "../volatility-shock.f64.js";
import { type Proposal, proposalOf } from "./proposal.f64.js";

/** One expiry's at-the-money volatility from one day to the next. */
export interface VolatilityChange {
  /** Days since 1970. */
  readonly day: number;
  readonly daysToExpiry: number;
  /** Volatility after ÷ before, less one. */
  readonly relativeChange: number;
  /** Log move of the underlying over the same day, and its log rate. */
  readonly logMove: number;
  readonly logRate: number;
}

/** A bucket of days to expiry, the end not included. */
export interface ExpiryBucket {
  readonly fromDays: number;
  readonly toDays: number;
}

/** A flat shock of one bucket, beside the shock that grows with the move. */
export interface VolatilityShock extends ExpiryBucket {
  /** Relative rise and fall, both as positive shares. */
  readonly up: number;
  readonly down: number;
  /** Changes outside the shock of HYBRID-20, given the move that came: up, down. */
  readonly beyondTiedToMove: { readonly up: number; readonly down: number };
}

/** Changes that a quantile has to be made of. */
const CHANGES_MIN = 100;

/**
 * The flat volatility shock of one bucket: the quantile of the rises and of the falls that were seen. The backtest sets
 * each change, after the first hundred, against the shocks from the changes before it, by its larger side; changes of one
 * day know only earlier days.
 *
 * @param changes  in order of days
 *
 * @throws NoEstimate for a hundred changes or fewer in the bucket, days that go back, values out of range.
 * @method ESTIMATE-21 HYBRID-20
 */
export function proposeVolatilityShock(
  underlying: string,
  changes: readonly VolatilityChange[],
  bucket: ExpiryBucket,
  promised: number,
): Proposal<"VOLATILITY_SHOCK", VolatilityShock> {
  checkParameter("promised", promised, Number.EPSILON, 1 - Number.EPSILON);
  const inside = changes.filter(({ daysToExpiry }) => daysToExpiry >= bucket.fromDays && daysToExpiry < bucket.toDays);
  const series = { days: [] as number[], happened: [] as number[], covered: [] as number[], margins: [] as number[] };
  const [rises, falls] = [sortedSample(), sortedSample()];
  let day = Number.NEGATIVE_INFINITY;
  for (let from = 0; from < inside.length; ) {
    const next = (inside[from] as VolatilityChange).day;
    if (next <= day) throw new NoEstimate("PARAMETER_OUT_OF_RANGE", { parameter: "day", least: day, found: next });
    day = next;
    let to = from;
    while (inside[to]?.day === day) to += 1;
    const today = inside.slice(from, to);
    if (rises.count() >= CHANGES_MIN) {
      const up = Math.max(Number.EPSILON, rises.quantile(1 - promised));
      const down = Math.max(Number.EPSILON, falls.quantile(1 - promised));
      // One figure a day: the change that came nearest to its side of the shock, in units of that side.
      const worst = Math.max(...today.map(({ relativeChange: change }) => (change > 0 ? change / up : -change / down)));
      series.days.push(day);
      series.happened.push(worst);
      series.covered.push(1);
      series.margins.push((up + down) / 2);
    }
    for (const { relativeChange } of today) {
      rises.add(Math.max(0, relativeChange));
      falls.add(Math.max(0, -relativeChange));
    }
    from = to;
  }
  if (series.days.length === 0) {
    throw new NoEstimate("SERIES_TOO_SHORT", { series: "changes", needed: CHANGES_MIN + 1, found: inside.length });
  }
  const value: VolatilityShock = {
    ...bucket,
    up: rises.quantile(1 - promised),
    down: falls.quantile(1 - promised),
    beyondTiedToMove: beyondTiedToMove(inside),
  };
  const subject = `${underlying} ${bucket.fromDays}-${bucket.toDays} days`;
  return proposalOf("VOLATILITY_SHOCK", subject, value, series, promised);
}

function beyondTiedToMove(changes: readonly VolatilityChange[]): { up: number; down: number } {
  const beyond = { up: 0, down: 0 };
  for (const { daysToExpiry, relativeChange, logMove, logRate } of changes) {
    const { up, down } = shockedVolatility(1, daysToExpiry, logMove, logRate);
    if (relativeChange > up - 1) beyond.up += 1;
    if (relativeChange < down - 1) beyond.down += 1;
  }
  return beyond;
}
