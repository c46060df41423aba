import {
  amount,
  contractSize,
  type Decimal,
  negate,
  price,
  quantity,
  ratio,
  usd,
  ZERO_AMOUNT,
  ZERO_QUANTITY,
} from "@ballast/money";
import { anyPrice, anyQuantity, anyRatio, anyText } from "@ballast/money/testing";
import fc from "fast-check";
import { type Account, type AccountKind, INSURANCE_FUND, type MarginMode, TREASURY } from "./account.js";
import type { Asset } from "./asset.js";
import type { Fill } from "./fill.js";
import { type AccountId, type AssetId, accountId, assetId, instrumentId } from "./ids.js";
import { contractValue, type DatedFuture, type Instrument, type Perpetual } from "./instrument.js";
import type { MarketSnapshot } from "./market.js";
import type { Position } from "./position.js";
import { toUtcMillis, type UtcMillis } from "./time.js";

/*
 * For tests only: the people, assets, contracts and prices that tests speak of by name, and arbitraries of all of them.
 * The contracts are those of the default parameters of risk-core, so what a test shows holds for the house as it is.
 */

export const USDC: AssetId = assetId("USDC");
export const BTC: AssetId = assetId("BTC");
export const ETH: AssetId = assetId("ETH");
/** The collateral assets, to the digits in which people move them. */
export const ASSETS: readonly Asset[] = [
  { id: USDC, scale: 6 },
  { id: BTC, scale: 8 },
  { id: ETH, scale: 8 },
];

/** Noon of 12 March 2020, UTC: the hour before the worst of it. */
export const NOON: UtcMillis = toUtcMillis(1_584_014_400_000);

const linearBitcoin = {
  payoff: "linear",
  underlying: BTC,
  settlementAsset: USDC,
  contractSize: contractSize("0.001"),
  lotSize: quantity("1"),
  tickSize: price("0.5"),
} as const;
const linearEther = {
  ...linearBitcoin,
  underlying: ETH,
  contractSize: contractSize("0.01"),
  tickSize: price("0.05"),
} as const;

/** Linear: 0.001 BTC a contract, settled in USDC. */
export const BTC_USDC_PERPETUAL: Perpetual = {
  ...linearBitcoin,
  id: instrumentId("BTC_USDC-PERPETUAL"),
  kind: "perpetual",
};
/** Linear: 0.01 ETH a contract, settled in USDC. */
export const ETH_USDC_PERPETUAL: Perpetual = {
  ...linearEther,
  id: instrumentId("ETH_USDC-PERPETUAL"),
  kind: "perpetual",
};
/** Inverse: 10 dollars a contract, settled in BTC. */
export const BTC_PERPETUAL: Perpetual = {
  ...linearBitcoin,
  id: instrumentId("BTC-PERPETUAL"),
  kind: "perpetual",
  payoff: "inverse",
  settlementAsset: BTC,
  contractSize: contractSize("10"),
};
/** Inverse: one dollar a contract, settled in ETH. */
export const ETH_PERPETUAL: Perpetual = {
  ...linearEther,
  id: instrumentId("ETH-PERPETUAL"),
  kind: "perpetual",
  payoff: "inverse",
  settlementAsset: ETH,
  contractSize: contractSize("1"),
};
/** Linear, expires on 26 June 2020 at 08:00 UTC. */
export const BTC_USDC_26JUN20: DatedFuture = {
  ...linearBitcoin,
  id: instrumentId("BTC_USDC-26JUN20"),
  kind: "dated-future",
  expiresAt: toUtcMillis(1_593_158_400_000),
};
export const INSTRUMENTS: readonly Instrument[] = [
  BTC_USDC_PERPETUAL,
  ETH_USDC_PERPETUAL,
  BTC_PERPETUAL,
  ETH_PERPETUAL,
  BTC_USDC_26JUN20,
];

/** Positions as `[contract, signed contracts, entry price]`. */
export type Held = readonly (readonly [instrument: Instrument, contracts: string, entryPrice: string])[];

/** An account as a person would say it; what is left out is empty. */
export interface AccountWords {
  readonly kind?: AccountKind;
  readonly parent?: AccountId;
  readonly marginMode?: MarginMode;
  readonly balances?: Readonly<Record<string, string>>;
  readonly positions?: Held;
}

