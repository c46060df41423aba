import { endsOrder } from "@ballast/risk-core";
import { type CaseMachineRules, moveUnder } from "./case-rules.js";
import { type Bounds, type CaseState, IDLE, type ModelOrder, type ModelWorker } from "./case-state.js";

/*
 * Everything that can happen next. A database transaction is one move, because it holds the row lock; a call to the venue is
 * at least two, because it can be lost or late. Any idle worker may look at the case at any time: that is what lost,
 * repeated and late jobs, the sweeper and restarts together come to.
 */

/** Something that can happen, in words, and what is then. */
export interface CaseMove {
  readonly what: string;
  readonly next: CaseState;
}

/** Requests of one order on their way at once: a venue that takes an id once cannot tell two from one. */
const underWayMax = ({ venue }: CaseMachineRules): number => (venue.refusesRepeatedIds ? 1 : 2);

/** Everything that can happen next. */
export function movesFrom(state: CaseState, rules: CaseMachineRules, bounds: Bounds): readonly CaseMove[] {
  const moves: CaseMove[] = [];
  const add = (what: string, next: CaseState | null): void => {
    if (next !== null) moves.push({ what, next: rules.keepEchoes === true ? next : withoutEchoes(next, rules) });
  };
  for (const [index, order] of state.orders.entries()) addVenueMoves(state, index, order, rules, add);
  for (const [index, worker] of state.workers.entries()) {
    // Idle workers are alike: one of them is enough.
    const first = state.workers.findIndex(({ doing }) => doing === "IDLE");
    if (worker.doing === "IDLE" && index !== first) continue;
    addWorkerMoves(state, index, worker, rules, bounds, add);
    if (worker.doing !== "IDLE" && state.crashes > 0) {
      add(`worker ${index} dies`, { ...withWorker(state, index, IDLE), crashes: state.crashes - 1 });
    }
  }
  return moves;
}

/**
 * The state without what can no longer change anything, so that states which differ in nothing else are one: requests that
 * the venue will refuse, the deadline of an order that has ended, and a worker who has lost the step and has nothing to
 * send any more.
 */
function withoutEchoes(state: CaseState, { venue, plant }: CaseMachineRules): CaseState {
  const orders = state.orders.map((order): ModelOrder => {
    const refused =
      (venue.refusesRepeatedIds && order.status !== "NEVER") || (venue.honoursDeadlines && order.deadline === "OVER");
    const underWay = refused ? 0 : order.underWay;
    const deadline = order.status === "ENDED" ? "OVER" : order.deadline;
    return underWay === order.underWay && deadline === order.deadline ? order : { ...order, underWay, deadline };
  });
  if (plant !== null || !venue.refusesRepeatedIds || !venue.honoursDeadlines) return { ...state, orders };
  const workers = state.workers.map((worker) => {
    const { status, deadline } = orders[worker.order] ?? newOrder(0, 0);
    const isIdle = worker.doing === "IDLE" || worker.holds;
    return !isIdle && (status !== "NEVER" || deadline === "OVER") ? IDLE : worker;
  });
  return { ...state, orders, workers };
}

type Add = (what: string, next: CaseState | null) => void;

// The venue and the way to it ------------------------------------------------------------------------------------------

function addVenueMoves(state: CaseState, index: number, order: ModelOrder, rules: CaseMachineRules, add: Add): void {
  const name = `order ${index}`;
  const change = (changed: Partial<ModelOrder>): CaseState => withOrder(state, index, { ...order, ...changed });
  if (order.underWay > 0) {
    add(`${name} arrives`, arrive(state, index, order, rules));
    if (state.faults > 0) {
      add(`${name} is lost on its way`, { ...change({ underWay: order.underWay - 1 }), faults: state.faults - 1 });
    }
  }
  const canFill = order.status === "LIVE" || order.status === "ENDING";
  if (canFill && order.filled < order.quantity) add(`${name} fills a lot`, change({ filled: order.filled + 1 }));
  if (order.status === "LIVE" && order.filled === order.quantity) add(`${name} is filled`, change({ status: "ENDED" }));
  if (order.status === "LIVE" && state.faults > 0) {
    add(`${name} is being cancelled`, { ...change({ status: "ENDING" }), faults: state.faults - 1 });
  }
  if (order.status === "ENDING") add(`${name} has ended`, change({ status: "ENDED" }));
  const expires = order.status === "LIVE" && order.deadline !== "OPEN" && rules.venue.honoursDeadlines;
  if (expires) add(`${name} expires`, change({ status: "ENDED" }));
  if (order.deadline === "OPEN") add(`the deadline of ${name} passes`, change({ deadline: "PASSED" }));
  if (order.deadline === "PASSED") add(`the deadline of ${name} is over`, change({ deadline: "OVER" }));
}

