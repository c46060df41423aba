import { describe, expect, test } from "@jest/globals";
import type { VenuePromises } from "@ballast/risk-core";
import { type CaseMachineRules, FAITHFUL, type Plant, THE_PROTOCOL } from "./case-rules.js";
import type { Bounds } from "./case-state.js";
import { exploreCaseMachine } from "./explore.js";

const SMALL: Bounds = { lots: 1, workers: 2, crashes: 1, faults: 2, steps: 2 };
const ONE_STEP: Bounds = { ...SMALL, steps: 1 };
const TWO_LOTS: Bounds = { ...SMALL, lots: 2 };

describe("CASE-10: whatever happens, nothing trades or is booked twice, and every case can end", () => {
  test.each<[string, Bounds]>([
    ["one lot, one worker who never dies", { lots: 1, workers: 1, crashes: 0, faults: 0, steps: 1 }],
    ["two lots, two workers, two crashes, two faults", { ...TWO_LOTS, crashes: 2 }],
    ["two lots, three workers, one crash, two faults", { ...TWO_LOTS, workers: 3 }],
    ["one lot, two workers, one crash, three faults, three steps", { ...SMALL, faults: 3, steps: 3 }],
  ])("%s", (_, bounds) => {
    const found = exploreCaseMachine(THE_PROTOCOL, bounds);
    expect(found).toMatchObject({ violation: null, cannotFinish: 0 });
    expect(found.states).toBeGreaterThan(100);
  });

  test("nothing hides in what the exploration leaves out", () => {
    const bounds = { ...ONE_STEP, crashes: 0, faults: 1 };
    const found = exploreCaseMachine({ ...THE_PROTOCOL, keepEchoes: true }, bounds);
    expect(found).toMatchObject({ violation: null, cannotFinish: 0 });
    expect(found.states).toBeGreaterThan(exploreCaseMachine(THE_PROTOCOL, bounds).states);
  });
});

const SOLD_TOO_MUCH = "the venue sold more than the position";
const UNBOOKED = "a step is done with fills that are not booked";
const CLOSED_UNBOOKED = "a case is closed with fills that are not booked";
const TWICE = "a fill was booked twice";

describe("CASE-10: what each rule is for", () => {
  //  the rule that is left out or bent                        what breaks
  test.each<[Plant, string]>([
    ["NEW_ID_PER_RETRY", SOLD_TOO_MUCH],
    ["PLAN_FROM_A_STALE_POSITION", SOLD_TOO_MUCH],
    ["PLAN_BESIDE_AN_OPEN_STEP", UNBOOKED],
    ["UNKNOWN_IS_NEVER", UNBOOKED],
    ["CANCEL_IS_THE_END", UNBOOKED],
    ["LIVE_IS_THE_END", UNBOOKED],
    ["CLOCKS_NEVER_DIFFER", UNBOOKED],
    ["CLOCK_READ_AFTER_THE_ANSWER", UNBOOKED],
    ["NO_FILL_KEY", TWICE],
    ["SEND_BEFORE_INTENT", CLOSED_UNBOOKED],
  ])("%s: %s", (plant, rule) => {
    const { violation } = exploreCaseMachine({ ...THE_PROTOCOL, plant }, { ...TWO_LOTS, crashes: 0, faults: 1 });
    expect(violation?.rule).toBe(rule);
    expect(violation?.way.length).toBeLessThanOrEqual(14);
  });

  test("NO_FENCE breaks nothing: fills are keyed and a done step takes none; the fence guards what has no key", () => {
    const found = exploreCaseMachine({ ...THE_PROTOCOL, plant: "NO_FENCE" }, { ...SMALL, faults: 1 });
    expect(found).toMatchObject({ violation: null, cannotFinish: 0 });
  });
});

describe("CASE-10 CASE-6: what each promise of a venue is for", () => {
  const without = (broken: Partial<VenuePromises>, told: boolean): CaseMachineRules => {
    const venue = { ...FAITHFUL, ...broken };
    return { plant: null, venue, believed: told ? venue : FAITHFUL };
  };

  test("one that takes an id twice sells twice, to whoever believes that it does not", () => {
    const found = exploreCaseMachine(without({ refusesRepeatedIds: false }, false), SMALL);
    expect(found.violation?.rule).toBe(SOLD_TOO_MUCH);
  });

  test("one that takes orders late sells what was given up, to whoever believes that it does not", () => {
    const found = exploreCaseMachine(without({ honoursDeadlines: false }, false), SMALL);
    expect(found.violation?.rule).toBe(UNBOOKED);
  });

  test("told so, the protocol never sends again, and still ends", () => {
    const found = exploreCaseMachine(without({ refusesRepeatedIds: false }, true), ONE_STEP);
    expect(found).toMatchObject({ violation: null, cannotFinish: 0 });
  });

  test("told so, the protocol does nothing wrong, and some cases wait for a person for ever", () => {
    const found = exploreCaseMachine(without({ honoursDeadlines: false }, true), ONE_STEP);
    expect(found.violation).toBeNull();
    expect(found.cannotFinish).toBeGreaterThan(0);
  });
});
