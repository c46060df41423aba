import { magnitudeOf, scaledByTen, wholeMax, wholeMin } from "../whole-numbers.js";
import {
  BASE,
  type MarginKind,
  type PerpMarket,
  PRICE,
  perpMarginRatio,
  profitWeight,
  RATIO,
  type SpotMarket,
  spotAssetWeight,
  spotLiabilityWeight,
  tokenValue,
} from "./weights.js";

/*
 * Margin of a Drift account: tokens and perpetuals together, every open order taken at its worst side. Strict valuation
 * counts an asset at the lower of oracle price and its five-minute average, a debt at the higher.
 */

/** A price and its recent average; null where only the price counts. */
export interface StrictPrice {
  readonly price: bigint;
  readonly average: bigint | null;
}

export const lowerOf = ({ price, average }: StrictPrice): bigint =>
  average === null ? price : wholeMin(price, average);
export const higherOf = ({ price, average }: StrictPrice): bigint =>
  average === null ? price : wholeMax(price, average);

/** Tokens of an account in one market, with its orders. */
export interface SpotPosition {
  /** Signed: a debt below zero. */
  readonly tokens: bigint;
  /** Tokens that orders would buy, ≥ 0, and sell, ≤ 0. */
  readonly openBids: bigint;
  readonly openAsks: bigint;
  readonly openOrders: bigint;
  readonly market: SpotMarket;
  readonly price: StrictPrice;
}

/** A token position with all orders of one side filled. Quote units. */
export interface FillSimulation {
  readonly tokens: bigint;
  /** Paid (below zero) or received for the orders. */
  readonly ordersValue: bigint;
  readonly tokenValue: bigint;
  readonly weightedTokenValue: bigint;
  readonly contribution: bigint;
}

/**
 * The worse of "all bids fill" and "all asks fill" for free collateral; of the same worth, the asks.
 *
 * @method TIERS-23
 */
export function worstFill(position: SpotPosition, kind: MarginKind): FillSimulation {
  const bids = simulateFill(position, position.openBids, kind);
  const asks = simulateFill(position, position.openAsks, kind);
  return bids.contribution < asks.contribution ? bids : asks;
}

function simulateFill({ tokens, market, price }: SpotPosition, filled: bigint, kind: MarginKind): FillSimulation {
  const ordersValue = -tokenValue(filled, higherOf(price), market.decimals);
  const held = tokenValue(tokens, tokens >= 0n ? lowerOf(price) : higherOf(price), market.decimals);
  const after = tokens + filled;
  const value = held - ordersValue;
  const weight =
    value >= 0n
      ? spotAssetWeight(market, magnitudeOf(after), price.price, kind)
      : spotLiabilityWeight(market, after, kind);
  const weighted = (value * weight) / RATIO;
  return {
    tokens: after,
    ordersValue,
    tokenValue: value,
    weightedTokenValue: weighted,
    contribution: weighted + ordersValue,
  };
}

/**
 * The same under an account's own margin ratio: assets count for at most one less it, debts for at least one more. A ratio
 * of zero changes nothing.
 *
 * @method TIERS-23
 */
export function withOwnRatio(fill: FillSimulation, market: SpotMarket, ratio: bigint, kind: MarginKind, price: bigint) {
  if (ratio === 0n || market.isQuote || fill.tokenValue === 0n) return fill;
  const weight =
    fill.tokenValue > 0n
      ? wholeMin(spotAssetWeight(market, magnitudeOf(fill.tokens), price, kind), wholeMax(RATIO - ratio, 0n))
      : wholeMax(spotLiabilityWeight(market, fill.tokens, kind), RATIO + ratio);
  const weighted = (fill.tokenValue * weight) / RATIO;
  return { ...fill, weightedTokenValue: weighted, contribution: weighted + fill.ordersValue };
}