/** The account that the words describe. Zero balances and positions are left out, as the model asks. */
export function accountOf(
  name: string,
  { kind = "USER", parent, marginMode = "STANDARD", balances = {}, positions = [] }: AccountWords = {},
): Account {
  return {
    id: accountId(name),
    kind,
    parent: parent ?? null,
    marginMode,
    balances: new Map(
      Object.entries(balances)
        .map(([asset, text]) => [assetId(asset), amount(text)] as const)
        .filter(([, balance]) => !balance.isZero()),
    ),
    positions: new Map(
      positions
        .map(([instrument, contracts, entryPrice]) => positionOf(instrument, contracts, entryPrice))
        .filter((position) => !position.quantity.isZero())
        .map((position) => [position.instrument, position] as const),
    ),
  };
}

/** A position opened in one trade at the entry price. */
export function positionOf(instrument: Instrument, contracts: string, entryPrice: string): Position {
  const held = quantity(contracts);
  return {
    instrument: instrument.id,
    quantity: held,
    entryCash: negate(contractValue(instrument, held, price(entryPrice))),
  };
}

/** Alice trades, Bob takes the other side, Carol watches, and the maker is always there. Nobody has anything yet. */
export const ALICE: Account = accountOf("alice");
export const BOB: Account = accountOf("bob");
export const CAROL: Account = accountOf("carol");
export const MAKER: Account = accountOf("maker", { kind: "MARKET_MAKER" });
export const FUND: Account = accountOf(INSURANCE_FUND, { kind: "INSURANCE_FUND" });
export const HOUSE: Account = accountOf(TREASURY, { kind: "HOUSE" });

/** What an account holds, as text that a test can compare: balances by asset, `[contracts, cost]` by instrument. */
export function holdingsOf(account: Account): Readonly<Record<string, string | readonly [string, string]>> {
  const wallet = [...account.balances].map(([asset, balance]) => [asset, balance.toFixed()] as const);
  const positions = [...account.positions.values()].map(
    ({ instrument, quantity: held, entryCash }) => [instrument, [held.toFixed(), entryCash.toFixed()]] as const,
  );
  return Object.fromEntries([...wallet, ...positions]);
}

/** The balance of an asset; zero when there is none. */
export const balanceOf = (account: Account, asset: AssetId): Decimal => account.balances.get(asset) ?? ZERO_AMOUNT;
/** The contracts held of an instrument, signed; zero when there are none. */
export const contractsOf = (account: Account, { id }: Instrument): Decimal =>
  account.positions.get(id)?.quantity ?? ZERO_QUANTITY;
/** What the open contracts of an instrument have cost, signed as cash; zero when there are none. */
export const costOf = (account: Account, { id }: Instrument): Decimal =>
  account.positions.get(id)?.entryCash ?? ZERO_AMOUNT;

/** Prices as text; what is left out stays at the calm market of early March 2020. */
export interface MarketWords {
  readonly sequence?: number;
  readonly index?: Readonly<Record<string, string>>;
  readonly mark?: Readonly<Record<string, string>>;
  readonly depth?: Readonly<Record<string, string>>;
}

/** A snapshot at noon: the calm market with some prices replaced. */
export function marketOf({ sequence = 1, index = {}, mark = {}, depth = {} }: MarketWords = {}): MarketSnapshot {
  return {
    sequence,
    at: NOON,
    indexPrices: read({ USDC: "1", BTC: "8000", ETH: "200", ...index }, assetId, price),
    markPrices: read({ ...marks("8000", "200"), "BTC_USDC-26JUN20": "8100", ...mark }, instrumentId, price),
    depths: read({ ...marks("10000000", "4000000"), ...depth }, instrumentId, usd),
  };
}
export const CALM_MARKET: MarketSnapshot = marketOf();

function marks(bitcoin: string, ether: string): Readonly<Record<string, string>> {
  return Object.fromEntries(INSTRUMENTS.map(({ id, underlying }) => [id, underlying === BTC ? bitcoin : ether]));
}

function read<Id, Value>(
  texts: Readonly<Record<string, string>>,
  id: (text: string) => Id,
  value: (text: string) => Value,
): ReadonlyMap<Id, Value> {
  return new Map(Object.entries(texts).map(([key, text]) => [id(key), value(text)] as const));
}