/** A venue's clock may be behind ours: what is PASSED here may still be accepted there, what is OVER may not. */
function arrive(state: CaseState, index: number, order: ModelOrder, { venue }: CaseMachineRules): CaseState {
  const received = { ...order, underWay: order.underWay - 1 };
  const inTime = order.deadline !== "OVER" || !venue.honoursDeadlines;
  if (order.status === "NEVER" && inTime) return withOrder(state, index, { ...received, status: "LIVE" });
  // A second order under the same id: refused, or, by a venue that does not look, traded on top of the first.
  if (order.status !== "NEVER" && inTime && !venue.refusesRepeatedIds && order.quantity < 4) {
    const doubled = { ...received, status: "LIVE" as const, quantity: order.quantity + stepQuantity(state, order) };
    return withOrder(state, index, doubled);
  }
  return withOrder(state, index, received);
}

function stepQuantity(state: CaseState, order: ModelOrder): number {
  return state.orders.find(({ step }) => step === order.step)?.quantity ?? order.quantity;
}

// Workers --------------------------------------------------------------------------------------------------------------

function addWorkerMoves(
  state: CaseState,
  index: number,
  worker: ModelWorker,
  rules: CaseMachineRules,
  bounds: Bounds,
  add: Add,
): void {
  const name = `worker ${index}`;
  switch (worker.doing) {
    case "IDLE":
      return addIdleMoves(state, index, rules, bounds, add);
    case "READ":
      return add(`${name} plans from what it has read`, plan(state, index, worker.seen, rules, bounds));
    case "SENT_FIRST":
      return add(`${name} writes the intent after sending`, writeIntent(state, index, worker.order));
    case "FRESH":
    case "KNOWS":
      return obey(state, index, worker, rules, add);
    case "CLAIMED":
      return add(`${name} asks the venue`, ask(state, index, worker, rules));
  }
}

function addIdleMoves(state: CaseState, index: number, rules: CaseMachineRules, bounds: Bounds, add: Add): void {
  if (state.closed) return;
  const name = `worker ${index}`;
  if (state.open) add(`${name} takes the step over`, claim(state, index));
  const mayPlan = !state.open || rules.plant === "PLAN_BESIDE_AN_OPEN_STEP";
  if (!mayPlan) return;
  // Nothing is left, or the price has come back, or what is left is taken over.
  if (!state.open) add(`${name} closes the case`, { ...state, closed: true });
  if (state.position === 0 || state.step === bounds.steps) return;
  if (rules.plant === "PLAN_FROM_A_STALE_POSITION") {
    add(`${name} reads the position`, withWorker(state, index, { ...IDLE, doing: "READ", seen: state.position }));
  } else if (rules.plant === "SEND_BEFORE_INTENT") {
    add(`${name} sends before it writes`, sendFirst(state, index));
  } else {
    add(`${name} writes the intent`, plan(state, index, state.position, rules, bounds));
  }
}

/** The transaction of an intent: the next step and its order, in this worker's hands. Refused beside an open step. */
function plan(
  state: CaseState,
  index: number,
  quantity: number,
  { plant }: CaseMachineRules,
  { steps }: Bounds,
): CaseState | null {
  const refused = state.closed || (state.open && plant !== "PLAN_BESIDE_AN_OPEN_STEP") || state.step === steps;
  if (refused) return withWorker(state, index, IDLE);
  const step = state.step + 1;
  const orders = [...state.orders, newOrder(step, quantity)];
  const written = { ...state, step, open: true, orders, workers: nobodyHolds(state.workers) };
  return withWorker(written, index, { ...IDLE, doing: "FRESH", order: orders.length - 1, holds: true });
}

function newOrder(step: number, quantity: number): ModelOrder {
  return { step, quantity, status: "NEVER", filled: 0, booked: 0, underWay: 0, deadline: "OPEN" };
}

/** Planted: the order goes out, under the id of a step that nobody has written down. */
function sendFirst(state: CaseState, index: number): CaseState {
  const step = state.step + 1;
  const known = state.orders.findIndex((order) => order.step === step);
  const orders = known >= 0 ? state.orders : [...state.orders, newOrder(step, state.position)];
  const order = known >= 0 ? known : orders.length - 1;
  return withWorker(sent({ ...state, orders }, order, 1), index, { ...IDLE, doing: "SENT_FIRST", order });
}

function writeIntent(state: CaseState, index: number, order: number): CaseState {
  const step = state.orders[order]?.step ?? 0;
  if (state.closed || state.open || step !== state.step + 1) return withWorker(state, index, IDLE);
  const written = { ...state, step, open: true, workers: nobodyHolds(state.workers) };
  return withWorker(written, index, { ...IDLE, doing: "CLAIMED", order, holds: true });
}

