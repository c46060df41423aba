import type { EarlyStage, MarginSummary, UtcMillis } from "@ballast/model";
import { type Ratio, ratio } from "@ballast/money";

/*
 * The stages of a failing account, as data: when each is entered, when it is left again, and how long it may last.
 *
 * A stage is entered below one threshold and left at a higher one, so that an account that hovers at a threshold is not
 * told twice a minute that it is in danger and out of it. Deadlines are in the market's time, the time of snapshots: a
 * worker that sleeps does not shorten them, and a replay has the same ones. The last three stages are layers of one
 * takeover, not states that an account waits in, so they have no thresholds; they are listed because each of them can be
 * paused and each is the answer to "what comes next".
 */

/** What an account or its case is in, from the mildest to the last. */
export type Stage = EarlyStage | "REDUCE" | "TAKEOVER" | "INSURANCE_FUND" | "ADL" | "SOCIALISED_LOSS";

/** When a stage is entered and left, in multiples of a requirement, and how long it may last. */
export interface StageRule {
  readonly stage: Stage;
  /** The requirement that equity is measured against; null for a layer of the takeover. */
  readonly against: "INITIAL" | "MAINTENANCE" | null;
  /** Entered when equity is below this multiple. */
  readonly enterBelow: Ratio | null;
  /** Left when equity is at or above this multiple; not below `enterBelow`. */
  readonly leaveAt: Ratio | null;
  /** Milliseconds of market time after which the next stage is entered whatever equity is; null for no limit. */
  readonly limitMs: number | null;
  /** What happens in it, for people. */
  readonly does: string;
}

const MINUTE = 60_000;

/**
 * The stages that a new house starts with. `leaveAt` of a reduction is below every sensible restore target, so that an
 * account that has been restored is let go, and above 1, so that one that has merely crossed back stays watched.
 *
 * @method CASE-2
 */
export const STANDARD_STAGES: readonly StageRule[] = [
  rule("WARNING", "INITIAL", "1.2", "1.25", null, "The holder is told that initial margin is near."),
  rule("MARGIN_CALL", "INITIAL", "1", "1.05", null, "The holder is asked for collateral; nothing may be opened."),
  rule("CANCEL_ORDERS", "MAINTENANCE", "1.1", "1.15", null, "The exchange is told to cancel orders that raise risk."),
  rule("REDUCE", "MAINTENANCE", "1", "1.02", 30 * MINUTE, "Positions are reduced in the market, step by step."),
  rule("TAKEOVER", "MAINTENANCE", "0.25", "1.02", null, "What is left passes to the insurance fund."),
  rule("INSURANCE_FUND", null, null, null, null, "The fund pays what the account cannot."),
  rule("ADL", null, null, null, null, "Winners of the other side are closed against what is left."),
  rule("SOCIALISED_LOSS", null, null, null, null, "The rest is shared by the holders of the other side."),
];

function rule(
  stage: Stage,
  against: StageRule["against"],
  enterBelow: string | null,
  leaveAt: string | null,
  limitMs: number | null,
  does: string,
): StageRule {
  const multiple = (text: string | null): Ratio | null => (text === null ? null : ratio(text));
  return { stage, against, enterBelow: multiple(enterBelow), leaveAt: multiple(leaveAt), limitMs, does };
}

const EARLY: readonly string[] = ["WARNING", "MARGIN_CALL", "CANCEL_ORDERS"] satisfies readonly EarlyStage[];

/**
 * The early stage of an account with these figures that was in `before`; null when it is in none. The gravest stage whose
 * threshold is crossed; a stage it is in already, it leaves only at the higher threshold. An account that needs no margin
 * is in none.
 *
 * @method CASE-2
 */
export function earlyStage(
  summary: MarginSummary,
  before: EarlyStage | null,
  stages: readonly StageRule[] = STANDARD_STAGES,
): EarlyStage | null {
  let found: EarlyStage | null = null;
  const graveness = (stage: EarlyStage | null): number => (stage === null ? -1 : EARLY.indexOf(stage));
  for (const rule of stages) {
    if (!isEarly(rule.stage)) continue;
    const threshold = graveness(before) >= graveness(rule.stage) ? rule.leaveAt : rule.enterBelow;
    if (threshold !== null && isBelow(summary, rule, threshold)) found = rule.stage;
  }
  return found;
}

function isEarly(stage: Stage): stage is EarlyStage {
  return EARLY.includes(stage);
}

/** What a case in REDUCE is to do at a snapshot. */
export type ReduceVerdict = "RESTORED" | "WATCH" | "REDUCE" | "TAKE_OVER";

/**
 * Whether an open case goes on. RESTORED: equity has reached the threshold at which a reduction is left. WATCH: it is
 * above maintenance margin and below that threshold: nothing is sold, the case stays open. TAKE_OVER: the limit of the
 * stage has passed with equity still below maintenance margin. REDUCE: the next step is due.
 *
 * @method CASE-2
 */
export function reduceVerdict(
  summary: MarginSummary,
  since: UtcMillis,
  now: UtcMillis,
  stages: readonly StageRule[] = STANDARD_STAGES,
): ReduceVerdict {
  const rule = stages.find(({ stage }) => stage === "REDUCE");
  const { equity, maintenanceMargin } = summary;
  const inDebt = summary.netValue.lt(0);
  if (!inDebt && equity.gte(maintenanceMargin)) {
    const leaveAt = rule?.leaveAt ?? null;
    return leaveAt === null || !isBelow(summary, { against: "MAINTENANCE" }, leaveAt) ? "RESTORED" : "WATCH";
  }
  const limit = rule?.limitMs ?? null;
  return limit !== null && now - since > limit ? "TAKE_OVER" : "REDUCE";
}

/** Compared by multiplying, so that a requirement of zero needs no case of its own: nothing above debt is below it. */
function isBelow(summary: MarginSummary, { against }: Pick<StageRule, "against">, multiple: Ratio): boolean {
  const requirement = against === "INITIAL" ? summary.initialMargin : summary.maintenanceMargin;
  return summary.equity.lt(requirement.mul(multiple));
}
