import { beforeAll, expect, test } from "@jest/globals";
import {
  type Account,
  type AccountId,
  assetId,
  compareIds,
  contractValue,
  INSURANCE_FUND,
  type Instrument,
  instrumentId,
  type MarketSnapshot,
  type Position,
  toUtcMillis,
} from "@ballast/model";
import {
  add,
  Decimal,
  negate,
  price,
  printDecimal,
  type Quantity,
  usd,
  ZERO_AMOUNT,
  ZERO_QUANTITY,
} from "@ballast/money";
import { assessHealth, standardParameters } from "@ballast/risk-core";
import { generatePopulation, type Population } from "./population.js";

const PARAMETERS = standardParameters();
const MARKET: MarketSnapshot = {
  sequence: 1,
  at: toUtcMillis(Date.UTC(2020, 2, 12)),
  indexPrices: new Map([
    [assetId("USDC"), price("1")],
    [assetId("BTC"), price("7933.86")],
    [assetId("ETH"), price("194.3")],
  ]),
  markPrices: new Map([
    [instrumentId("BTC_USDC-PERPETUAL"), price("7933.86")],
    [instrumentId("ETH_USDC-PERPETUAL"), price("194.3")],
    [instrumentId("BTC-PERPETUAL"), price("7933.86")],
    [instrumentId("ETH-PERPETUAL"), price("194.3")],
    [instrumentId("BTC_USDC-26JUN20"), price("8026.12")],
  ]),
  depths: new Map(),
};
const generate = (seed: string, accounts: number): Population =>
  generatePopulation({ seed, accounts, market: MARKET, parameters: PARAMETERS });

let population: Population;
beforeAll(() => {
  population = generate("1", 2_000);
});

const bytes = (drawn: Population): string =>
  JSON.stringify(drawn, (_, value: unknown) => (Decimal.isDecimal(value) ? printDecimal(value) : value));

test("the same seed gives the same bytes, another seed other people", () => {
  expect(bytes(generate("7", 200))).toBe(bytes(generate("7", 200)));
  expect(bytes(generate("7", 200))).not.toBe(bytes(generate("8", 200)));
});

test("more accounts never change who the earlier ones are, only which maker they met", () => {
  const wealth = (drawn: Population) => drawn.accounts.filter(({ kind }) => kind === "USER").map((user) => user.wealth);
  const few = wealth(generate("7", 200)).map(printDecimal);
  expect(wealth(generate("7", 400)).map(printDecimal).slice(0, few.length)).toEqual(few);
});

test("2,000 accounts are 20 makers and 1,980 users, every id once, parents before their sub-accounts", () => {
  const ids = population.accounts.map((account) => account.id);
  expect(new Set(ids).size).toBe(2_000);
  expect(population.accounts.filter((account) => account.kind === "MARKET_MAKER")).toHaveLength(20);
  for (const { id, parent } of population.accounts) {
    if (parent !== null) expect({ id, before: ids.indexOf(parent) < ids.indexOf(id) }).toEqual({ id, before: true });
  }
});

const shareOf = (count: number, all: number): number => Math.round((count / all) * 100);

test("styles are near the stated shares: 70 % directional, 12 % pairs, the rest hedged", () => {
  const users = population.accounts.filter(({ kind }) => kind === "USER");
  const share = (style: string) => shareOf(users.filter((user) => user.style === style).length, users.length);
  expect(Math.abs(share("DIRECTIONAL") - 70)).toBeLessThanOrEqual(3);
  expect(Math.abs(share("PAIR") - 12)).toBeLessThanOrEqual(3);
  expect(Math.abs(share("HEDGED") - 18)).toBeLessThanOrEqual(3);
});