/** The transaction of a takeover: this worker holds the step now, and nobody else does. */
function claim(state: CaseState, index: number): CaseState {
  const order = lastIndexOfStep(state, state.step);
  const deadline = state.orders[order]?.deadline ?? "OPEN";
  const others = { ...state, workers: nobodyHolds(state.workers) };
  return withWorker(others, index, { ...IDLE, doing: "CLAIMED", order, holds: true, deadline });
}

/** The venue's answer: what it knows at this moment. It is acted on later, when more may have happened. */
function ask(state: CaseState, index: number, worker: ModelWorker, { plant }: CaseMachineRules): CaseState {
  const order = orderAt(state, worker.order);
  const knowledge = order.status === "NEVER" ? "UNKNOWN" : order.status;
  const deadline = plant === "CLOCK_READ_AFTER_THE_ANSWER" ? "OPEN" : worker.deadline;
  return withWorker(state, index, { ...worker, doing: "KNOWS", knowledge, deadline, seen: order.filled });
}

function obey(state: CaseState, index: number, worker: ModelWorker, rules: CaseMachineRules, add: Add): void {
  const name = `worker ${index}`;
  const order = orderAt(state, worker.order);
  const knowledge = worker.doing === "FRESH" ? "NEW" : worker.knowledge;
  const deadline = rules.plant === "CLOCK_READ_AFTER_THE_ANSWER" ? order.deadline : worker.deadline;
  const move = moveUnder(rules, knowledge, deadline);
  switch (move) {
    case "QUERY":
      return add(`${name} is to ask`, withWorker(state, index, { ...worker, doing: "CLAIMED" }));
    case "WAIT":
    case "ASK_A_PERSON":
      return add(`${name} lets go`, withWorker(state, index, IDLE));
    case "SEND": {
      const sending = send(state, index, worker, rules);
      add(`${name} sends`, sending);
      return add(`${name} sends, and hears nothing`, withWorker(sending, index, IDLE));
    }
    case "BOOK_SO_FAR":
    case "BOOK_ALL":
    case "BOOK_NOTHING": {
      const seen = move === "BOOK_NOTHING" ? 0 : worker.seen;
      return add(`${name} books ${seen}${endsOrder(move) ? ", and the step is done" : ""}`, {
        ...withWorker(book(state, worker, seen, endsOrder(move), rules), index, IDLE),
      });
    }
  }
}

function send(state: CaseState, index: number, worker: ModelWorker, rules: CaseMachineRules): CaseState {
  const most = underWayMax(rules);
  if (rules.plant === "NEW_ID_PER_RETRY" && worker.doing === "KNOWS") {
    const before = orderAt(state, worker.order);
    const orders = [...state.orders, newOrder(before.step, before.quantity)];
    const order = orders.length - 1;
    return withWorker(sent({ ...state, orders }, order, most), index, { ...worker, doing: "CLAIMED", order });
  }
  return withWorker(sent(state, worker.order, most), index, { ...worker, doing: "CLAIMED" });
}

function sent(state: CaseState, index: number, most: number): CaseState {
  const order = orderAt(state, index);
  return withOrder(state, index, { ...order, underWay: Math.min(order.underWay + 1, most) });
}

/** The transaction of a booking: new fills only, under the fence, into a step that is open; else rolled back. */
function book(
  state: CaseState,
  worker: ModelWorker,
  seen: number,
  final: boolean,
  { plant }: CaseMachineRules,
): CaseState {
  const order = orderAt(state, worker.order);
  const isOpen = state.open && order.step === state.step;
  if (!isOpen || (!worker.holds && plant !== "NO_FENCE")) return state;
  const fresh = plant === "NO_FILL_KEY" ? seen : Math.max(0, seen - order.booked);
  const booked = withOrder(state, worker.order, { ...order, booked: Math.max(order.booked, seen) });
  return {
    ...booked,
    position: Math.max(0, state.position - fresh),
    applied: state.applied + fresh,
    open: !final,
  };
}

// Copies ---------------------------------------------------------------------------------------------------------------

function orderAt(state: CaseState, index: number): ModelOrder {
  return state.orders[index] ?? newOrder(0, 0);
}

function lastIndexOfStep(state: CaseState, step: number): number {
  return state.orders.findLastIndex((order) => order.step === step);
}

function nobodyHolds(workers: readonly ModelWorker[]): readonly ModelWorker[] {
  return workers.map((worker) => (worker.holds ? { ...worker, holds: false } : worker));
}

function withWorker(state: CaseState, index: number, worker: ModelWorker): CaseState {
  return { ...state, workers: state.workers.map((one, place) => (place === index ? worker : one)) };
}

function withOrder(state: CaseState, index: number, order: ModelOrder): CaseState {
  return { ...state, orders: state.orders.map((one, place) => (place === index ? order : one)) };
}
