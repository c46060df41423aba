import { describe, expect, test } from "@jest/globals";
import { type Account, contractValue } from "@ballast/model";
import { Decimal, negate, price, printDecimal, type Quantity, quantity, ZERO_AMOUNT } from "@ballast/money";
import fc from "fast-check";
import { assessAccount } from "./pipeline.js";
import { afterFill } from "./position/after-fill.js";
import { assessHealth } from "./scan/assess-health.js";
import {
  accountOf,
  anyAccount,
  anyMarket,
  anyParameters,
  decimalText,
  listed,
  marketOf,
  PARAMETERS,
  shuffled,
} from "./testing.js";

const print = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (Decimal.isDecimal(part) ? printDecimal(part) : part));

test("MARGIN-4: the order of an account's rows changes nothing, bit for bit", () => {
  fc.assert(
    fc.property(anyAccount, anyMarket, anyParameters, (account, market, parameters) => {
      const turned = shuffled(account);
      expect(print(assessAccount(turned, market, parameters))).toBe(print(assessAccount(account, market, parameters)));
      expect(print(assessHealth(turned, market, parameters))).toBe(print(assessHealth(account, market, parameters)));
    }),
    { numRuns: 200 },
  );
});

test("MARGIN-4: an account with nothing has nothing and owes nothing", () => {
  const assessed = assessAccount(accountOf({}), marketOf(), PARAMETERS);
  expect(new Set(Object.values(assessed.summary).map(printDecimal))).toEqual(new Set(["0"]));
  expect([assessed.state, assessed.positions, assessed.collateral]).toEqual(["HEALTHY", [], []]);
});

test("DECISION-2: the house's own accounts are healthy whatever their figures, and their figures are true", () => {
  fc.assert(
    fc.property(anyAccount, anyMarket, fc.constantFrom("INSURANCE_FUND", "HOUSE"), (account, market, kind) => {
      const house: Account = { ...account, kind: kind as Account["kind"] };
      expect(assessHealth(house, market, PARAMETERS).state).toBe("HEALTHY");
      expect(print(assessAccount(house, market, PARAMETERS).summary)).toBe(
        print(assessAccount(account, market, PARAMETERS).summary),
      );
    }),
    { numRuns: 50 },
  );
});

describe("a round trip", () => {
  const anyInstrument = fc.constantFrom(...PARAMETERS.instruments.values());
  const anyPrice = fc.bigInt({ min: 1_000n, max: 2_000_000n }).map((units) => price(decimalText(units, 2)));
  const anySize = fc
    .tuple(fc.bigInt({ min: 1n, max: 1_000_000n }), fc.boolean())
    .map(([contracts, long]) => quantity(`${long ? "" : "-"}${contracts}`) as Quantity);
  const traded =
    (account: Account, ...fills: readonly [Quantity, ReturnType<typeof price>][]) =>
    (name: string) =>
      fills.reduce(
        (held, [size, at]) =>
          afterFill(held, { instrument: listed(name), quantity: size, price: at, fee: ZERO_AMOUNT }),
        account,
      );

  test("COLLATERAL-2: in and out at one price leaves nothing, linear and inverse", () => {
    fc.assert(
      fc.property(anyInstrument, anySize, anyPrice, ({ id }, size, at) => {
        const account = traded(accountOf({}), [size, at], [negate(size), at])(id);
        expect([account.positions.size, account.balances.size]).toEqual([0, 0]);
      }),
    );
  });

  test("COLLATERAL-2: in at one price and out at another leaves exactly the difference in value", () => {
    fc.assert(
      fc.property(anyInstrument, anySize, anyPrice, anyPrice, (instrument, size, entry, exit) => {
        const account = traded(accountOf({}), [size, entry], [negate(size), exit])(instrument.id);
        const profit = contractValue(instrument, size, exit).sub(contractValue(instrument, size, entry));
        expect(printDecimal(account.balances.get(instrument.settlementAsset) ?? ZERO_AMOUNT)).toBe(
          printDecimal(profit),
        );
        expect(account.positions.size).toBe(0);
      }),
    );
  });

  test("COLLATERAL-2: what one side gains the other loses, to the last digit", () => {
    fc.assert(
      fc.property(anyInstrument, anySize, anyPrice, anyMarket, ({ id, settlementAsset }, size, at, market) => {
        const profit = (held: Quantity) =>
          assessAccount(traded(accountOf({}), [held, at])(id), market, PARAMETERS).collateral.find(
            ({ asset }) => asset === settlementAsset,
          )?.unrealisedProfit ?? ZERO_AMOUNT;
        expect(printDecimal(profit(size).add(profit(negate(size))))).toBe("0");
      }),
    );
  });

  test("COLLATERAL-2: a long gains when the mark rises, linear and inverse", () => {
    fc.assert(
      fc.property(anyInstrument, fc.bigInt({ min: 1n, max: 100_000n }), anyPrice, (instrument, contracts, entry) => {
        const held = quantity(contracts.toString());
        const higher = price(entry.mul("1.01"));
        expect(contractValue(instrument, held, higher).gt(contractValue(instrument, held, entry))).toBe(true);
      }),
    );
  });
});
