import { describe, expect, test } from "@jest/globals";
import { accountId } from "@ballast/model";
import { Looks } from "./looks.js";

const alice = accountId("alice");
const bob = accountId("bob");

/** Looks that end when the test says so. */
function recording() {
  const begun: string[] = [];
  const ending = new Map<string, { end: () => void; fail: (cause: Error) => void }>();
  const looks = new Looks((account) => {
    begun.push(account);
    return new Promise((end, fail) => ending.set(account, { end, fail }));
  });
  return { looks, begun, ending };
}

describe("CASE-1: the looks of one process", () => {
  test("are one an account at a time, and a new one when that has ended", async () => {
    const { looks, begun, ending } = recording();
    const both = [looks.at(alice), looks.at(alice), looks.at(bob)];
    expect(begun).toEqual(["alice", "bob"]);
    ending.get("alice")?.end();
    ending.get("bob")?.end();
    await Promise.all(both);
    void looks.at(alice);
    expect(begun).toEqual(["alice", "bob", "alice"]);
  });

  test("of a scan's breaches answer when they have ended, and tell a failure without failing", async () => {
    const { looks, ending } = recording();
    const told: string[] = [];
    const begun = looks.begin([alice, bob], (cause) => told.push((cause as Error).message));
    ending.get("alice")?.fail(new Error("the venue is away"));
    ending.get("bob")?.end();
    await begun;
    await looks.end();
    expect(told).toEqual(["the venue is away"]);
  });
});
