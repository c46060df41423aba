import { describe, expect, test } from "@jest/globals";
import { type Account, accountId, assetId, instrumentId, type MarketSnapshot, toUtcMillis } from "@ballast/model";
import { amount, price, quantity, usd } from "@ballast/money";
import { planForAccount } from "../liquidation/plan-for-account.js";
import { standardParameters } from "../parameters/standard.js";
import { assessAccount } from "../pipeline.js";
import { accountOfRecord, recordAccount, recordPlan, replayReduction } from "./case-record.js";

const parameters = standardParameters();
const perpetual = instrumentId("BTC_USDC-PERPETUAL");

function marketAt(dollars: string): MarketSnapshot {
  const markPrices = new Map([...parameters.instruments.keys()].map((id) => [id, price(dollars)]));
  return {
    sequence: 7,
    at: toUtcMillis(0),
    indexPrices: new Map([
      [assetId("USDC"), price("1")],
      [assetId("BTC"), price(dollars)],
    ]),
    markPrices,
    depths: new Map([...parameters.instruments.keys()].map((id) => [id, usd("5000000")])),
  };
}

/** Long one bitcoin at 8,000 with 500 dollars. */
const alice: Account = {
  id: accountId("alice"),
  kind: "USER",
  parent: null,
  marginMode: "STANDARD",
  balances: new Map([[assetId("USDC"), amount("500")]]),
  positions: new Map([[perpetual, { instrument: perpetual, quantity: quantity("1000"), entryCash: amount("-8000") }]]),
};

describe("CASE-14: a reduction that is decided again", () => {
  const market = marketAt("7570");
  const record = recordAccount(alice, assessAccount(alice, market, parameters).summary);
  const kept = JSON.parse(JSON.stringify(record)) as typeof record;

  test("the record survives its JSON, to the last digit", () => {
    expect(accountOfRecord(kept)).toEqual(alice);
  });

  test("comes out the same at the same prices", () => {
    const plan = planForAccount(alice, market, parameters);
    if (plan.kind !== "REDUCE") throw new Error("alice is reduced");
    expect(plan.legs).toHaveLength(1);
    expect(replayReduction(kept, market, parameters)).toEqual({
      sameFigures: true,
      plan: recordPlan(plan.legs, plan.chosenBy),
    });
  });

  test("comes out otherwise at other prices, and says so", () => {
    const replay = replayReduction(kept, marketAt("7560"), parameters);
    expect(replay.sameFigures).toBe(false);
    expect(replay.plan).not.toEqual(replayReduction(kept, market, parameters).plan);
  });
});
