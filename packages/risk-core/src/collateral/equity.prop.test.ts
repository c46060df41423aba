import { describe, expect, test } from "@jest/globals";
import { assetId, type HaircutTier, type HealthState, type RiskParameters } from "@ballast/model";
import { amount, Decimal, printDecimal, ratio, usd } from "@ballast/money";
import { propertyRuns } from "@ballast/money/testing";
import fc from "fast-check";
import { assessAccount } from "../pipeline.js";
import { withPaid } from "../position/after-fill.js";
import { accountOf, anyAccount, anyMarket, anyParameters, decimalText, marketOf, PARAMETERS } from "../testing.js";
import { haircutValue } from "./haircut.js";

const BTC = PARAMETERS.haircuts.get(assetId("BTC"));

//  value of bitcoin            counts for
test.each([
  ["nothing", "0", "0"],
  ["inside the first tier", "500000", "475000"],
  ["exactly the first tier", "1000000", "950000"],
  ["a dollar into the second", "1000001", "950000.9"],
  ["two tiers and a half", "20000000", "17050000"],
  ["a debt: in full", "-500000", "-500000"],
])("COLLATERAL-4: %s", (_, value, answer) => {
  expect(printDecimal(haircutValue(usd(value), BTC))).toBe(answer);
});

test("COLLATERAL-5: an asset without tiers counts for nothing, and its debt in full", () => {
  expect(printDecimal(haircutValue(usd("1000"), undefined))).toBe("0");
  expect(printDecimal(haircutValue(usd("-1000"), undefined))).toBe("-1000");
});

const WORST_FIRST: readonly HealthState[] = ["BANKRUPT", "LIQUIDATABLE", "MARGIN_CALL", "HEALTHY"];
const anyAsset = fc.constantFrom(...PARAMETERS.assets.keys());
const anyDeposit = fc.bigInt({ min: 1n, max: 10n ** 13n }).map((units) => amount(decimalText(units, 6)));

describe("what an account has", () => {
  test("COLLATERAL-4: a deposit never lowers equity or the health state", () => {
    fc.assert(
      fc.property(
        anyAccount,
        anyMarket,
        anyParameters,
        anyAsset,
        anyDeposit,
        (account, market, parameters, asset, paid) => {
          const before = assessAccount(account, market, parameters);
          const after = assessAccount(
            { ...account, balances: withPaid(account.balances, asset, paid) },
            market,
            parameters,
          );
          expect(after.summary.equity.gte(before.summary.equity)).toBe(true);
          expect(after.summary.netValue.gt(before.summary.netValue)).toBe(true);
          expect(WORST_FIRST.indexOf(after.state)).toBeGreaterThanOrEqual(WORST_FIRST.indexOf(before.state));
        },
      ),
      propertyRuns(200),
    );
  });

  test("COLLATERAL-4: a larger haircut never raises equity", () => {
    const more = fc.bigInt({ min: 1n, max: 10_000n }).map((units) => ratio(decimalText(units, 4)));
    fc.assert(
      fc.property(anyAccount, anyMarket, anyParameters, more, (account, market, parameters, extra) => {
        const heavier = (tiers: readonly HaircutTier[]) =>
          tiers.map((tier) => ({ ...tier, haircut: ratio(Decimal.min(tier.haircut.add(extra), 1)) }));
        const stricter: RiskParameters = {
          ...parameters,
          haircuts: new Map([...parameters.haircuts].map(([asset, tiers]) => [asset, heavier(tiers)])),
        };
        const [mild, strict] = [parameters, stricter].map((rules) => assessAccount(account, market, rules).summary);
        expect(strict?.equity.lte(mild?.equity ?? 0)).toBe(true);
        expect(printDecimal(strict?.netValue ?? usd("-1"))).toBe(printDecimal(mild?.netValue ?? usd("1")));
      }),
      propertyRuns(200),
    );
  });

  test("COLLATERAL-4: equity never exceeds net value, and without profit it never exceeds equity", () => {
    fc.assert(
      fc.property(anyAccount, anyMarket, anyParameters, (account, market, parameters) => {
        const { equity, netValue, equityWithoutProfit } = assessAccount(account, market, parameters).summary;
        expect(equity.lte(netValue)).toBe(true);
        expect(equityWithoutProfit.lte(equity)).toBe(true);
      }),
      propertyRuns(200),
    );
  });

  test("COLLATERAL-3: x dollars of a stablecoin at par, inside its first tier, raise equity by exactly x", () => {
    const inFirstTier = fc.bigInt({ min: 1n, max: 4_000_000_000_000n }).map((units) => amount(decimalText(units, 6)));
    fc.assert(
      fc.property(anyAccount, inFirstTier, (account, paid) => {
        const market = marketOf();
        const before = assessAccount(account, market, PARAMETERS);
        const held = before.collateral.find(({ asset }) => asset === "USDC")?.net ?? new Decimal(0);
        fc.pre(held.add(paid).lte("10000000"));
        const after = assessAccount(
          { ...account, balances: withPaid(account.balances, assetId("USDC"), paid) },
          market,
          PARAMETERS,
        );
        expect(printDecimal(after.summary.equity.sub(before.summary.equity))).toBe(printDecimal(paid));
      }),
      propertyRuns(200),
    );
  });

  test("COLLATERAL-4: no step at the edge of a tier: a cent more never changes equity by more than a cent", () => {
    const cent = new Decimal("0.01");
    fc.assert(
      fc.property(anyParameters, fc.nat({ max: 3 }), (parameters, at) => {
        for (const tiers of parameters.haircuts.values()) {
          const edge = tiers[at]?.from ?? usd("0");
          const [below, above] = [edge, usd(edge.add(cent))].map((value) => haircutValue(value, tiers));
          const step = (above ?? cent).sub(below ?? cent);
          expect(step.gte(0) && step.lte(cent)).toBe(true);
        }
      }),
    );
  });

  test("COLLATERAL-3: a profit and the debt that it will repay cancel, whatever the haircut", () => {
    // 1 BTC is owed; the inverse long has gained exactly 1 BTC: 8,000 dollars a contract of 10 …
    const account = accountOf({ balances: { BTC: "-1" }, positions: [["BTC-PERPETUAL", "1600", "4000"]] });
    const { summary, collateral } = assessAccount(
      account,
      marketOf({ mark: { "BTC-PERPETUAL": "5333.333333333333333333" } }),
      PARAMETERS,
    );
    expect(summary.equity.abs().lt("0.00000002")).toBe(true);
    expect(collateral).toHaveLength(1);
  });

  test("COLLATERAL-6: a withdrawal counts every loss and no profit, position by position", () => {
    const account = accountOf({
      balances: { USDC: "1000" },
      positions: [
        ["BTC_USDC-PERPETUAL", "1000", "7900"],
        ["BTC_USDC-26JUN20", "-1000", "8060"],
      ],
    });
    // The perpetual has gained 100, the future has lost 40.
    const { equity, equityWithoutProfit } = assessAccount(account, marketOf(), PARAMETERS).summary;
    expect([printDecimal(equity), printDecimal(equityWithoutProfit)]).toEqual(["1060", "960"]);
  });
});
