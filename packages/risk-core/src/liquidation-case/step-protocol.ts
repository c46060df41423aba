/*
 * What to do next about an order that was written down before it was sent.
 *
 * A venue call can be lost on its way there, on its way back, or arrive late, and whoever made it can die at any moment.
 * So the next move is never remembered, it is a function of what the record and the venue say now; anybody may make it,
 * twice. Three properties carry the proof: the client order id is a function of (case, step, leg) and never changes; a
 * venue takes an id once; and an order that arrives after its own deadline is refused, so that "unknown" becomes "never"
 * when the deadline is over by more than the clocks may differ.
 *
 * The same function is walked by the exhaustive exploration of the case machine (simulator) and by the worker.
 */

/** What a venue promises. Without the first nothing is ever sent again, without the second an unknown order stays unknown. */
export interface VenuePromises {
  /** The same client order id is accepted once; a second order under it is refused. */
  readonly refusesRepeatedIds: boolean;
  /** An order that arrives after its deadline is refused, and one that rests is ended at it. */
  readonly honoursDeadlines: boolean;
}

/**
 * What is known of an order. NEW: written down by us just now, never sent. UNKNOWN: the venue does not know the id.
 * UNREACHABLE: it did not answer. LIVE: it may still fill. ENDED: it cannot, and every fill is in the report. ENDING: it
 * cannot, but the fills that were reported do not add up to what was filled yet.
 */
export type OrderKnowledge = "NEW" | "UNKNOWN" | "UNREACHABLE" | "LIVE" | "ENDING" | "ENDED";

/** OPEN: the venue may accept the order. PASSED: it may not, but clocks differ. OVER: no clock says that it may. */
export type DeadlinePhase = "OPEN" | "PASSED" | "OVER";

/**
 * SEND: place it (again) under its id and deadline. QUERY: ask the venue. BOOK_SO_FAR: book the fills, the step stays open.
 * BOOK_ALL: book the fills, the order has ended. BOOK_NOTHING: it never arrived and never will. WAIT: look again later.
 * ASK_A_PERSON: nothing that we may do can find out.
 */
export type StepMove = "SEND" | "QUERY" | "BOOK_SO_FAR" | "BOOK_ALL" | "BOOK_NOTHING" | "WAIT" | "ASK_A_PERSON";

/**
 * The next move for one order. `maySend` is false while a person has stopped the stage: what has happened is still booked.
 *
 * @method CASE-5
 */
export function nextMove(
  knowledge: OrderKnowledge,
  deadline: DeadlinePhase,
  venue: VenuePromises,
  maySend: boolean,
): StepMove {
  switch (knowledge) {
    case "NEW":
      return deadline === "OPEN" && maySend ? "SEND" : "QUERY";
    case "UNREACHABLE":
      return "WAIT";
    case "LIVE":
    case "ENDING":
      return "BOOK_SO_FAR";
    case "ENDED":
      return "BOOK_ALL";
    case "UNKNOWN":
      return moveForUnknown(deadline, venue, maySend);
  }
}

function moveForUnknown(deadline: DeadlinePhase, venue: VenuePromises, maySend: boolean): StepMove {
  if (deadline === "OPEN") return venue.refusesRepeatedIds && maySend ? "SEND" : "WAIT";
  if (deadline === "PASSED") return "WAIT";
  return venue.honoursDeadlines ? "BOOK_NOTHING" : "ASK_A_PERSON";
}

/**
 * Where a moment stands relative to a deadline; `skewMs` is by how much our clock and the venue's may differ.
 *
 * @method CASE-5
 */
export function deadlinePhase(now: number, deadline: number, skewMs: number): DeadlinePhase {
  if (now < deadline) return "OPEN";
  return now < deadline + skewMs ? "PASSED" : "OVER";
}

/** Is there nothing more to come of an order after this move? */
export function endsOrder(move: StepMove): boolean {
  return move === "BOOK_ALL" || move === "BOOK_NOTHING";
}
