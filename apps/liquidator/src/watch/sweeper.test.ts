import { describe, expect, test } from "@jest/globals";
import { type AccountId, accountId } from "@ballast/model";
import type { DueWork } from "@ballast/store";
import { PATIENCE, type Sweep, Sweeper } from "./sweeper.js";

const alice = accountId("alice");
const bob = accountId("bob");

/** A sweep that writes down what it was asked to do; `due` is what the database says, over and over. */
function recording(due: DueWork | Error): Sweep & { readonly done: string[] } {
  const done: string[] = [];
  const write = (what: string) => async (about: number | AccountId) => {
    done.push(`${what} ${about}`);
  };
  return {
    done,
    dueWork: async () => {
      if (due instanceof Error) throw due;
      return due;
    },
    scan: write("scan"),
    wake: (accounts) => done.push(`wake ${accounts.join(" and ")}`),
    lookAgain: write("look at"),
    waterfall: write("waterfall"),
    faulted: (cause) => done.push(`fault ${(cause as Error).message}`),
  };
}

describe("STORE-8: the sweeper", () => {
  //  what the database says is due                           what is done
  test.each([
    ["nothing", { scan: null, lookAgain: [], waterfall: null }, []],
    ["a new snapshot", { scan: 7, lookAgain: [], waterfall: null }, ["scan 7"]],
    ["an account", { scan: null, lookAgain: [alice], waterfall: null }, ["wake alice"]],
    ["two accounts", { scan: null, lookAgain: [alice, bob], waterfall: null }, ["wake alice and bob"]],
    ["a quiet snapshot", { scan: null, lookAgain: [], waterfall: 7 }, ["waterfall 7"]],
    ["a newer snapshot while an older one waits", { scan: 8, lookAgain: [], waterfall: 7 }, ["scan 8"]],
  ])("does what is due: %s", async (_, due, done) => {
    const sweep = recording(due);
    await new Sweeper(sweep).sweep();
    expect(sweep.done).toEqual(done);
  });

  test("looks itself when the queue has not done it in time", async () => {
    const sweep = recording({ scan: null, lookAgain: [alice], waterfall: null });
    const sweeper = new Sweeper(sweep);
    for (let round = 0; round < PATIENCE; round += 1) await sweeper.sweep();
    expect(sweep.done).toEqual(Array(PATIENCE).fill("wake alice"));
    await sweeper.sweep();
    expect(sweep.done.at(-1)).toBe("look at alice");
  });

  test("survives a database that is away, and says so", async () => {
    const sweep = recording(new Error("connection refused"));
    expect(await new Sweeper(sweep).sweep()).toBe(false);
    expect(sweep.done).toEqual(["fault connection refused"]);
  });
});
