import { createHash } from "node:crypto";
import { expect, test } from "@jest/globals";
import { playCommandLine } from "./command-line.js";
import { printEvents } from "./shrink.js";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const play = (line: string) => playCommandLine(line.split(" "), sha256);

test("a clean seed prints its report and leaves with 0; two seeds print two", () => {
  const { output, code } = play("--seed 3 --events 60 --seeds 2");
  expect(code).toBe(0);
  expect(output).toContain("seed 3, 60 events: no violation");
  expect(output).toContain("seed 4, 60 events: no violation");
  expect(play("--seed 3 --events 60 --seeds=2").output).toBe(output);
});

test("a broken invariant leaves with 1 and names seed, event, facts and a shorter way to see it again", () => {
  const { output, code } = play("--seed 1 --events 300 --plant liquidation-flips");
  expect(code).toBe(1);
  expect(output).toContain("VIOLATION");
  expect(output).toMatch(/broken {8}SIM-5 a liquidation never grows or turns a position/);
  expect(output).toMatch(/where {9}seed 1, event \d+ \(work\)/);
  const again = /npm run -s sim -- (.*)/.exec(output)?.[1] as string;
  expect(again).toMatch(/--seed 1 --events \d+ --only [\d,-]+ --plant liquidation-flips/);
  const replayed = play(again);
  expect(replayed.code).toBe(1);
  expect(replayed.output).toContain("SIM-5 a liquidation never grows or turns a position");
});

//  the command line           what is said
test.each([
  ["--speed 9", "unknown option --speed"],
  ["--seed", "--seed: expected a value; found nothing"],
  ["--seed -1", "--seed: expected a whole number from 0 to 999999999; found -1"],
  ["--events 1e3", "--events: expected a whole number from 0 to 1000000; found 1e3"],
  ["--only 1-x", "--only: expected numbers such as 3-5,17; found 1-x"],
  ["--plant gremlin", "--plant: expected one of the names below; found gremlin"],
] as const)("refused with 2 and the usage: %s", (line, said) => {
  const { output, code } = play(line);
  expect(code).toBe(2);
  expect(output).toContain(said);
  expect(output).toContain("--events M");
});

test("--help says what can be asked, and which rules can be bent", () => {
  expect(play("--help")).toMatchObject({ code: 0, output: expect.stringContaining("withdraw-unrealised") });
});

//  events                        as text
test.each([
  [[3, 4, 5, 17], "3-5,17"],
  [[9, 1, 2], "1-2,9"],
  [[7], "7"],
  [[], ""],
] as const)("events %j are printed as %s", (events, text) => {
  expect(printEvents(events)).toBe(text);
});
