import { describe, expect, test } from "@jest/globals";
import type { Account, AccountHealth, MarketSnapshot, RiskParameters } from "@ballast/model";
import { amount, Decimal, type Price, price, type Quantity, quantity } from "@ballast/money";
import fc from "fast-check";
import { assessAccount } from "../pipeline.js";
import { accountOf, anyAccount, anyMarket, anyParameters, marketOf, PARAMETERS } from "../testing.js";
import { assessHealth, assessPrepared } from "./assess-health.js";
import { prepareMarket } from "./prepared-market.js";

/*
 * The slow twin: what an auditor would write on one page from the method alone. It shares no function with the pipeline
 * or the scan; a tier is a slice that is cut off the top of what is left.
 */
function twin(account: Account, market: MarketSnapshot, parameters: RiskParameters): AccountHealth {
  const found = <Key, Value>(map: ReadonlyMap<Key, Value>, key: Key): Value => {
    const value = map.get(key);
    if (value === undefined) throw new Error(`the twin was asked about ${String(key)}`);
    return value;
  };
  const sliced = (size: Decimal, tiers: readonly { from: Decimal }[], rate: (at: number) => Decimal) => {
    let [left, sum] = [size, new Decimal(0)];
    for (let at = tiers.length - 1; at >= 0; at--) {
      const slice = Decimal.max(left.sub(found(new Map(tiers.entries()), at).from), 0);
      sum = sum.add(slice.mul(rate(at)));
      left = left.sub(slice);
    }
    return sum;
  };
  const wallet = new Map<string, Decimal>(account.balances);
  const cautious = new Map<string, Decimal>(account.balances);
  let [initial, maintenance] = [new Decimal(0), new Decimal(0)];
  for (const { instrument: id, quantity: held, entryCash } of account.positions.values()) {
    const { payoff, contractSize, settlementAsset } = found(parameters.instruments, id);
    const mark = found(market.markPrices, id);
    const worth = payoff === "linear" ? held.mul(contractSize).mul(mark) : held.mul(contractSize).div(mark).neg();
    const profit = worth.toDecimalPlaces(18).add(entryCash);
    wallet.set(settlementAsset, profit.add(wallet.get(settlementAsset) ?? 0));
    cautious.set(settlementAsset, Decimal.min(profit, 0).add(cautious.get(settlementAsset) ?? 0));
    const dollars =
      payoff === "inverse"
        ? held.abs().mul(contractSize)
        : held.abs().mul(contractSize).mul(mark).mul(found(market.indexPrices, settlementAsset));
    const tiers = found(parameters.marginTiers, id);
    initial = initial.add(sliced(dollars, tiers, (at) => found(new Map(tiers.entries()), at).initialRate));
    maintenance = maintenance.add(sliced(dollars, tiers, (at) => found(new Map(tiers.entries()), at).maintenanceRate));
  }
  const worthOf = (held: ReadonlyMap<string, Decimal>, counts: (asset: string, value: Decimal) => Decimal) =>
    [...held].reduce(
      (sum, [asset, net]) => sum.add(counts(asset, net.mul(found<string, Price>(market.indexPrices, asset)))),
      new Decimal(0),
    );
  const afterHaircut = (asset: string, value: Decimal) => {
    const tiers = (parameters.haircuts as ReadonlyMap<string, readonly { from: Decimal; haircut: Decimal }[]>).get(
      asset,
    );
    if (value.lte(0)) return value;
    return tiers === undefined
      ? new Decimal(0)
      : value.sub(sliced(value, tiers, (at) => found(new Map(tiers.entries()), at).haircut));
  };
  const down = (value: Decimal) => value.mul(1e8).floor().div(1e8);
  const up = (value: Decimal) => value.mul(1e8).ceil().div(1e8);
  const summary = {
    equity: down(worthOf(wallet, afterHaircut)),
    netValue: down(worthOf(wallet, (_, value) => value)),
    equityWithoutProfit: down(worthOf(cautious, afterHaircut)),
    initialMargin: up(initial),
    maintenanceMargin: up(maintenance),
  } as AccountHealth["summary"];
  const state = summary.netValue.lt(0)
    ? "BANKRUPT"
    : summary.equity.lt(summary.maintenanceMargin)
      ? "LIQUIDATABLE"
      : summary.equity.lt(summary.initialMargin)
        ? "MARGIN_CALL"
        : "HEALTHY";
  return { state, summary };
}