/** A perpetual position. */
export interface PerpPosition {
  readonly base: bigint;
  readonly quote: bigint;
  readonly openBids: bigint;
  readonly openAsks: bigint;
  readonly openOrders: bigint;
  /** The position's own smallest margin ratio. */
  readonly ratioMin: bigint;
  readonly market: PerpMarket;
}

/** Quote value of what a base amount owes at the oracle. */
export function perpLiability({ price, isPrediction }: PerpMarket, base: bigint): bigint {
  return (magnitudeOf(base) * (isPrediction && base < 0n ? PRICE - price : price)) / BASE;
}

/**
 * The base amount with all bids or all asks filled, whichever owes more; of the same worth, the asks.
 *
 * @method TIERS-23
 */
export function worstBase({ base, openBids, openAsks, market }: Omit<PerpPosition, "quote">) {
  const [bids, asks] = [base + openBids, base + openAsks];
  const [bidLiability, askLiability] = [perpLiability(market, bids), perpLiability(market, asks)];
  return bidLiability > askLiability
    ? { base: bids, liability: bidLiability }
    : { base: asks, liability: askLiability };
}

/** Profit of a perpetual position at the oracle, signed quote units. */
export function perpProfit({ base, quote, market }: Pick<PerpPosition, "base" | "quote" | "market">): bigint {
  return quote + (base * market.price) / BASE;
}

/** Most that one position's profit counts for when opening, quote units. */
const INITIAL_PROFIT_MAX = 100_000_000n;
/** Requirement of every open order, quote units. */
const ORDER_MARGIN = 10_000n;

/** How an account is measured. */
export interface Measure {
  readonly kind: MarginKind;
  readonly isStrict: boolean;
  /** Share of unweighted liabilities that a liquidation must restore beyond the requirement, 1e-4. */
  readonly buffer: bigint;
}

export interface Account {
  readonly spot: readonly SpotPosition[];
  readonly perp: readonly PerpPosition[];
  /** Price of the quote token. */
  readonly quotePrice: StrictPrice;
  /** The account's own smallest margin ratio. */
  readonly ratioMin: bigint;
  readonly isHighLeverage: boolean;
}

/** Quote units. */
export interface Margin {
  readonly requirement: bigint;
  readonly collateral: bigint;
  readonly requirementWithBuffer: bigint;
  readonly collateralWithBuffer: bigint;
}

/**
 * What an account must have and what it counts for.
 *
 * @method TIERS-23
 */
export function marginOf(account: Account, measure: Measure): Margin {
  let [requirement, collateral, liabilities, losses] = [0n, 0n, 0n, 0n];
  const owe = (weighted: bigint, unweighted: bigint) => {
    requirement += weighted;
    liabilities += unweighted;
  };
  for (const position of account.spot) {
    const priced = { ...position, price: measured(position.price, measure) };
    const ownRatio = measure.kind === "initial" ? account.ratioMin : 0n;
    const fill = withOwnRatio(
      worstFill(priced, measure.kind),
      priced.market,
      ownRatio,
      measure.kind,
      priced.price.price,
    );
    if (fill.weightedTokenValue >= 0n) collateral += fill.weightedTokenValue;
    else owe(-fill.weightedTokenValue, -fill.tokenValue);
    if (fill.ordersValue >= 0n) collateral += fill.ordersValue;
    else owe(-fill.ordersValue, -fill.ordersValue);
    requirement += position.openOrders * ORDER_MARGIN;
  }
  const quotePrice = measured(account.quotePrice, measure);
  for (const position of account.perp) {
    const required = perpRequirement(position, measure.kind, account);
    owe((required.margin * higherOf(quotePrice)) / PRICE, (required.liability * higherOf(quotePrice)) / PRICE);
    requirement += position.openOrders * ORDER_MARGIN;
    const profit = weightedProfit(position, measure.kind);
    const value = (profit * (profit >= 0n ? lowerOf(quotePrice) : higherOf(quotePrice))) / PRICE;
    collateral += value;
    if (value < 0n) losses += value;
  }
  return {
    requirement,
    collateral,
    requirementWithBuffer: requirement + (liabilities * measure.buffer) / RATIO,
    collateralWithBuffer: collateral + (losses * measure.buffer) / RATIO,
  };
}

