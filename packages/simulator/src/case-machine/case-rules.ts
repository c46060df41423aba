import {
  type DeadlinePhase,
  nextMove,
  type OrderKnowledge,
  type StepMove,
  type VenuePromises,
} from "@ballast/risk-core";

/*
 * The rules that an exploration plays by: the protocol's own, with at most one of them planted wrong. Each plant is a
 * mistake that somebody could make in good faith, and what the table of the test says of it is what the rule is for.
 */

/** A rule that was left out or bent. */
export type Plant =
  | "NO_FENCE"
  | "NEW_ID_PER_RETRY"
  | "UNKNOWN_IS_NEVER"
  | "SEND_BEFORE_INTENT"
  | "NO_FILL_KEY"
  | "CANCEL_IS_THE_END"
  | "PLAN_FROM_A_STALE_POSITION"
  | "PLAN_BESIDE_AN_OPEN_STEP"
  | "CLOCK_READ_AFTER_THE_ANSWER"
  | "CLOCKS_NEVER_DIFFER"
  | "LIVE_IS_THE_END";

export interface CaseMachineRules {
  readonly plant: Plant | null;
  /** What the venue does. */
  readonly venue: VenuePromises;
  /** What the protocol believes that the venue does. */
  readonly believed: VenuePromises;
  /** Tells states apart by what can no longer change anything; only to see that leaving it out hides nothing. */
  readonly keepEchoes?: boolean;
}

export const FAITHFUL: VenuePromises = { refusesRepeatedIds: true, honoursDeadlines: true };
export const THE_PROTOCOL: CaseMachineRules = { plant: null, venue: FAITHFUL, believed: FAITHFUL };

/** The next move: the worker's own function, unless a plant bends it. */
export function moveUnder(rules: CaseMachineRules, knowledge: OrderKnowledge, deadline: DeadlinePhase): StepMove {
  const { plant } = rules;
  if (plant === "UNKNOWN_IS_NEVER" && knowledge === "UNKNOWN") return "BOOK_NOTHING";
  if (plant === "CANCEL_IS_THE_END" && knowledge === "ENDING") return "BOOK_ALL";
  if (plant === "LIVE_IS_THE_END" && knowledge === "LIVE") return "BOOK_ALL";
  if (plant === "CLOCKS_NEVER_DIFFER" && knowledge === "UNKNOWN" && deadline === "PASSED") return "BOOK_NOTHING";
  return nextMove(knowledge, deadline, rules.believed, true);
}