test("of the directional, 62 % are long, and nobody is both", () => {
  const styles = new Map(population.accounts.map(({ id, style }) => [id, style]));
  const sides = new Map<AccountId, Set<string>>();
  for (const { buyer, seller } of population.fills) {
    for (const [id, side] of [
      [buyer, "LONG"],
      [seller, "SHORT"],
    ] as const) {
      if (styles.get(id) === "DIRECTIONAL") sides.set(id, (sides.get(id) ?? new Set()).add(side));
    }
  }
  expect([...sides.values()].every((side) => side.size === 1)).toBe(true);
  const long = [...sides.values()].filter((side) => side.has("LONG")).length;
  expect(Math.abs(shareOf(long, sides.size) - 62)).toBeLessThanOrEqual(4);
});

function accountsAfter(drawn: Population): Map<AccountId, Account> {
  const accounts = new Map<AccountId, Account>(
    drawn.accounts.map(({ id, kind, parent }) => [
      id,
      {
        id,
        kind,
        parent,
        marginMode: "STANDARD",
        balances: new Map(),
        positions: new Map<Position["instrument"], Position>(),
      },
    ]),
  );
  for (const { account, asset, amount } of drawn.deposits) {
    const holder = accounts.get(account);
    if (holder === undefined) continue;
    accounts.set(account, { ...holder, balances: new Map(holder.balances).set(asset, amount) });
  }
  for (const fill of drawn.fills) {
    const instrument = PARAMETERS.instruments.get(fill.instrument) as Instrument;
    for (const [id, signed] of [
      [fill.buyer, fill.quantity],
      [fill.seller, negate(fill.quantity)],
    ] as const) {
      const holder = accounts.get(id) as Account;
      const held = holder.positions.get(fill.instrument);
      const cash = negate(contractValue(instrument, signed, fill.price));
      const position: Position = {
        instrument: fill.instrument,
        quantity: add(held?.quantity ?? ZERO_QUANTITY, signed),
        entryCash: add(held?.entryCash ?? ZERO_AMOUNT, cash),
      };
      accounts.set(id, { ...holder, positions: new Map(holder.positions).set(fill.instrument, position) });
    }
  }
  return accounts;
}

test("every instrument is traded, in whole lots, and open interest nets to zero", () => {
  const net = new Map<string, Quantity>();
  for (const account of accountsAfter(population).values()) {
    for (const { instrument, quantity } of account.positions.values()) {
      net.set(instrument, add(net.get(instrument) ?? ZERO_QUANTITY, quantity));
    }
  }
  expect(
    [...net]
      .map(([id, over]) => [id, over.toFixed()])
      .sort(([left], [right]) => compareIds(String(left), String(right))),
  ).toEqual([...PARAMETERS.instruments.keys()].sort(compareIds).map((id) => [id, "0"]));
  for (const { instrument, quantity } of population.fills) {
    const lot = PARAMETERS.instruments.get(instrument)?.lotSize as Quantity;
    expect(quantity.gt(0) && quantity.mod(lot).isZero()).toBe(true);
  }
});

test("everybody starts healthy, nine tenths of equity bound at most, makers with much to spare", () => {
  for (const account of accountsAfter(population).values()) {
    const { summary } = assessHealth(account, MARKET, PARAMETERS);
    const share = account.kind === "MARKET_MAKER" ? "0.3" : "0.95";
    expect({
      account: account.id,
      bound: summary.initialMargin.lte(summary.equity.mul(share)),
    }).toEqual({ account: account.id, bound: true });
  }
});

test("the fund starts with three quarters to one per cent of open interest, in three assets", () => {
  const fund = population.deposits.filter((deposit) => deposit.account === INSURANCE_FUND);
  const value = fund.reduce(
    (sum, { asset, amount }) => usd(sum.add(amount.mul(MARKET.indexPrices.get(asset) ?? 0))),
    usd("0"),
  );
  const share = value.div(population.openInterest);
  expect(fund.map(({ asset }) => asset)).toEqual(["USDC", "BTC", "ETH"]);
  expect(share.gt("0.0074") && share.lt("0.0102")).toBe(true);
});
