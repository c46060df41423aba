import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { AccountId } from "@ballast/model";
import { ratio } from "@ballast/money";
import {
  assessAccount,
  printRiskParameters,
  type ReductionRecord,
  replayReduction,
  standardParameters,
  standardPolicyParameters,
} from "@ballast/risk-core";
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

describe("LIQUIDATION-20: under a published policy", () => {
  async function publishPolicy(dailyVolatility: string): Promise<void> {
    const standard = standardParameters();
    const policy = standardPolicyParameters(ratio(dailyVolatility));
    const parameters = { ...standard, version: 2, liquidation: { ...standard.liquidation, policy } };
    await house.store.saveRiskParameters(printRiskParameters(parameters), 2, house.openedAt);
  }

  /** The record of a step, decided again at the prices of the step. */
  async function replayed(step: number) {
    const found = (await house.store.steps(alice, 1)).find((one) => one.step === step);
    const market = found && (await house.store.snapshot(found.sequence));
    const parameters = await house.store.riskParameters();
    if (!found || !market || !parameters) throw new Error(`there is no step ${step}`);
    const ground = await house.store.groundOf(found);
    return {
      plan: found.plan,
      again: replayReduction(ground?.inputs as unknown as ReductionRecord, market, parameters),
    };
  }

  test("in a storm everything is sold, snapshot after snapshot, although the account is above its requirement again", async () => {
    await publishPolicy("0.05");
    // A quarter of the depth of 24,000 dollars is 6,000: less than the bitcoin.
    await house.bitcoinInDepth("7570", "24000");
    await house.settle();
    const left = Number.parseInt(await contracts(), 10);
    expect(left).toBeGreaterThan(0);
    expect((await house.store.health(alice))?.state).not.toBe("LIQUIDATABLE");
    expect(await house.store.openCases()).toMatchObject([{ account: alice, stage: "REDUCE", stepCount: 1 }]);
    await house.bitcoinInDepth("7600", "24000");
    await house.settle();
    expect(await contracts()).toBe("0");
    const [only] = (await house.store.cases({ account: alice, limit: 10 })).items;
    expect(only).toMatchObject({ stage: "CLOSED", outcome: "REDUCED", stepCount: 2 });
    for (const step of [1, 2]) {
      const { plan, again } = await replayed(step);
      expect(again).toEqual({ sameFigures: true, plan });
    }
  });

  //  the fall           minutes since the last price  times the requirement
  test.each([
    ["out of a calm sky", 1, 4],
    ["in a fast fall", 16, 6],
  ])("%s, seen over %i minutes, %i times the requirement is restored", async (_, minutes, times) => {
    await publishPolicy("0.02");
    const restoredTo = async () => {
      const account = await house.store.account(alice);
      const market = await house.store.latestSnapshot();
      const parameters = await house.store.riskParameters();
      if (account === null || market === null || parameters === null) throw new Error("the house is open");
      const { equity, maintenanceMargin } = assessAccount(account, market, parameters).summary;
      return equity.div(maintenanceMargin).toNumber();
    };
    for (let minute = 1; minute < minutes; minute += 1) await house.publish("8000");
    await house.bitcoinAt("7570");
    await house.settle();
    expect(await restoredTo()).toBeGreaterThanOrEqual(times);
    expect(await restoredTo()).toBeLessThan(times + 1);
    const { plan, again } = await replayed(1);
    expect(again).toEqual({ sameFigures: true, plan });
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
