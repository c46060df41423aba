import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { AccountId } from "@ballast/model";
import { assessAccount } from "@ballast/risk-core";
import type { Setting } from "../setting.js";
import { BTC_LINEAR, type House, MAKER, openHouse } from "../testing/house.js";
import { runWaterfall } from "../waterfall/run-waterfall.js";
import { lookAgain } from "./look-again.js";

let house: House;
let alice: AccountId;

/** Alice is long one bitcoin at 8,000 with 500 dollars; at 7,600 she has 100 left and needs 76. At 7,570 she is short. */
beforeEach(async () => {
  house = await openHouse();
  await house.bitcoinAt("8000");
  alice = await house.account("alice", "USER", { USDC: "500" });
  await house.trade(alice, MAKER, BTC_LINEAR, "1000", "8000");
});

afterEach(async () => {
  const check = await house.store.ledgerCheck();
  expect(check.balanced).toBe(true);
  await house.close();
});

async function contracts(): Promise<string> {
  return (await house.store.account(alice))?.positions.get(BTC_LINEAR)?.quantity.toFixed() ?? "0";
}

describe("LIQUIDATION-5: an account below maintenance margin", () => {
  test("is reduced to its target and no further, once, whoever looks and however often", async () => {
    await house.bitcoinAt("7570");
    await Promise.all(Array.from({ length: 5 }, () => lookAgain(house.setting, alice)));
    await house.settle();
    const account = await house.store.account(alice);
    const market = await house.store.latestSnapshot();
    const parameters = await house.store.riskParameters();
    if (account === null || market === null || parameters === null) throw new Error("the house is open");
    const { summary, state } = assessAccount(account, market, parameters);
    expect(state).not.toBe("LIQUIDATABLE");
    expect(summary.equity.gte(summary.maintenanceMargin.mul(parameters.liquidation.target))).toBe(true);
    const [only] = (await house.store.cases({ account: alice, limit: 10 })).items;
    expect(only).toMatchObject({ stage: "CLOSED", outcome: "REDUCED", stepCount: 1, epoch: 1 });
    expect(await house.store.unfinishedSteps()).toEqual([]);
    expect(Number.parseInt(await contracts(), 10)).toBeGreaterThan(0);
  });

  test("is left alone when the price has come back before anybody looked", async () => {
    await house.bitcoinAt("7570");
    await house.bitcoinAt("8000");
    await house.settle();
    expect(await contracts()).toBe("1000");
    const [only] = (await house.store.cases({ account: alice, limit: 10 })).items;
    expect(only).toMatchObject({ stage: "CLOSED", outcome: "RECOVERED", stepCount: 0 });
  });

  test("ends in the same ledger when a worker dies between intent and effect, at the venue, and after it", async () => {
    await house.bitcoinAt("7570");
    const dies = (when: "before" | "after"): Setting => ({
      ...house.setting,
      venue: {
        ...house.setting.venue,
        async place(order, snapshot) {
          if (when === "after") await house.setting.venue.place(order, snapshot);
          throw new Error("killed");
        },
      },
    });
    await expect(lookAgain(dies("before"), alice)).rejects.toThrow("killed");
    expect(await house.store.unfinishedSteps()).toHaveLength(1);
    await expect(lookAgain(dies("after"), alice)).rejects.toThrow("killed");
    expect(await contracts()).toBe("1000");
    await house.settle();
    const disturbed = await house.fingerprint();
    const [only] = (await house.store.cases({ account: alice, limit: 10 })).items;
    expect(only).toMatchObject({ stage: "CLOSED", outcome: "REDUCED", stepCount: 1 });

    const quiet = await openHouse();
    await quiet.bitcoinAt("8000");
    const again = await quiet.account("alice", "USER", { USDC: "500" });
    await quiet.trade(again, MAKER, BTC_LINEAR, "1000", "8000");
    await quiet.bitcoinAt("7570");
    await quiet.settle();
    const undisturbed = await quiet.fingerprint();
    await quiet.close();
    expect(disturbed).toBe(undisturbed);
  });
});

describe("DECISION-6: while a price is frozen", () => {
  test("no case is opened, and the first snapshot in which it is good again opens one", async () => {
    await house.bitcoinAt("7570", "BTC");
    await house.settle();
    expect(await house.store.openCases()).toEqual([]);
    expect((await house.store.health(alice))?.state).toBe("LIQUIDATABLE");
    expect(await contracts()).toBe("1000");
    await house.bitcoinAt("7570");
    expect(await house.store.openCases()).toMatchObject([{ account: alice, stage: "REDUCE" }]);
    await house.settle();
    expect(Number.parseInt(await contracts(), 10)).toBeLessThan(1_000);
  });

  test("a case that is open waits, at the price of its collateral too, and goes on afterwards", async () => {
    await house.bitcoinAt("7570");
    for (const frozen of ["BTC", "USDC"]) {
      const sequence = await house.bitcoinAt("7570", frozen);
      expect(await lookAgain(house.setting, alice)).toEqual({ kind: "FROZEN", of: frozen });
      expect(await house.store.openCases()).toMatchObject([{ workedSequence: sequence, stepCount: 0 }]);
      await house.settle();
    }
    expect(await contracts()).toBe("1000");
    await house.bitcoinAt("7570", "ETH");
    await house.settle();
    expect(Number.parseInt(await contracts(), 10)).toBeLessThan(1_000);
  });

  test("no account is taken over", async () => {
    await house.bitcoinAt("7400");
    await lookAgain(house.setting, alice);
    expect(await house.store.openCases()).toMatchObject([{ account: alice, stage: "TAKEOVER" }]);
    const sequence = await house.bitcoinAt("7400", "BTC");
    expect(await runWaterfall(house.setting, sequence)).toBe(false);
    expect(await contracts()).toBe("1000");
    await house.bitcoinAt("7400");
    await house.settle();
    expect(await contracts()).toBe("0");
  });
});
