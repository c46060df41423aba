import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type AccountId, instrumentId } from "@ballast/model";
import { type AccountRecord, assessAccount, replayReduction } from "@ballast/risk-core";
import { BTC_LINEAR, type House, MAKER, openHouse } from "../testing/house.js";

/*
 * Two people with the same book: long ten bitcoin at 8,000, short 400 ether at 200, and 13,000 dollars. Under the tiers it needs
 * some 1,600 dollars to stay open; as a portfolio some 11,500, which the ether leg alone decides. At 7,800 both have 11,000 left.
 */

const ETH_LINEAR = instrumentId("ETH_USDC-PERPETUAL");

let house: House;
let hedger: AccountId;
let plain: AccountId;

beforeEach(async () => {
  house = await openHouse();
  await house.bitcoinAt("8000");
  hedger = await house.account("hedger", "USER", { USDC: "13000" }, "PORTFOLIO");
  plain = await house.account("plain", "USER", { USDC: "13000" });
  for (const account of [hedger, plain]) {
    await house.trade(account, MAKER, BTC_LINEAR, "10000", "8000");
    await house.trade(account, MAKER, ETH_LINEAR, "-40000", "200");
  }
});

afterEach(async () => {
  const check = await house.store.ledgerCheck();
  expect(check.balanced).toBe(true);
  await house.close();
});

async function standing(id: AccountId) {
  const [account, market, parameters] = await Promise.all([
    house.store.account(id),
    house.store.latestSnapshot(),
    house.store.riskParameters(),
  ]);
  if (account === null || market === null || parameters === null) throw new Error("the house is open");
  const contracts = (instrument: typeof BTC_LINEAR) => account.positions.get(instrument)?.quantity.toFixed() ?? "0";
  return { ...assessAccount(account, market, parameters), parameters, market, contracts };
}

describe("LIQUIDATION-30: the liquidation of a portfolio account", () => {
  test("reduces the leg that decides, restores the target, leaves the hedge, and can be decided again", async () => {
    await house.bitcoinAt("7800");
    await house.settle();
    const after = await standing(hedger);
    const target = after.summary.maintenanceMargin.mul(after.parameters.liquidation.target);
    expect(after.summary.equity.gte(target)).toBe(true);
    expect([after.contracts(BTC_LINEAR), Number.parseInt(after.contracts(ETH_LINEAR), 10) > -40_000]).toEqual([
      "10000",
      true,
    ]);
    const [only] = (await house.store.cases({ account: hedger, limit: 10 })).items;
    expect(only).toMatchObject({ stage: "CLOSED", outcome: "REDUCED", stepCount: 1 });
    const [step] = await house.store.steps(hedger, 1);
    const ground = await house.store.groundOf({ account: hedger, epoch: 1, step: 1 });
    const again = replayReduction(ground?.inputs as unknown as AccountRecord, after.market, after.parameters);
    expect(again).toEqual({ sameFigures: true, plan: step?.plan });
  });

  test("leaves alone the same book under standard margin, which needs less", async () => {
    await house.bitcoinAt("7800");
    await house.settle();
    expect((await house.store.cases({ account: plain, limit: 10 })).items).toEqual([]);
    expect((await standing(plain)).contracts(ETH_LINEAR)).toBe("-40000");
  });

  test("takes it over far below maintenance margin", async () => {
    await house.bitcoinAt("6950");
    await house.settle();
    const after = await standing(hedger);
    expect([after.contracts(BTC_LINEAR), after.contracts(ETH_LINEAR)]).toEqual(["0", "0"]);
    expect(after.summary.netValue.gte(0)).toBe(true);
    const [only] = (await house.store.cases({ account: hedger, limit: 10 })).items;
    expect(only).toMatchObject({ stage: "CLOSED", outcome: "TAKEN_OVER" });
  });
});

describe("STORE-7: a scan and a change of the margin mode", () => {
  const change = (mode: "STANDARD" | "PORTFOLIO") =>
    house.store.runCommand(house.command(), [hedger], async (transaction) => {
      await transaction.setMarginMode(hedger, mode);
      return { ok: true, value: null } as const;
    });

  test("the next scan judges by the new mode, though nothing was posted", async () => {
    await house.bitcoinAt("7950");
    const asPortfolio = (await house.store.health(hedger))?.summary.maintenanceMargin;
    await change("STANDARD");
    const changed = (await house.store.health(hedger))?.summary.maintenanceMargin;
    await house.bitcoinAt("7950");
    const scanned = (await house.store.health(hedger))?.summary.maintenanceMargin;
    expect(changed?.lt(asPortfolio ?? 0)).toBe(true);
    expect(scanned?.toFixed()).toBe(changed?.toFixed());
  });

  test("a verdict of the mode that was left is due work", async () => {
    const sequence = await house.bitcoinAt("7950");
    await house.database.run("UPDATE account_health SET margin_mode = 'STANDARD' WHERE account_id = 'hedger'");
    expect((await house.store.dueWork()).lookAgain).toEqual([hedger]);
    await house.settle();
    expect(await house.store.dueWork()).toMatchObject({ lookAgain: [] });
    expect((await house.store.health(hedger))?.sequence).toBe(sequence);
  });
});
