import { createHash } from "node:crypto";
import { expect, test } from "@jest/globals";
import { reportOf, run } from "./run.js";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const report = (seed: string, events: number): string => reportOf(run({ seed, events }), sha256);

test("the house as it is: 20 seeds of 500 events, and nothing breaks", () => {
  const broken = [];
  for (let seed = 1; seed <= 20; seed += 1) {
    const { violation } = run({ seed: String(seed), events: 500 });
    if (violation !== null) broken.push({ seed, ...violation });
  }
  expect(broken).toEqual([]);
});

test("the same seed prints the same bytes, another seed others", () => {
  expect(report("42", 300)).toBe(report("42", 300));
  expect(report("42", 300)).not.toBe(report("43", 300));
});

test("the world is rough enough: over ten seeds every way for a breach to end is met, and workers and queues fail", () => {
  const outcomes = new Set<string>();
  let crashes = 0;
  let replayed = 0;
  let refused = 0;
  for (let seed = 1; seed <= 10; seed += 1) {
    const { tally } = run({ seed: String(seed), events: 500 }).world;
    for (const outcome of tally.outcomes.keys()) outcomes.add(outcome);
    crashes += tally.crashes;
    replayed += tally.replayed;
    refused += tally.rejected;
  }
  expect([...outcomes].sort()).toEqual([
    "BANKRUPT_ADL",
    "BANKRUPT_FUND",
    "BANKRUPT_SOCIALISED",
    "RECOVERED",
    "REDUCED",
    "TAKEN_OVER",
  ]);
  expect(Math.min(crashes, replayed, refused)).toBeGreaterThan(20);
});

test("leaving events out does not change the ones that stay", () => {
  const all = run({ seed: "5", events: 10 });
  const some = run({ seed: "5", events: 10, only: new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) });
  expect(reportOf(some, sha256)).toBe(reportOf(all, sha256));
  expect([...run({ seed: "5", events: 10, only: new Set([2]) }).happened.values()].reduce((sum, n) => sum + n)).toBe(1);
});
