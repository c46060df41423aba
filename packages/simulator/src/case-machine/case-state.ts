import type { DeadlinePhase, OrderKnowledge } from "@ballast/risk-core";

/*
 * Everything that one liquidation case, its workers and its venue can be in, as plain values: what PostgreSQL holds, what the
 * venue holds, what is on its way between them, and what each worker has in its head. Quantities are lots, fills are of
 * one lot each and are reported in their order, so "which fills are booked" is how many.
 */

/** One client order id. NEVER: the venue has not taken it. ENDING: a cancel was acknowledged, a fill may still come. */
export interface ModelOrder {
  readonly step: number;
  readonly quantity: number;
  readonly status: "NEVER" | "LIVE" | "ENDING" | "ENDED";
  readonly filled: number;
  readonly booked: number;
  /** Requests on their way to the venue. */
  readonly underWay: number;
  readonly deadline: DeadlinePhase;
}

/** What a worker is doing. READ and SENT_FIRST exist only where a fault was planted. */
export type Doing = "IDLE" | "READ" | "SENT_FIRST" | "FRESH" | "CLAIMED" | "KNOWS";

export interface ModelWorker {
  readonly doing: Doing;
  /** Index of the order it works on. */
  readonly order: number;
  /** Is the fence it holds still the step's? */
  readonly holds: boolean;
  /** Where the deadline stood when it took the step over. */
  readonly deadline: DeadlinePhase;
  readonly knowledge: OrderKnowledge;
  /** Fills in the report it has; or, where planted, the position it has read. */
  readonly seen: number;
}

export interface CaseState {
  /** Lots that the ledger says are left. */
  readonly position: number;
  /** Lots that have been booked, each time counted. */
  readonly applied: number;
  readonly closed: boolean;
  /** Number of the newest step; 0 before the first. */
  readonly step: number;
  /** Is it intended and not done? */
  readonly open: boolean;
  readonly orders: readonly ModelOrder[];
  readonly workers: readonly ModelWorker[];
  /** Crashes, and other faults, that may still happen. */
  readonly crashes: number;
  readonly faults: number;
}

export const IDLE: ModelWorker = {
  doing: "IDLE",
  order: 0,
  holds: false,
  deadline: "OPEN",
  knowledge: "NEW",
  seen: 0,
};

/** How much may happen in an exploration. */
export interface Bounds {
  readonly lots: number;
  readonly workers: number;
  readonly crashes: number;
  readonly faults: number;
  readonly steps: number;
}

export function firstState({ lots, workers, crashes, faults }: Bounds): CaseState {
  return {
    position: lots,
    applied: 0,
    closed: false,
    step: 0,
    open: false,
    orders: [],
    workers: Array.from({ length: workers }, () => IDLE),
    crashes,
    faults,
  };
}

const DOING: readonly Doing[] = ["IDLE", "READ", "SENT_FIRST", "FRESH", "CLAIMED", "KNOWS"];
const STATUS: readonly ModelOrder["status"][] = ["NEVER", "LIVE", "ENDING", "ENDED"];
const DEADLINE: readonly DeadlinePhase[] = ["OPEN", "PASSED", "OVER"];
const KNOWLEDGE: readonly OrderKnowledge[] = ["NEW", "UNKNOWN", "UNREACHABLE", "LIVE", "ENDING", "ENDED"];

/** A state as text; the same for states that differ only in which worker is which, since workers are alike. */
export function keyOf(state: CaseState): string {
  const { position, applied, closed, step, open, crashes, faults } = state;
  const flags = (closed ? 1 : 0) + (open ? 2 : 0);
  const orders = state.orders.map((order) =>
    digits([
      order.step,
      order.quantity,
      STATUS.indexOf(order.status),
      order.filled,
      order.booked,
      order.underWay,
      DEADLINE.indexOf(order.deadline),
    ]),
  );
  const workers = state.workers.map(workerKey).sort();
  return [digits([position, applied, flags, step, crashes, faults]), ...orders, "/", ...workers].join("");
}

function workerKey({ doing, order, holds, deadline, knowledge, seen }: ModelWorker): string {
  if (doing === "IDLE") return "-";
  const parts = [DOING.indexOf(doing), order, holds ? 1 : 0, DEADLINE.indexOf(deadline)];
  return digits([...parts, KNOWLEDGE.indexOf(knowledge), seen]);
}

const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";

/** Every figure is below 36 within the bounds that can be explored. */
function digits(figures: readonly number[]): string {
  let text = "";
  for (const figure of figures) text += DIGITS[figure];
  return text;
}
