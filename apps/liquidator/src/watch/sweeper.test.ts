import { describe, expect, test } from "@jest/globals";
import { accountId } from "@ballast/model";
import type { DueWork } from "@ballast/store";
import { PATIENCE_MS, type Sweep, Sweeper, THOROUGH_MS } from "./sweeper.js";

const alice = accountId("alice");
const bob = accountId("bob");

const QUIET: DueWork = { newestEngine: 1, paused: [], scan: null, lookAgain: [], waterfall: null };

/** A sweep that writes down what it was asked to do; `due` is what the database says, over and over. */
function recording(due: DueWork | Error): Sweep & { readonly done: string[]; at: number } {
  const done: string[] = [];
  return {
    done,
    at: 0,
    engineVersion: 1,
    now() {
      return this.at;
    },
    dueWork: async () => {
      if (due instanceof Error) throw due;
      return due;
    },
    scan: async (sequence) => void done.push(`scan ${sequence}`),
    wake: (accounts) => done.push(`wake ${accounts.join(" ")}`),
    lookAgain: async (account) => void done.push(`look at ${account}`),
    waterfall: async (sequence) => done.push(`waterfall ${sequence}`) > 0,
    outdated: (newest) => done.push(`outdated by ${newest}`),
    faulted: (cause) => done.push(`fault ${(cause as Error).message}`),
  };
}

describe("STORE-8 CASE-1: the sweeper", () => {
  //  what the database says is due                  due                                     what is done
  test.each<[string, DueWork, string[]]>([
    ["nothing", QUIET, []],
    ["a new snapshot", { ...QUIET, scan: 7 }, ["scan 7"]],
    ["two accounts", { ...QUIET, lookAgain: [alice, bob] }, ["wake alice bob"]],
    ["a quiet snapshot", { ...QUIET, waterfall: 7 }, ["waterfall 7"]],
    ["a newer snapshot while an older one waits", { ...QUIET, scan: 8, waterfall: 7 }, ["scan 8"]],
    ["anything, to a newer engine", { ...QUIET, newestEngine: 2, scan: 7, lookAgain: [alice] }, ["outdated by 2"]],
  ])("does what is due: %s", async (_, due, done) => {
    const sweep = recording(due);
    await new Sweeper(sweep).sweep();
    expect(sweep.done).toEqual(done);
  });

  test("looks itself when the queue has not done it in time", async () => {
    const sweep = recording({ ...QUIET, lookAgain: [alice] });
    const sweeper = new Sweeper(sweep);
    await sweeper.sweep();
    sweep.at = PATIENCE_MS;
    await sweeper.sweep();
    expect(sweep.done).toEqual(["wake alice", "wake alice"]);
    sweep.at = PATIENCE_MS + 1;
    await sweeper.sweep();
    expect(sweep.done.at(-1)).toBe("look at alice");
  });

  test("repeats a wish only after a while, and makes every wish anew at new prices", async () => {
    const due = { ...QUIET, lookAgain: [alice], scan: null as number | null };
    const sweep = recording(due);
    const sweeper = new Sweeper(sweep);
    for (sweep.at = 0; sweep.at < PATIENCE_MS / 2; sweep.at += PATIENCE_MS / 20) await sweeper.sweep();
    expect(sweep.done).toEqual(["wake alice", "wake alice"]);
    due.scan = 8;
    await sweeper.sweep();
    due.scan = null;
    await sweeper.sweep();
    expect(sweep.done.slice(2)).toEqual(["scan 8", "wake alice"]);
  });

  test("asks thoroughly at once and every few seconds, and quickly in between", async () => {
    const asked: string[] = [];
    const sweep = recording(QUIET);
    sweep.dueWork = async (question) => {
      asked.push(question);
      return QUIET;
    };
    const sweeper = new Sweeper(sweep);
    for (sweep.at = 0; sweep.at <= THOROUGH_MS; sweep.at += THOROUGH_MS / 2) await sweeper.sweep();
    expect(asked).toEqual(["THOROUGH", "QUICK", "THOROUGH"]);
  });

  test("survives a database that is away, and says so", async () => {
    const sweep = recording(new Error("connection refused"));
    expect(await new Sweeper(sweep).sweep()).toBe(false);
    expect(sweep.done).toEqual(["fault connection refused"]);
  });
});
