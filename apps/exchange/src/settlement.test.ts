import { expect, test } from "@jest/globals";
import type { Client } from "@ballast/api-contract";
import { NotSettled, waitUntilSettled } from "./settlement.js";

const PATIENCE_MS = 60;

/** A house that settles at the n-th question and meanwhile makes a decision each time it is looked at, or none. */
function house(settlesAt: number, moves: boolean): Client {
  let asked = 0;
  let decisions = 0;
  const nothing = async () => ({ data: [] });
  const client = {
    marks: async () => ({ status: ++asked >= settlesAt ? "SETTLED" : "SCANNED" }),
    summary: async () => ({ decisions: moves ? ++decisions : 0, postings: 0, cases: {} }),
    liquidations: nothing,
    ready: async () => ({ checks: [] }),
  };
  return client as unknown as Client;
}

test("a house that is slow is waited for as long as anything moves", async () => {
  await expect(waitUntilSettled(house(20, true), 7, PATIENCE_MS)).resolves.toEqual({ status: "SETTLED" });
});

test("a house in which nothing moves is given up, and what is open is said", async () => {
  const waiting = waitUntilSettled(house(Number.POSITIVE_INFINITY, false), 7, PATIENCE_MS);
  await expect(waiting).rejects.toThrow(NotSettled);
  await expect(waiting).rejects.toThrow("snapshot 7 is still SCANNED");
});
