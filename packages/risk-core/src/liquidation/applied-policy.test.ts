import { describe, expect, test } from "@jest/globals";
import type { InstrumentId, LiquidationPolicyParameters, RiskParameters } from "@ballast/model";
import { printDecimal, ratio, usd } from "@ballast/money";
import fc from "fast-check";
import { assessAccount } from "../pipeline.js";
import { recordReduction, replayReduction } from "../liquidation-case/case-record.js";
import { loadRiskParameters } from "../parameters/load.js";
import { printRiskParameters } from "../parameters/print.js";
import {
  type AccountText,
  accountOf,
  anyAccount,
  anyMarket,
  marketOf,
  type MarketText,
  PARAMETERS,
} from "../testing.js";
import {
  policyFor,
  policyOfRecord,
  recordPolicy,
  SPEED_MS,
  standardPolicyParameters,
  underPolicy,
} from "./applied-policy.js";
import { isClosedWhole, planForAccount } from "./plan-for-account.js";
import { recordPlan } from "../liquidation-case/case-record.js";

const CALM = "0.02";
const STORM = "0.05";

function published(dailyVolatility: string, more: Partial<LiquidationPolicyParameters> = {}): RiskParameters {
  const policy = { ...standardPolicyParameters(ratio(dailyVolatility)), ...more };
  return { ...PARAMETERS, liquidation: { ...PARAMETERS.liquidation, policy } };
}

const long: AccountText = { balances: { USDC: "70" }, positions: [["BTC_USDC-PERPETUAL", "1000", "8000"]] };
const short: AccountText = { balances: { USDC: "70" }, positions: [["BTC_USDC-PERPETUAL", "-1000", "8000"]] };
const dated: AccountText = { balances: { USDC: "70" }, positions: [["BTC_USDC-26JUN20", "1000", "8000"]] };

/** A snapshot of a quarter of an hour before, in which bitcoin had this price. */
const before = (dollars: string) => {
  const market = marketOf({ index: { BTC: dollars } });
  return { ...market, at: (market.at - SPEED_MS) as typeof market.at };
};

describe("LIQUIDATION-20: manner, target and pace of one account", () => {
  //  what it is like                              account  daily volatility  market                                     before    target, share of depth, why
  test.each<[string, AccountText, string, MarketText, string | null, string]>([
    ["a calm sky", long, CALM, {}, "8000", "RESTORE 4 0.25 CALM_SKY BACKLOG_FITS"],
    ["no snapshot before", long, CALM, {}, null, "RESTORE 4 0.25 CALM_SKY BACKLOG_FITS"],
    ["a fall of 5 % in a quarter of an hour", long, CALM, {}, "8400", "RESTORE 6 0.25 CALM_SKY FAST_FALL BACKLOG_FITS"],
    ["the same fall, which a short gains from", short, CALM, {}, "8400", "RESTORE 4 0.25 CALM_SKY BACKLOG_FITS"],
    ["a rise of 5 % against a short", short, CALM, {}, "7600", "RESTORE 6 0.25 CALM_SKY FAST_FALL BACKLOG_FITS"],
    ["a storm", long, STORM, {}, "8000", "WHOLE 6 0.25 STORM"],
    [
      "a book of 3 % of what is held",
      long,
      CALM,
      { depth: { "BTC_USDC-PERPETUAL": "3000" } },
      null,
      "RESTORE 4 0.25 CALM_SKY BACKLOG_WAITS",
    ],
    [
      "a mark 1.9 % below its index",
      long,
      CALM,
      { mark: { "BTC_USDC-PERPETUAL": "7848" } },
      null,
      "RESTORE 4 0.1 CALM_SKY BACKLOG_FITS",
    ],
    [
      "a mark 1.8 % below its index",
      long,
      CALM,
      { mark: { "BTC_USDC-PERPETUAL": "7856" } },
      null,
      "RESTORE 4 0.199999 CALM_SKY BACKLOG_FITS",
    ],
    [
      "the same, where one buys",
      short,
      CALM,
      { mark: { "BTC_USDC-PERPETUAL": "7856" } },
      null,
      "RESTORE 4 0.25 CALM_SKY BACKLOG_FITS",
    ],
    [
      "a dated future, off its index for its own reasons",
      dated,
      CALM,
      { mark: { "BTC_USDC-26JUN20": "7848" } },
      null,
      "RESTORE 4 0.25 CALM_SKY BACKLOG_FITS",
    ],
  ])("%s", (_, account, volatility, market, earlier, expected) => {
    const found = policyFor(
      accountOf(account),
      marketOf(market),
      earlier === null ? null : before(earlier),
      published(volatility),
    );
    if (found === null) throw new Error("there is a policy");
    const { manner, target, depthShareMax, because } = found;
    expect([manner, printDecimal(target), printDecimal(depthShareMax), ...because].join(" ")).toBe(expected);
  });

  test("without a policy the parameters' own target holds", () => {
    expect(policyFor(accountOf(long), marketOf(), before("9000"), PARAMETERS)).toBeNull();
    expect(planForAccount(accountOf(long), marketOf(), PARAMETERS)).toEqual(
      planForAccount(accountOf(long), marketOf(), PARAMETERS, null),
    );
  });
});

