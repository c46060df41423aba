import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { main } from "../main.js";

const folder = mkdtempSync(path.join(tmpdir(), "ballast-replay-"));
const file = path.join(folder, "hourly.csv");
beforeAll(() => writeFileSync(file, candles()));
afterAll(() => rmSync(folder, { recursive: true }));

/** Four days of five coins; on the third, in one hour, all of them fall by a fifth and half of it comes back. */
function candles(): string {
  const lines = ["event,asset,ts,open,high,low,close,volume"];
  for (const [asset, opening] of Object.entries({ BTC: 30_000, ETH: 1_900, SOL: 25, XRP: 0.6, ADA: 0.3 })) {
    let price = opening;
    for (let hour = -48; hour < 48; hour++) {
      const [low, close] = hour === 20 ? [price * 0.8, price * 0.9] : [price * 0.999, price];
      lines.push(`2099-crash,${asset},${1_700_006_400 + hour * 3600},${price},${price * 1.0005},${low},${close},1`);
      price = close;
    }
  }
  return lines.join("\n");
}

async function ballast(...args: readonly string[]) {
  const written = { stdout: "", stderr: "" };
  const into = (stream: keyof typeof written) => ({ write: (text: string) => (written[stream] += text) });
  const code = await main(["replay", ...args], { stdout: into("stdout"), stderr: into("stderr") });
  return { code, ...written };
}

const FEW = ["--event", "2099", "--hourly", file, "--accounts", "30", "--seed", "1"];

describe("replay", () => {
  test("prints every policy side by side at each depth, and says how ours stands", async () => {
    const { code, stdout } = await ballast(...FEW);
    expect(code).toBe(0);
    for (const text of ["low depth", "middle depth", "high depth", "close at once", "20 % slices", "leg by leg"]) {
      expect(stdout).toContain(text);
    }
    expect(stdout.match(/ours is (best|within a tenth of the best|NOT within)/g)).toHaveLength(3);
  });

  test("of several events, counts the rows in which ours holds and names every other one", async () => {
    const { stdout } = await ballast(...FEW, "--event", "2099-crash", "--depth", "low");
    const [held, rows] = /within a tenth of the best in (\d+) of (\d+)/.exec(stdout)!.slice(1).map(Number);
    expect(stdout).toContain("2 events, sum of total losses");
    expect(rows).toBe(2);
    expect(stdout.match(/NOT within a tenth: /g) ?? []).toHaveLength(rows! - held!);
    expect(stdout.match(/ours is NOT within a tenth/g) ?? []).toHaveLength(rows! - held!);
  });

  test("prints one document, with the mean and every seed", async () => {
    const { code, stdout } = await ballast(...FEW, "--seed", "2", "--depth", "low", "--json");
    const document = JSON.parse(stdout) as {
      readonly events: readonly {
        readonly means: readonly { readonly verdict: { readonly holds: boolean } }[];
        readonly replays: readonly { readonly seed: number; readonly policies: readonly unknown[] }[];
      }[];
    };
    const [event] = document.events;
    expect(code).toBe(0);
    expect(event?.replays.map(({ seed, policies }) => [seed, policies.length])).toEqual([
      [1, 4],
      [2, 4],
    ]);
    expect(typeof event?.means[0]?.verdict.holds).toBe("boolean");
  });

  //  what is wrong                 arguments
  test.each([
    ["no file", ["--event", "2099"]],
    ["a file that is not there", ["--event", "2099", "--hourly", path.join(folder, "none.csv")]],
    ["an event that is not in it", ["--event", "1999", "--hourly", file]],
    ["a depth that has no name", [...FEW, "--depth", "deep"]],
    ["a seed that is no number", ["--event", "2099", "--hourly", file, "--seed", "x"]],
  ])("refuses %s", async (_, args) => {
    expect((await ballast(...args)).code).toBe(2);
  });
});