/** Digit for digit, and built like any other Decimal. */
function expectSame(found: AccountHealth, expected: AccountHealth): void {
  expect(found.state).toBe(expected.state);
  for (const figure of Object.keys(expected.summary) as (keyof AccountHealth["summary"])[]) {
    const { s, e, d } = found.summary[figure];
    const wanted = new Decimal(expected.summary[figure].toFixed());
    expect({ figure, s: wanted.isZero() ? 1 : s, e, d }).toEqual({ figure, s: wanted.s, e: wanted.e, d: wanted.d });
  }
}

test("MARGIN-7: scan, pipeline and twin give every account the same five figures and state, to the last digit", () => {
  fc.assert(
    fc.property(anyAccount, anyMarket, anyParameters, (account, market, parameters) => {
      const expected = twin(account, market, parameters);
      expectSame(assessHealth(account, market, parameters), expected);
      expectSame(assessAccount(account, market, parameters), expected);
    }),
    { numRuns: 600 },
  );
});

test("MARGIN-7: so they do for amounts with all of the ledger's 18 digits", () => {
  const fine = fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }).map((units) => amount(new Decimal(`${units}e-18`)));
  fc.assert(
    fc.property(anyAccount, anyMarket, fc.array(fine, { minLength: 8, maxLength: 8 }), (account, market, dust) => {
      const next = (at: number) => dust[at] ?? amount("0");
      const odd: Account = {
        ...account,
        balances: new Map([...account.balances.keys()].map((asset, at) => [asset, next(at)])),
        positions: new Map(
          [...account.positions].map(([id, position], at) => [id, { ...position, entryCash: next(at + 3) }]),
        ),
      };
      expectSame(assessHealth(odd, market, PARAMETERS), twin(odd, market, PARAMETERS));
    }),
    { numRuns: 300 },
  );
});

describe("MARGIN-7: what the table cannot hold exactly is judged by the pipeline", () => {
  const account = accountOf({
    balances: { USDC: "1000", BTC: "0.1" },
    positions: [
      ["BTC_USDC-PERPETUAL", "1000", "8000"],
      ["BTC-PERPETUAL", "-50", "8000"],
    ],
  });
  const [linear] = [...account.positions.keys()];
  const halfContract = new Map(account.positions);
  for (const [id, position] of account.positions) {
    if (id === linear) halfContract.set(id, { ...position, quantity: quantity("999.5") as Quantity });
  }
  test.each<[string, Account, MarketSnapshot]>([
    ["an index with eighteen digits", account, marketOf({ index: { USDC: "0.999999999999999999" } })],
    ["a mark with eighteen digits", account, marketOf({ mark: { "BTC_USDC-PERPETUAL": "7999.123456789012345678" } })],
    [
      "an inverse mark of thirty digits",
      account,
      marketOf({ mark: { "BTC-PERPETUAL": "799999999999.123456789012345678" } }),
    ],
    ["a price above a billion", account, marketOf({ index: { BTC: "12345678901.5" } })],
    [
      "an inverse contract at next to nothing: worth more than a row holds",
      {
        ...account,
        positions: new Map(
          [...account.positions].map(([id, position]) => [
            id,
            id === linear ? position : { ...position, quantity: quantity("-99999999999999") as Quantity },
          ]),
        ),
      },
      marketOf({ mark: { "BTC-PERPETUAL": "0.000000000000000001" } }),
    ],
    [
      "more contracts than two words hold",
      {
        ...account,
        positions: new Map(
          [...account.positions].map(([id, position]) => [
            id,
            { ...position, quantity: quantity("123456789012345") as Quantity },
          ]),
        ),
      },
      marketOf(),
    ],
    ["half a contract", { ...account, positions: halfContract }, marketOf()],
  ])("%s", (_, judged, market) => {
    expectSame(assessHealth(judged, market, PARAMETERS), twin(judged, market, PARAMETERS));
  });
});

test("MARGIN-7: another parameter version at the same snapshot is another table", () => {
  fc.assert(
    fc.property(anyAccount, anyMarket, anyParameters, (account, market, parameters) => {
      assessHealth(account, market, PARAMETERS);
      const fresh = assessPrepared(account, prepareMarket(market, parameters));
      expectSame(assessHealth(account, market, parameters), fresh);
      expectSame(assessHealth(account, market, PARAMETERS), twin(account, market, PARAMETERS));
    }),
    { numRuns: 50 },
  );
});

test("COLLATERAL-1: a price of zero is refused by both", () => {
  const market = marketOf({ index: { USDC: "0" } });
  const account = accountOf({ balances: { USDC: "1" } });
  expect(market.indexPrices.get([...account.balances.keys()][0]!)).toEqual(price("0"));
  for (const assess of [assessAccount, assessHealth]) {
    expect(() => assess(account, market, PARAMETERS)).toThrow("COLLATERAL-1 prices are above zero");
  }
});
