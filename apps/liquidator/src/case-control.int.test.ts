import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { AccountId, PausableStage } from "@ballast/model";
import { assertLedgerInOrder, type Command } from "@ballast/store";
import { lookAgain } from "./liquidate/look-again.js";
import { keepingTrouble } from "./keeping-trouble.js";
import { liquidatorCommand, type Setting } from "./setting.js";
import { BTC_LINEAR, type House, MAKER, openHouse } from "./testing/house.js";
import { runWaterfall } from "./waterfall/run-waterfall.js";
import type { OrderReport, Venue } from "./venue/venue.js";

let house: House;
let alice: AccountId;
let signatures = 0;

/** Alice is long one bitcoin at 8,000 with 500 dollars; at 7,570 she is short of maintenance margin. */
beforeEach(async () => {
  house = await openHouse();
  await house.bitcoinAt("8000");
  alice = await house.account("alice", "USER", { USDC: "500" });
  await house.trade(alice, MAKER, BTC_LINEAR, "1000", "8000");
});

afterEach(async () => {
  assertLedgerInOrder(await house.store.ledgerCheck());
  await house.close();
});

function by(actor: string): Command {
  signatures += 1;
  return { ...liquidatorCommand("control", `control-${signatures}`, house.openedAt), actor };
}

async function resume(stage: PausableStage): Promise<void> {
  await house.store.resumeStage(by("ann"), stage);
  await house.store.resumeStage(by("bob"), stage);
}

async function contracts(): Promise<string> {
  return (await house.store.account(alice))?.positions.get(BTC_LINEAR)?.quantity.toFixed() ?? "0";
}

describe("CASE-7: a pause", () => {
  test.each<PausableStage>(["REDUCE", "ALL"])(
    "of %s stops reductions, and nothing of it is forgotten",
    async (stage) => {
      await house.bitcoinAt("7570");
      await house.store.pauseStage(by("ann"), stage, "the index is wrong");
      expect(await lookAgain(house.setting, alice)).toEqual({ kind: "NOT_NOW", because: { paused: stage } });
      expect((await house.store.dueWork()).lookAgain).toEqual([]);
      expect(await contracts()).toBe("1000");
      await resume(stage);
      await house.settle();
      expect((await house.store.cases({ account: alice, limit: 1 })).items[0]).toMatchObject({ outcome: "REDUCED" });
    },
  );

  test("stops the sending of what was intended, and not the booking of what has traded", async () => {
    await house.bitcoinAt("7570");
    const pauseAfterwards = venueThat(async (place) => {
      const report = await place();
      await house.store.pauseStage(by("ann"), "ALL", "kill switch");
      return report;
    });
    await lookAgain({ ...house.setting, venue: pauseAfterwards }, alice);
    expect(await contracts()).not.toBe("1000");
    await resume("ALL");
  });

  test("of a layer holds up the takeovers that need it, and no other", async () => {
    await house.store.pauseStage(by("ann"), "INSURANCE_FUND", "the fund is being counted");
    const carol = await house.account("carol", "USER", { USDC: "500" });
    await house.trade(carol, MAKER, BTC_LINEAR, "980", "8000");
    const sequence = await house.bitcoinAt("7495");
    await lookAgain(house.setting, alice);
    await lookAgain(house.setting, carol);
    expect(await runWaterfall(house.setting, sequence)).toBe(false);
    const outcome = async (account: AccountId) => (await house.store.cases({ account, limit: 1 })).items[0]?.outcome;
    expect([await outcome(alice), await outcome(carol)]).toEqual([null, "TAKEN_OVER"]);
    await resume("INSURANCE_FUND");
    await house.settle();
    expect(await outcome(alice)).toBe("BANKRUPT_FUND");
  });
});

describe("CASE-2: before there is a case", () => {
  test("an account is told once when it enters a stage and once when it leaves, and hovering tells nobody", async () => {
    const stages = async () => (await house.store.accountStages()).map(({ account, stage }) => `${account} ${stage}`);
    const told = async () =>
      (await house.store.unpublished(1_000))
        .filter(({ topic }) => topic === "account.stage")
        .map(({ payload }) => payload as { account: string; before: string | null; stage: string | null })
        .map(({ account, before, stage }) => `${account} ${before} > ${stage}`);
    // Initial margin is two hundredths: a little above 1.2 of it, below it, hovering above, and out of it.
    await house.bitcoinAt("7690");
    expect(await stages()).toEqual([]);
    await house.bitcoinAt("7680");
    expect(await stages()).toEqual(["alice WARNING"]);
    await house.bitcoinAt("7686");
    await house.bitcoinAt("7600");
    expect(await stages()).toEqual(["alice MARGIN_CALL"]);
    await house.bitcoinAt("8000");
    expect(await stages()).toEqual([]);
    expect(await told()).toEqual(["alice null > WARNING", "alice WARNING > MARGIN_CALL", "alice MARGIN_CALL > null"]);
  });
});

describe("CASE-9: an engine that is older than the newest", () => {
  test("decides nothing", async () => {
    await house.bitcoinAt("7570");
    await house.store.startEngine(2, await house.store.now());
    expect(await lookAgain(house.setting, alice)).toEqual({ kind: "NOT_NOW", because: { newerEngine: 2 } });
    const newer = { ...house.setting, rules: { ...house.setting.rules, engineVersion: 2 } };
    expect(await lookAgain(newer, alice)).toMatchObject({ kind: "INTENT" });
  });
});

describe("CASE-8: a poisoned case", () => {
  test("waits for a person after three failures, while the others go on, and ends well when released", async () => {
    const bob = await house.account("bob", "USER", { USDC: "500" });
    await house.trade(bob, MAKER, BTC_LINEAR, "1000", "8000");
    const sequence = await house.bitcoinAt("7570");
    const poisoned = venueThat(async (place, order) => {
      const report = await place();
      if (order.account !== alice) return report;
      return { ...report, fills: report.fills.map((fill) => ({ ...fill, quantity: fill.quantity.mul(2) as never })) };
    });
    const setting: Setting = { ...house.setting, venue: poisoned };
    for (const account of [alice, bob, alice, alice]) {
      await keepingTrouble(setting, { account, epoch: 1, step: 1 }, () => lookAgain(setting, account));
    }
    const [waiting] = await house.store.quarantined();
    expect(waiting).toMatchObject({ account: alice, epoch: 1, failures: 3, fault: { code: "INVARIANT_VIOLATED" } });
    expect(waiting?.fault.message).toContain("CASE-6 a venue fills no more than was ordered");
    expect((await house.store.dueWork()).lookAgain).toEqual([]);
    expect(await runWaterfall(setting, sequence)).toBe(true);
    expect(await contracts()).toBe("1000");

    await house.store.releaseCase(by("ann"), alice, 1);
    await lookAgain(house.setting, alice);
    expect((await house.store.cases({ account: alice, limit: 1 })).items[0]).toMatchObject({
      stage: "CLOSED",
      outcome: "REDUCED",
      stepCount: 1,
    });
  });
});

/** The house's venue with something in between. */
function venueThat(
  does: (place: () => Promise<OrderReport>, order: Parameters<Venue["place"]>[0]) => Promise<OrderReport>,
): Venue {
  const { venue } = house.setting;
  return {
    ...venue,
    place: (order, snapshot) => does(() => venue.place(order, snapshot), order),
    report: (order, snapshot) => does(() => venue.report(order, snapshot), order),
  };
}
