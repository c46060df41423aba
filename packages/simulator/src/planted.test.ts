import { expect, test } from "@jest/globals";
import { PLANTED_BUGS, plantedRules } from "./planted.js";
import { run } from "./run.js";

const SEEDS_MAX = 30;
const EVENTS = 400;

/** The first seed on which the bug breaks an invariant, and which. */
function firstSeen(name: string): { readonly seed: number; readonly invariant: string } | null {
  for (let seed = 1; seed <= SEEDS_MAX; seed += 1) {
    const { violation } = run({ seed: String(seed), events: EVENTS, rules: plantedRules(name) });
    if (violation !== null) return { seed, invariant: violation.invariant };
  }
  return null;
}

test.each(PLANTED_BUGS.map(({ name, bends, seenBy }) => [name, bends, seenBy] as const))(
  "planted: %s (%s) is seen within 30 seeds",
  (name, _, seenBy) => {
    expect(firstSeen(name)?.invariant.split(" ")[0]).toBe(seenBy);
  },
);

test("a name that is not in the list is refused", () => {
  expect(() => plantedRules("no such bug")).toThrow("expected the name of a planted bug");
});