test("LIQUIDATION-20: a plan only reduces, restores the target of its policy, and only who is below the requirement is taken over", () => {
  fc.assert(
    fc.property(anyAccount, anyMarket, fc.constantFrom(CALM, STORM), (account, market, volatility) => {
      const parameters = published(volatility);
      const policy = policyFor(account, market, null, parameters);
      const { summary } = assessAccount(account, market, parameters);
      const plan = planForAccount(account, market, parameters, policy);
      if (plan.kind === "TAKEOVER") {
        expect(summary.equity.lt(summary.maintenanceMargin) || summary.netValue.lt(0)).toBe(true);
        return;
      }
      for (const { instrument, quantity } of plan.legs) {
        const held = account.positions.get(instrument)?.quantity;
        expect(held && quantity.isNeg() !== held.isNeg() && quantity.abs().lte(held.abs())).toBe(true);
      }
      expect(plan.maintenanceMarginAfter.lte(summary.maintenanceMargin)).toBe(true);
      if (plan.legs.length === 0) return;
      if (policy?.manner === "RESTORE" && plan.restoresTarget) {
        expect(plan.equityAfter.gte(plan.maintenanceMarginAfter.mul(policy.target))).toBe(true);
      }
      if (policy?.manner === "WHOLE") expect(plan.chosenBy).toBe("WHOLE");
    }),
    { numRuns: 150 },
  );
});

test("LIQUIDATION-20: in a storm and a deep market nothing is left of an account", () => {
  fc.assert(
    fc.property(anyAccount, anyMarket, (account, market) => {
      const deep = { ...market, depths: new Map([...market.depths.keys()].map((id) => [id, usd("1000000000000")])) };
      const parameters = published(STORM);
      const plan = planForAccount(account, deep, parameters, policyFor(account, deep, null, parameters));
      if (plan.kind === "TAKEOVER" || plan.legs.length === 0) return;
      const sold = new Map(plan.legs.map(({ instrument, quantity }) => [instrument, quantity.neg().toFixed()]));
      const held = [...account.positions.values()].map(({ instrument, quantity }) => [instrument, quantity.toFixed()]);
      expect(sold).toEqual(new Map(held as [InstrumentId, string][]));
    }),
    { numRuns: 150 },
  );
});

test("LIQUIDATION-20: an account that is closed whole goes on above its requirement, and is not taken over where nothing can be sold", () => {
  const parameters = published(STORM);
  const safe = accountOf({ ...long, balances: { USDC: "4000" } });
  const policy = policyFor(safe, marketOf(), null, parameters);
  expect(isClosedWhole(safe, parameters, policy)).toBe(true);
  expect(planForAccount(safe, marketOf(), parameters, policy)).toMatchObject({
    kind: "REDUCE",
    legs: [{ quantity: { s: -1 } }],
  });
  const nobodyBuys = marketOf({ depth: { "BTC_USDC-PERPETUAL": "0.01" } });
  expect(planForAccount(safe, nobodyBuys, parameters, policy)).toMatchObject({ kind: "REDUCE", legs: [] });
  const portfolio = { ...safe, marginMode: "PORTFOLIO" as const };
  expect(isClosedWhole(portfolio, parameters, policy)).toBe(false);
  expect(isClosedWhole({ ...safe, positions: new Map() }, parameters, policy)).toBe(false);
});

test.each([CALM, STORM])("CASE-14: a reduction under a policy of %s is decided again from its record", (volatility) => {
  const parameters = published(volatility);
  const [account, market] = [accountOf(long), marketOf()];
  const policy = policyFor(account, market, before("8400"), parameters);
  if (policy === null) throw new Error("there is a policy");
  const kept = JSON.parse(
    JSON.stringify(recordReduction(account, assessAccount(account, market, parameters).summary, policy)),
  );
  expect(policyOfRecord(kept.policy)).toEqual(policy);
  expect(recordPolicy(policy)).toEqual(kept.policy);
  const plan = planForAccount(account, market, parameters, policy);
  if (plan.kind !== "REDUCE") throw new Error("the account is reduced");
  // The snapshot of before is not needed: what was concluded from it is in the record.
  expect(replayReduction(kept, market, parameters)).toEqual({
    sameFigures: true,
    plan: recordPlan(plan.legs, plan.chosenBy),
  });
  expect(replayReduction({ ...kept, policy: null }, market, parameters).plan).not.toEqual(
    recordPlan(plan.legs, plan.chosenBy),
  );
});

test("MARGIN-6: a policy is printed and read like any other parameter, and the same policy makes the same parameters", () => {
  const parameters = published(STORM);
  expect(loadRiskParameters(printRiskParameters(parameters))).toEqual(parameters);
  expect(loadRiskParameters(printRiskParameters(PARAMETERS)).liquidation.policy).toBeUndefined();
  const policy = policyFor(accountOf(long), marketOf(), null, parameters);
  if (policy === null) throw new Error("there is a policy");
  expect(underPolicy(parameters, policy)).toBe(underPolicy(parameters, { ...policy }));
});

test.each<[string, Partial<Record<keyof LiquidationPolicyParameters, string>>, string]>([
  ["a step that may move more than everything may", { displacementMin: "0.03" }, "liquidation.policy.displacementMin"],
  ["a target that restores nothing", { target: "1" }, "liquidation.policy.target"],
  ["a negative volatility", { dailyVolatility: "-0.01" }, "liquidation.policy.dailyVolatility"],
])("MARGIN-6: %s is refused with its path", (_, change, path) => {
  const printed = JSON.parse(JSON.stringify(printRiskParameters(published(CALM))));
  Object.assign(printed.liquidation.policy, change);
  expect(() => loadRiskParameters(printed)).toThrow(path);
});
