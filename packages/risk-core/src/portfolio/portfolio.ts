import type { AssetId, InstrumentId, UtcMillis } from "@ballast/model";
import type { Amount, Price, Quantity, Rate, Ratio, Usd } from "@ballast/money";

/*
 * What a margin model looks at: one pool of collateral, the contracts held and the orders resting against it, and the
 * quotes of one moment. Everything is a decimal; the scan makes its float64 columns from it (`scenario/columns.ts`).
 *
 * A portfolio is richer than an account of the exchange (`model/account.ts`): it knows options, per-expiry forwards and
 * volatilities, and it need not be held anywhere, so that what-ifs and other venues' examples are portfolios too.
 */

/** One pool with everything that decides its margin. Lists in any order: nothing depends on it. */
export interface Portfolio {
  /** The money that every price here is in: a dollar, or a dollar stablecoin. */
  readonly quote: AssetId;
  /** Dollars for one unit of the quote, in case its peg slips. */
  readonly quotePrice: Price;
  /** What every figure of the result is counted in: the quote, or one of the underlyings (a pool margined in coin). */
  readonly numeraire: AssetId;
  readonly at: UtcMillis;
  readonly underlyings: ReadonlyMap<AssetId, UnderlyingQuote>;
  readonly expiries: readonly ExpiryQuote[];
  readonly contracts: ReadonlyMap<InstrumentId, MarginContract>;
  readonly balances: ReadonlyMap<AssetId, CollateralBalance>;
  readonly holdings: ReadonlyMap<InstrumentId, Holding>;
  readonly orders: readonly RestingOrder[];
}

/** What the world says of an underlying. `confidence` 0…1 is how much its sources agree. */
export interface UnderlyingQuote {
  readonly spot: Price;
  readonly confidence: Ratio;
  /** Money that moves its price by one per cent, in the quote; null where nobody has measured it. */
  readonly depth: Usd | null;
}

/**
 * One expiry of one underlying. `fixedForward` is the part of the forward that a settlement average has already fixed and
 * no scenario moves; zero outside the window.
 */
export interface ExpiryQuote {
  readonly underlying: AssetId;
  readonly expiresAt: UtcMillis;
  readonly forward: Price;
  readonly fixedForward: Price;
  /** Continuous annual rate that discounts options of this expiry. */
  readonly rate: Rate;
  readonly confidence: Ratio;
}

interface ContractTerms {
  readonly id: InstrumentId;
  readonly underlying: AssetId;
  /**
   * `linear`: paid in dollars, a quantity is units of the underlying. `inverse`: paid in the underlying itself; a
   * delta-one quantity is dollars, an option's is units of the underlying.
   */
  readonly payoff: "linear" | "inverse";
  readonly confidence: Ratio;
}

/** A contract that moves one for one with its underlying. Spot is held outright, the others against entry. */
export interface DeltaOneContract extends ContractTerms {
  readonly kind: "spot" | "perpetual" | "future";
  readonly markPrice: Price;
  /** Null unless a dated future. */
  readonly expiresAt: UtcMillis | null;
  /** May its price fall to zero and below? Then a scenario may shift it there; otherwise that scenario is refused. */
  readonly negativePrices: boolean;
}

/** An option on the forward of its expiry. */
export interface OptionContract extends ContractTerms {
  readonly kind: "option";
  readonly right: "call" | "put";
  readonly style: OptionStyle;
  /** Of a lookback: the lowest price so far for a call, the highest for a put. */
  readonly strike: Price;
  readonly expiresAt: UtcMillis;
  /** Implied volatility for one year, 0.8 is 80 %. */
  readonly volatility: Ratio;
}

/**
 * `european`. `floating-lookback`: pays against the extreme price of its life, so that the extreme so far is its strike and a
 * new extreme on a path moves it. `geometric-average`: pays the geometric mean of its fixings against the strike; some may
 * be known.
 */
export type OptionStyle =
  | { readonly name: "european" }
  | { readonly name: "floating-lookback" }
  | {
      readonly name: "geometric-average";
      /** Fixings still to come, ascending, none after expiry. */
      readonly fixesAt: readonly UtcMillis[];
      readonly fixed: { readonly count: number; readonly mean: Price } | null;
    };

export type MarginContract = DeltaOneContract | OptionContract;

/** A position. `unrealisedProfit` is in the quote, at the mark, and unpaid; options carry none: their value is the mark itself. */
export interface Holding {
  readonly instrument: InstrumentId;
  /** Signed: long above zero. */
  readonly quantity: Quantity;
  readonly unrealisedProfit: Amount;
}

/** An order that rests in the book; `quantity` is signed, a sale below zero. */
export interface RestingOrder {
  readonly instrument: InstrumentId;
  readonly quantity: Quantity;
  readonly limitPrice: Price;
}

/** A balance of one asset; below zero it is a debt. */
export interface CollateralBalance {
  readonly amount: Amount;
  /** One unit in the quote. */
  readonly price: Price;
  readonly confidence: Ratio;
  /** The underlying whose scenarios it moves with and so hedges; null when it keeps its value in every scenario. */
  readonly movesWith: AssetId | null;
}