/** Without strictness only the oracle's price counts. */
const measured = (price: StrictPrice, { isStrict }: Measure): StrictPrice =>
  isStrict ? price : { price: price.price, average: null };

/** Requirement of a perpetual position at its worst side, before the quote token's own price. */
export function perpRequirement(
  position: Omit<PerpPosition, "quote">,
  kind: MarginKind,
  { ratioMin, isHighLeverage }: Pick<Account, "ratioMin" | "isHighLeverage">,
) {
  const { base, liability } = worstBase(position);
  const ratio = perpMarginRatio(position.market, magnitudeOf(base), kind, isHighLeverage);
  const own = kind === "initial" ? wholeMax(ratioMin, position.ratioMin) : 0n;
  return { liability, margin: (liability * wholeMax(ratio, own)) / RATIO };
}

/** Profit as it counts: weighted, and when opening at most so much of it. */
export function weightedProfit(position: Pick<PerpPosition, "base" | "quote" | "market">, kind: MarginKind): bigint {
  const profit = perpProfit(position);
  const weighted = (profit * profitWeight(position.market, profit, kind)) / RATIO;
  return kind === "initial" ? wholeMin(weighted, INITIAL_PROFIT_MAX) : weighted;
}

/**
 * Unweighted worth of an account at oracle prices: signed token values and profits.
 *
 * @method TIERS-23
 */
export function equityOf({ spot, perp, quotePrice }: Account): bigint {
  const tokens = spot.reduce(
    (sum, { tokens: held, price, market }) => sum + tokenValue(held, price.price, market.decimals),
    0n,
  );
  return perp.reduce((sum, position) => sum + (perpProfit(position) * quotePrice.price) / PRICE, tokens);
}

const QUOTE_DIGITS = 6n;

/**
 * Tokens of one position that may leave without free collateral falling to zero; all of them while the account owes
 * nothing.
 *
 * @method TIERS-23
 */
export function withdrawableTokens(account: Account, at: number): bigint {
  const position = account.spot[at];
  if (position === undefined) return 0n;
  const owes =
    account.spot.some(({ tokens, openAsks }) => tokens + openAsks < 0n) || account.perp.some(({ base }) => base !== 0n);
  if (!owes) return wholeMax(position.tokens, 0n);
  const { requirement, collateral } = marginOf(account, { kind: "initial", isStrict: false, buffer: 0n });
  const free = wholeMax(collateral - requirement - 1n, 0n);
  const weight = spotAssetWeight(position.market, position.tokens, position.price.price, "initial");
  if (weight === 0n) return 0n;
  const value = (((free * RATIO) / weight) * PRICE) / position.price.price;
  return wholeMin(scaledByTen(value, position.market.decimals - QUOTE_DIGITS), wholeMax(position.tokens, 0n));
}

/** What decides whether an account is bankrupt. */
export interface Holdings {
  readonly tokens: readonly bigint[];
  readonly perp: readonly {
    readonly base: bigint;
    readonly quote: bigint;
    readonly openOrders: bigint;
    readonly isIsolated: boolean;
  }[];
}

/**
 * Has a cross account only debts left? Some liability, no deposit, and every cross perpetual flat, without profit and without
 * orders. Isolated positions do not count.
 *
 * @method TIERS-23
 */
export function isBankrupt({ tokens, perp }: Holdings): boolean {
  const cross = perp.filter(({ isIsolated }) => !isIsolated);
  if (tokens.some((held) => held > 0n)) return false;
  if (cross.some(({ base, quote, openOrders }) => base !== 0n || quote > 0n || openOrders > 0n)) return false;
  return tokens.some((held) => held < 0n) || cross.some(({ quote }) => quote < 0n);
}
