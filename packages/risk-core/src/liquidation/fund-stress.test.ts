import { describe, expect, test } from "@jest/globals";
import { accountId } from "@ballast/model";
import fc from "fast-check";
import { assessAccount } from "../pipeline.js";
import { accountOf, anyAccount, anyMarket, marketOf, PARAMETERS } from "../testing.js";
import { fundTarget } from "./fund.js";
import { stressDeficitsOf, stressScenarios } from "./fund-stress.js";

const scenarios = stressScenarios(marketOf(), PARAMETERS);
const deficits = (account: ReturnType<typeof accountOf>) =>
  stressDeficitsOf(account, scenarios, PARAMETERS).map(({ scenario, owner, deficit }) => [
    scenario,
    owner,
    deficit.toFixed(),
  ]);

describe("the stress that the fund's target is measured by", () => {
  test("LIQUIDATION-32: six jumps of all coins together, two of each alone; a stablecoin stands still", () => {
    expect(scenarios.map(({ id }) => id).join(", ")).toBe(
      "ALL -0.4, ALL -0.2, ALL -0.1, ALL 0.1, ALL 0.2, ALL 0.4, BTC -0.4, BTC 0.4, ETH -0.4, ETH 0.4",
    );
    const [fall] = scenarios;
    expect([...(fall?.market.market.indexPrices ?? [])].map(([id, at]) => [id, at.toFixed()])).toEqual([
      ["USDC", "1"],
      ["BTC", "4800"],
      ["ETH", "120"],
    ]);
  });

  test("LIQUIDATION-32: a long of 8,000 on 1,000 leaves 600 unpaid after a fall of a fifth, and 2,200 after two", () => {
    const long = accountOf({
      id: "sub",
      balances: { USDC: "1000" },
      positions: [["BTC_USDC-PERPETUAL", "1000", "8000"]],
    });
    const expected = [
      ["ALL -0.4", "2200"],
      ["ALL -0.2", "600"],
      ["BTC -0.4", "2200"],
    ];
    expect(deficits(long)).toEqual(expected.map(([scenario, left]) => [scenario, "sub", left]));
    expect(deficits({ ...long, parent: accountId("main") })).toEqual(
      expected.map(([scenario, left]) => [scenario, "main", left]),
    );
    expect(deficits({ ...long, kind: "INSURANCE_FUND" })).toEqual([]);
  });

  test("LIQUIDATION-32: two legs against each other owe nothing when both move, and something when one does", () => {
    const pair = accountOf({
      balances: { USDC: "1000" },
      positions: [
        ["BTC_USDC-PERPETUAL", "1000", "8000"],
        ["ETH_USDC-PERPETUAL", "-4000", "200"],
      ],
    });
    expect(deficits(pair).map(([scenario]) => scenario)).toEqual(["BTC -0.4", "ETH 0.4"]);
  });

  test("LIQUIDATION-32: a deficit is the pipeline's net value at the stressed prices, below zero", () => {
    fc.assert(
      fc.property(anyAccount, anyMarket, (account, market) => {
        const found = stressDeficitsOf(account, stressScenarios(market, PARAMETERS), PARAMETERS);
        for (const { id, market: stressed } of stressScenarios(market, PARAMETERS)) {
          const { netValue } = assessAccount(account, stressed.market, PARAMETERS).summary;
          const told = found.find(({ scenario }) => scenario === id)?.deficit.toFixed() ?? "0";
          // What a jump does not move leaves the account as bankrupt as it was: jumps of all coins say so.
          if (id.startsWith("ALL ") || told !== "0") expect(told).toBe(netValue.lt(0) ? netValue.neg().toFixed() : "0");
        }
      }),
      { numRuns: 25 },
    );
  });

  test("LIQUIDATION-25: the target is the two owners that lose most in the worst jump", () => {
    const long = (id: string, contracts: string) =>
      accountOf({ id, balances: { USDC: "1000" }, positions: [["BTC_USDC-PERPETUAL", contracts, "8000"]] });
    const short = accountOf({
      id: "d",
      balances: { USDC: "1000" },
      positions: [["BTC_USDC-PERPETUAL", "-2000", "8000"]],
    });
    const all = [long("a", "1000"), long("b", "1500"), long("c", "500"), short];
    const found = fundTarget(all.flatMap((account) => stressDeficitsOf(account, scenarios, PARAMETERS)));
    expect(found.scenario).toBe("ALL -0.4");
    expect(found.target.toFixed()).toBe("6000");
    expect(found.losses.map(({ owner, deficit }) => [owner, deficit.toFixed()])).toEqual([
      ["b", "3800"],
      ["a", "2200"],
    ]);
  });
});
