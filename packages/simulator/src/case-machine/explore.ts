import { movesFrom } from "./case-moves.js";
import type { CaseMachineRules } from "./case-rules.js";
import { type Bounds, type CaseState, firstState, keyOf } from "./case-state.js";

/*
 * Every state that the case machine can reach, breadth first, so that the first violation found is one of the shortest. Then
 * backwards from the good ends: a state from which none can be reached is one that cannot finish.
 */

/** What an exploration found. */
export interface Exploration {
  readonly states: number;
  readonly transitions: number;
  readonly violation: Violation | null;
  /** States from which no good end can be reached; not counted when there is a violation. */
  readonly cannotFinish: number;
}

/** A rule that does not hold in a state, and the shortest way there. */
export interface Violation {
  readonly rule: string;
  readonly way: readonly string[];
}

/**
 * Explores all that can happen within the bounds, up to the first violation. Cost: one visit a state; memory for all of them.
 *
 * @method CASE-10
 */
export function exploreCaseMachine(rules: CaseMachineRules, bounds: Bounds): Exploration {
  const states: CaseState[] = [firstState(bounds)];
  const known = new Map<string, number>([[keyOf(states[0] as CaseState), 0]]);
  const cameFrom: { readonly state: number; readonly what: string }[] = [{ state: -1, what: "" }];
  const edges: number[] = [];
  for (let at = 0; at < states.length; at += 1) {
    const state = states[at] as CaseState;
    const rule = brokenRule(state, bounds);
    if (rule !== null) {
      return {
        states: states.length,
        transitions: edges.length / 2,
        violation: { rule, way: wayTo(at, cameFrom) },
        cannotFinish: 0,
      };
    }
    for (const { what, next } of movesFrom(state, rules, bounds)) {
      const key = keyOf(next);
      let index = known.get(key);
      if (index === undefined) {
        index = states.length;
        known.set(key, index);
        states.push(next);
        cameFrom.push({ state: at, what });
      }
      if (index !== at) edges.push(at, index);
    }
  }
  const cannotFinish = states.length - canFinish(states, edges);
  return { states: states.length, transitions: edges.length / 2, violation: null, cannotFinish };
}

/** What must hold in every state; null when all of it does. */
function brokenRule(state: CaseState, { lots }: Bounds): string | null {
  const filled = state.orders.reduce((sum, order) => sum + order.filled, 0);
  if (filled > lots) return "the venue sold more than the position";
  if (state.applied > filled) return "a fill was booked twice";
  const isDone = (step: number): boolean => step < state.step || (step === state.step && !state.open);
  if (state.orders.some((order) => isDone(order.step) && order.booked < order.filled)) {
    return "a step is done with fills that are not booked";
  }
  if (state.closed && state.applied < filled) return "a case is closed with fills that are not booked";
  return null;
}

/** Closed, and nothing can trade any more. */
function isGoodEnd({ closed, orders, applied }: CaseState): boolean {
  const filled = orders.reduce((sum, order) => sum + order.filled, 0);
  return closed && applied === filled && orders.every(({ status, underWay }) => underWay === 0 && isAtRest(status));
}

function isAtRest(status: CaseState["orders"][number]["status"]): boolean {
  return status === "NEVER" || status === "ENDED";
}

function wayTo(at: number, cameFrom: readonly { readonly state: number; readonly what: string }[]): readonly string[] {
  const way: string[] = [];
  for (let step = cameFrom[at]; step !== undefined && step.state >= 0; step = cameFrom[step.state])
    way.unshift(step.what);
  return way;
}

/** How many states can reach a good end: a walk over the edges turned round. `edges` are pairs (from, to). */
function canFinish(states: readonly CaseState[], edges: readonly number[]): number {
  const [starts, sources] = turnedRound(states.length, edges);
  const reached = new Uint8Array(states.length);
  const waiting: number[] = [];
  const reach = (state: number): void => {
    if (reached[state] === 1) return;
    reached[state] = 1;
    waiting.push(state);
  };
  for (const [index, state] of states.entries()) if (isGoodEnd(state)) reach(index);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const end = starts[next + 1] as number;
    for (let place = starts[next] as number; place < end; place += 1) reach(sources[place] as number);
  }
  return reached.reduce((sum, one) => sum + one, 0);
}

/** For each state the states before it, one after the other in `sources`, from `starts[state]` on. */
function turnedRound(count: number, edges: readonly number[]): readonly [starts: Uint32Array, sources: Uint32Array] {
  const starts = new Uint32Array(count + 1);
  for (let edge = 1; edge < edges.length; edge += 2) starts[(edges[edge] as number) + 1]! += 1;
  for (let state = 0; state < count; state += 1) starts[state + 1]! += starts[state] as number;
  const sources = new Uint32Array(edges.length / 2);
  const filled = starts.slice(0, count);
  for (let edge = 0; edge < edges.length; edge += 2) {
    const to = edges[edge + 1] as number;
    sources[filled[to] as number] = edges[edge] as number;
    filled[to]! += 1;
  }
  return [starts, sources];
}