/** Every text that is an identifier. */
export const anyIdText: fc.Arbitrary<string> = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
export const anyAccountId: fc.Arbitrary<AccountId> = anyIdText.map(accountId);
export const anyAsset: fc.Arbitrary<Asset> = fc.constantFrom(...ASSETS);
export const anyInstrument: fc.Arbitrary<Instrument> = fc.constantFrom(...INSTRUMENTS);
/** Milliseconds of the days of the crash. */
export const anyTime: fc.Arbitrary<UtcMillis> = fc
  .integer({ min: 1_583_971_200_000, max: 1_584_100_800_000 })
  .map(toUtcMillis);

/** Prices at which the underlying of an instrument has traded: a tenth to four times the calm market, in cents. */
export const anyPriceOf = ({ underlying }: Instrument) =>
  underlying === BTC ? anyPrice({ min: "800", max: "32000" }) : anyPrice({ min: "20", max: "800" });

/** A position in an instrument, opened in one trade: up to a hundred thousand contracts, long or short, never none. */
export function anyPositionIn(instrument: Instrument): fc.Arbitrary<Position> {
  return fc
    .tuple(fc.boolean(), anyQuantity({ min: "1", max: "100000" }), anyPriceOf(instrument))
    .map(([long, contracts, at]) =>
      positionOf(instrument, (long ? contracts : negate(contracts)).toFixed(), at.toFixed()),
    );
}

/** Accounts with any mix of balances, debts among them, and of positions. */
export const anyAccount: fc.Arbitrary<Account> = fc
  .record({
    name: anyIdText,
    USDC: anyText({ min: "-500000", max: "5000000", scale: 6 }),
    BTC: anyText({ min: "-10", max: "200", scale: 8 }),
    ETH: anyText({ min: "-100", max: "5000", scale: 8 }),
    kept: fc.subarray(["USDC", "BTC", "ETH"] as const),
    positions: fc.subarray([...INSTRUMENTS]).chain((held) => fc.tuple(...held.map(anyPositionIn))),
  })
  .map(({ name, kept, positions, ...texts }) => ({
    ...accountOf(name, { balances: Object.fromEntries(kept.map((asset) => [asset, texts[asset]])) }),
    positions: new Map(positions.map((position) => [position.instrument, position])),
  }));

/** Snapshots from a tenth to four times the calm prices, with marks a little off the index and a dollar off its peg. */
export const anyMarket: fc.Arbitrary<MarketSnapshot> = fc
  .record({
    sequence: fc.integer({ min: 1, max: 1_000_000 }),
    USDC: anyText({ min: "0.97", max: "1.02", scale: 4 }),
    BTC: anyText({ min: "800", max: "32000", scale: 2 }),
    ETH: anyText({ min: "20", max: "800", scale: 2 }),
    basis: anyRatio({ min: "0.98", max: "1.03" }),
    depth: anyText({ min: "100000", max: "20000000", scale: 2 }),
  })
  .map(({ sequence, USDC: dollar, BTC: bitcoin, ETH: ether, basis, depth }) => {
    const marked = (text: string): string => price(text).mul(basis).toFixed(6);
    return marketOf({
      sequence,
      index: { USDC: dollar, BTC: bitcoin, ETH: ether },
      mark: marks(marked(bitcoin), marked(ether)),
      depth: marks(depth, depth),
    });
  });

/** A match of Alice with Bob or Bob with Alice, at fee rates from a rebate to a tenth of a per cent. */
export const anyFill: fc.Arbitrary<Fill> = anyInstrument.chain((instrument) =>
  fc
    .record({
      id: anyIdText,
      aliceBuys: fc.boolean(),
      quantity: anyQuantity({ min: "1", max: "100000" }),
      price: anyPriceOf(instrument),
      buyerFeeRate: anyText({ min: "-0.0002", max: "0.001", scale: 5 }).map(ratio),
      sellerFeeRate: anyText({ min: "-0.0002", max: "0.001", scale: 5 }).map(ratio),
      at: anyTime,
    })
    .map(({ aliceBuys, ...fill }) => ({
      ...fill,
      instrument: instrument.id,
      buyer: (aliceBuys ? ALICE : BOB).id,
      seller: (aliceBuys ? BOB : ALICE).id,
    })),
);
