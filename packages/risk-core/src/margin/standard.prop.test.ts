import { describe, expect, test } from "@jest/globals";
import { type InstrumentId, instrumentId } from "@ballast/model";
import { Decimal, printDecimal, type Quantity, quantity, usd } from "@ballast/money";
import { propertyRuns } from "@ballast/money/testing";
import fc from "fast-check";
import { assessAccount } from "../pipeline.js";
import {
  accountOf,
  anyAccount,
  anyMarket,
  anyParameters,
  decimalText,
  listed,
  marketOf,
  PARAMETERS,
} from "../testing.js";
import { tieredRequirement } from "./tiers.js";

const TIERS = PARAMETERS.marginTiers.get(instrumentId("BTC_USDC-PERPETUAL")) ?? [];

//  notional                     initial   maintenance
test.each([
  ["nothing", "0", "0", "0"],
  ["inside the first tier", "100000", "2000", "1000"],
  ["exactly the first tier", "500000", "10000", "5000"],
  ["a dollar into the second", "500001", "10000.03", "5000.015"],
  ["three tiers", "3000000", "105000", "52500"],
])("MARGIN-2: %s", (_, notional, initial, maintenance) => {
  const required = tieredRequirement(usd(notional), TIERS);
  expect([printDecimal(required.initial), printDecimal(required.maintenance)]).toEqual([initial, maintenance]);
});

test("MARGIN-1: an inverse contract is its dollars, a linear one follows mark and stablecoin", () => {
  const account = accountOf({
    balances: { USDC: "1000", BTC: "1" },
    positions: [
      ["BTC-PERPETUAL", "-100", "9000"],
      ["BTC_USDC-PERPETUAL", "100", "9000"],
    ],
  });
  const market = marketOf({
    mark: { "BTC-PERPETUAL": "4321.5", "BTC_USDC-PERPETUAL": "4321.5" },
    index: { USDC: "0.99" },
  });
  const notionals = assessAccount(account, market, PARAMETERS).positions.map(({ notional }) => printDecimal(notional));
  expect(notionals).toEqual(["1000", "427.8285"]);
});

describe("what an account must have", () => {
  test("MARGIN-5: initial margin is at least maintenance margin, and that at least zero", () => {
    fc.assert(
      fc.property(anyAccount, anyMarket, anyParameters, (account, market, parameters) => {
        const { summary, positions } = assessAccount(account, market, parameters);
        for (const { initialMargin, maintenanceMargin } of [summary, ...positions]) {
          expect(initialMargin.gte(maintenanceMargin) && maintenanceMargin.gte(0)).toBe(true);
        }
        expect(summary.maintenanceMargin.gt(0)).toBe(positions.length > 0);
      }),
      propertyRuns(200),
    );
  });

  test("MARGIN-3: the lines of the breakdown add up to the total, but for one unit of rounding each", () => {
    fc.assert(
      fc.property(anyAccount, anyMarket, anyParameters, (account, market, parameters) => {
        const { summary, positions } = assessAccount(account, market, parameters);
        const lines = positions.reduce((sum, line) => sum.add(line.initialMargin), new Decimal(0));
        const excess = lines.sub(summary.initialMargin);
        expect(excess.gte(0) && excess.lte(new Decimal("1e-8").mul(positions.length))).toBe(true);
      }),
      propertyRuns(200),
    );
  });

  test("MARGIN-2: below the first edge twice the size requires exactly twice the margin", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 25_000_000n }), fc.integer({ min: 1, max: 9 }), (cents, times) => {
        const size = usd(decimalText(cents, 2));
        const multiple = usd(size.mul(times));
        fc.pre(multiple.lte("500000"));
        const [one, many] = [size, multiple].map((notional) => tieredRequirement(notional, TIERS).initial);
        expect(printDecimal(many ?? usd("-1"))).toBe(printDecimal(one?.mul(times) ?? usd("0")));
      }),
    );
  });

  test("MARGIN-2: no step anywhere: a dollar more never requires more than a dollar, nor less than before", () => {
    fc.assert(
      fc.property(anyParameters, fc.nat({ max: 3 }), (parameters, at) => {
        for (const tiers of parameters.marginTiers.values()) {
          const edge = tiers[at]?.from ?? usd("0");
          const below = tieredRequirement(edge, tiers);
          const above = tieredRequirement(usd(edge.add(1)), tiers);
          for (const margin of ["initial", "maintenance"] as const) {
            const step = above[margin].sub(below[margin]);
            expect(step.gt(0) && step.lte(1)).toBe(true);
          }
        }
      }),
    );
  });

  test("MARGIN-2: two halves never require more than the whole", () => {
    fc.assert(
      fc.property(anyParameters, fc.bigInt({ min: 2n, max: 10n ** 11n }), (parameters, cents) => {
        const [half, whole] = [usd(decimalText(cents, 2)), usd(decimalText(2n * cents, 2))];
        for (const tiers of parameters.marginTiers.values()) {
          const [one, both] = [half, whole].map((notional) => tieredRequirement(notional, tiers).maintenance);
          expect(one?.mul(2).lte(both ?? 0)).toBe(true);
        }
      }),
    );
  });

  test("MARGIN-2: adding to a position never lowers what it requires", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...(PARAMETERS.instruments.keys() as Iterable<InstrumentId>)),
        anyMarket,
        fc.integer({ min: 1, max: 10_000_000 }),
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.boolean(),
        (id, market, size, more, long) => {
          const requirement = (contracts: number) => {
            const held = quantity(`${long ? "" : "-"}${contracts}`) as Quantity;
            const account = accountOf({ positions: [[id, held.toFixed(), listed(id).tickSize.toFixed()]] });
            return assessAccount(account, market, PARAMETERS).summary;
          };
          expect(requirement(size + more).initialMargin.gte(requirement(size).initialMargin)).toBe(true);
        },
      ),
    );
  });
});
