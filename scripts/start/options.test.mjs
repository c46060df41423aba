import { expect, test } from "@jest/globals";
import { BadOption, startOptions } from "./options.mjs";

test("what nobody asked for", () => {
  expect(startOptions([])).toEqual({ exit: false, fresh: false, help: false, job: true, jobArgs: ["--seed", "1"] });
});

test("what is meant for the main job reaches it", () => {
  const { exit, jobArgs } = startOptions(["--seed", "7", "--exit", "--quick", "--hours", "3"]);
  expect(exit).toBe(true);
  expect(jobArgs).toEqual(["--seed", "7", "--quick", "--hours", "3"]);
});

//  what was typed                       what is said
test.each([
  [["--seed", "-1"], /--seed/],
  [["--seed", "1e3"], /--seed: expected a whole number of at most nine digits, found 1e3/],
  [["--sed", "1"], /Unknown option '--sed'/],
  [["now"], /Unexpected argument 'now'/],
])("%j is refused", (args, answer) => {
  expect(() => startOptions(args)).toThrow(BadOption);
  expect(() => startOptions(args)).toThrow(answer);
});
