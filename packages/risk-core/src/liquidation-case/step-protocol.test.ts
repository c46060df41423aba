import { describe, expect, test } from "@jest/globals";
import {
  type DeadlinePhase,
  deadlinePhase,
  endsOrder,
  nextMove,
  type OrderKnowledge,
  type StepMove,
  type VenuePromises,
} from "./step-protocol.js";

const FAITHFUL: VenuePromises = { refusesRepeatedIds: true, honoursDeadlines: true };
const NO_IDS: VenuePromises = { refusesRepeatedIds: false, honoursDeadlines: true };
const NO_DEADLINES: VenuePromises = { refusesRepeatedIds: true, honoursDeadlines: false };

describe("CASE-5: the next move about an order", () => {
  //  what is known                     venue         knowledge      deadline  may send  move
  test.each<[string, VenuePromises, OrderKnowledge, DeadlinePhase, boolean, StepMove]>([
    ["written down, not sent", FAITHFUL, "NEW", "OPEN", true, "SEND"],
    ["written down, paused before it was sent", FAITHFUL, "NEW", "OPEN", false, "QUERY"],
    ["written down, slept past the deadline", FAITHFUL, "NEW", "PASSED", true, "QUERY"],
    ["lost on the way, in time", FAITHFUL, "UNKNOWN", "OPEN", true, "SEND"],
    ["lost on the way, paused", FAITHFUL, "UNKNOWN", "OPEN", false, "WAIT"],
    ["unknown, clocks may differ", FAITHFUL, "UNKNOWN", "PASSED", true, "WAIT"],
    ["unknown, and over on every clock", FAITHFUL, "UNKNOWN", "OVER", true, "BOOK_NOTHING"],
    ["unknown at a venue that takes an id twice", NO_IDS, "UNKNOWN", "OPEN", true, "WAIT"],
    ["the same, over", NO_IDS, "UNKNOWN", "OVER", true, "BOOK_NOTHING"],
    ["unknown at a venue that takes late orders", NO_DEADLINES, "UNKNOWN", "OVER", true, "ASK_A_PERSON"],
    ["the venue does not answer", FAITHFUL, "UNREACHABLE", "OVER", true, "WAIT"],
    ["it rests, partly filled", FAITHFUL, "LIVE", "OPEN", true, "BOOK_SO_FAR"],
    ["it rests although it is late", FAITHFUL, "LIVE", "OVER", true, "BOOK_SO_FAR"],
    ["a cancel was acknowledged, fills are missing", FAITHFUL, "ENDING", "OVER", true, "BOOK_SO_FAR"],
    ["it ended, all fills are here", FAITHFUL, "ENDED", "OPEN", true, "BOOK_ALL"],
    ["it ended while we were paused", FAITHFUL, "ENDED", "OPEN", false, "BOOK_ALL"],
  ])("%s", (_, venue, knowledge, deadline, maySend, move) => {
    expect(nextMove(knowledge, deadline, venue, maySend)).toBe(move);
  });

  test("only what cannot fill any more ends an order", () => {
    const moves: StepMove[] = ["SEND", "QUERY", "BOOK_SO_FAR", "BOOK_ALL", "BOOK_NOTHING", "WAIT", "ASK_A_PERSON"];
    expect(moves.filter(endsOrder)).toEqual(["BOOK_ALL", "BOOK_NOTHING"]);
  });

  //  now     deadline  skew   phase
  test.each([
    [999, 1000, 500, "OPEN"],
    [1000, 1000, 500, "PASSED"],
    [1499, 1000, 500, "PASSED"],
    [1500, 1000, 500, "OVER"],
  ] as const)("at %i of %i, clocks %i ms apart: %s", (now, deadline, skew, phase) => {
    expect(deadlinePhase(now, deadline, skew)).toBe(phase);
  });
});
