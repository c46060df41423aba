/*
 * When to sell, how much of it, and when to stop being partial.
 *
 * The planner says what to trade; on real crashes that matters less than this. Replays of twelve hours to two days with
 * two thousand accounts, at three depths and several seeds, said four things:
 *
 *   - restoring an account to little more than its requirement is bad in most crashes: it comes back, lower, up to ten
 *     times, and keeps a third of what closing at the first breach would have left it;
 *   - a crash that comes on top of days of storm may go on. There, whatever is kept is lost: close whole positions at once. It is
 *     an insurance: March 2020 pays it out, storms that turned back paid for it;
 *   - a crash out of a calm sky turns back within hours. There, selling everything moves the mark far from other venues,
 *     and the displacement liquidates accounts that nothing else would have: keep the small part that stands a further
 *     fall of some 20 per cent, and never move the mark by more than two per cent in all, however long the queue;
 *   - depth decides more than anything here: at a fortieth of open interest per per cent the displacement limit is worth
 *     ten times what the plan is.
 *
 * So the first question is what sky the crash came out of: daily volatility of the days before, *without the last day*, so that
 * the crash does not answer it. (With only two hours left out, a crash made its own storm, and what had been kept was sold at the
 * low.) The second is how far the mark is displaced already and how much waits.
 *
 * Chosen by measurement, not proved: `docs/adr/0030-policy-by-measurement.md` has the events, those it was chosen on and
 * those it was only tried on, and where it loses. What was tried beside it is kept as `ALTERNATIVE_POLICIES`.
 *
 * These are statistics and settings, so they are float64; nothing that is owed is computed here.
 */

/** What is known of a market when an account is to be liquidated. */
export interface MarketCondition {
  /** Daily volatility over the days before the last one, a share; the house's mean by open interest. */
  readonly dailyVolatility: number;
  /** Relative move a minute against the positions over the last quarter of an hour, ≥ 0. */
  readonly speed: number;
  /** How far liquidations have moved the mark from other venues, a share, ≥ 0. */
  readonly displacement: number;
  /** How much further everything that waits would move it if sold at once, a share, ≥ 0. */
  readonly backlog: number;
}

/** Thresholds and settings of a policy. */
export interface PolicyRules {
  readonly name: string;
  /** Daily volatility from which the sky is stormy: positions are closed whole. 0: always; Infinity: never. */
  readonly stormVolatility: number;
  /** Equity over maintenance margin that a plan restores; in a fast fall; and for option books in a storm. */
  readonly target: number;
  readonly targetFast: number;
  readonly targetStorm: number;
  /** Speed from which a fall is fast. */
  readonly fastSpeed: number;
  /** The mark is not moved further than this in all, a share; Infinity: only the venue's band holds. */
  readonly displacementMax: number;
  /** What may be moved in a step although the mark is displaced as far as it may be. */
  readonly displacementMin: number;
}

export type PolicyReason = "STORM" | "CALM_SKY" | "FAST_FALL" | "BACKLOG_FITS" | "BACKLOG_WAITS";

/** What to do now, and why. */
export interface LiquidationPolicy {
  /** WHOLE: perpetuals and futures are closed whole, option books are planned. RESTORE: everything is planned. */
  readonly manner: "WHOLE" | "RESTORE";
  readonly target: number;
  /** How far this step may move the mark, a share; Infinity: as far as the venue's band. */
  readonly room: number;
  readonly because: readonly PolicyReason[];
}

export const STANDARD_POLICY: PolicyRules = {
  name: "standard",
  stormVolatility: 0.04,
  target: 4,
  targetFast: 6,
  targetStorm: 6,
  fastSpeed: 0.003,
  displacementMax: 0.02,
  displacementMin: 0.001,
};

/** What was tried beside it, each one step away from the standard. */
export const ALTERNATIVE_POLICIES: readonly PolicyRules[] = [
  { ...STANDARD_POLICY, name: "always whole", stormVolatility: 0 },
  { ...STANDARD_POLICY, name: "never whole", stormVolatility: Infinity },
  { ...STANDARD_POLICY, name: "unpaced", displacementMax: Infinity },
  { ...STANDARD_POLICY, name: "3 % of displacement", displacementMax: 0.03 },
  { ...STANDARD_POLICY, name: "target 1.1", target: 1.1, targetFast: 1.1 },
  { ...STANDARD_POLICY, name: "target 2", target: 2, targetFast: 2 },
];

/**
 * What to do in a market, with the reasons in the order in which they were found.
 *
 * @method LIQUIDATION-20
 */
export function choosePolicy(condition: MarketCondition, rules: PolicyRules = STANDARD_POLICY): LiquidationPolicy {
  const { dailyVolatility, speed, displacement, backlog } = condition;
  if (dailyVolatility >= rules.stormVolatility) {
    return { manner: "WHOLE", target: rules.targetStorm, room: Infinity, because: ["STORM"] };
  }
  const isFast = speed >= rules.fastSpeed;
  const room = Math.max(rules.displacementMin, rules.displacementMax - displacement);
  return {
    manner: "RESTORE",
    target: isFast ? rules.targetFast : rules.target,
    room,
    because: [
      "CALM_SKY",
      ...(isFast ? (["FAST_FALL"] as const) : []),
      backlog <= room ? "BACKLOG_FITS" : "BACKLOG_WAITS",
    ],
  };
}

/** Hours that are left out at the end, and hours in which the weight of an hour halves. */
const HOURS_LEFT_OUT = 24;
const HALF_LIFE_HOURS = 24;

/**
 * Daily volatility from hourly returns, oldest first: exponentially weighted, the last day left out. 0 where nothing is left.
 *
 * @method LIQUIDATION-20
 */
export function settledVolatility(hourlyReturns: readonly number[]): number {
  let sum = 0;
  let weights = 0;
  const last = hourlyReturns.length - HOURS_LEFT_OUT;
  for (let hour = 0; hour < last; hour++) {
    const weight = 0.5 ** ((last - 1 - hour) / HALF_LIFE_HOURS);
    sum += weight * hourlyReturns[hour]! ** 2;
    weights += weight;
  }
  return weights === 0 ? 0 : Math.sqrt((24 * sum) / weights);
}
