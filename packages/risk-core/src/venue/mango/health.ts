import { Decimal } from "@ballast/money";

/*
 * Mango v4's health: one number for tokens, perpetuals that settle in them, and money reserved by open spot orders. Three
 * kinds: `init` (scaled initial weights, the worse of oracle and stable price) decides what may be opened, `liquidation-end`
 * (initial weights, oracle) where a liquidation stops, `maint` (maintenance weights, oracle) where one starts.
 *
 * Source: the protocol's public tests and those of its client.
 */

export type HealthKind = "init" | "liquidation-end" | "maint";

/** Weights of a token or of a perpetual's base. */
export interface Weights {
  readonly initAsset: Decimal;
  readonly initLiability: Decimal;
  readonly maintAsset: Decimal;
  readonly maintLiability: Decimal;
}

export interface Token extends Weights {
  readonly price: Decimal;
  readonly stablePrice: Decimal;
  /** Signed. */
  readonly balance: Decimal;
  /** Initial weights after the whole bank's deposits and borrows are counted. */
  readonly scaledInitAsset: Decimal;
  readonly scaledInitLiability: Decimal;
}

/** A spot market's orders: money reserved in them, whose final side is not known. */
export interface SpotMarket {
  /** Places in the list of tokens. */
  readonly base: number;
  readonly quote: number;
  readonly reservedBase: Decimal;
  readonly reservedQuote: Decimal;
  /** Best prices of the orders themselves; undefined where there are none. The bid is inverted: base for one quote. */
  readonly lowestAsk?: Decimal | undefined;
  readonly highestBidInverted?: Decimal | undefined;
}

export interface Perp extends Weights {
  readonly price: Decimal;
  /** Place of the token that it settles in. */
  readonly settle: number;
  /** Signed, and what orders would buy and sell (≥ 0); in the underlying. */
  readonly base: Decimal;
  readonly bids: Decimal;
  readonly asks: Decimal;
  readonly quote: Decimal;
  /** Share of a positive result that counts. */
  readonly initOverall: Decimal;
  readonly maintOverall: Decimal;
}

export interface HealthAccount {
  readonly tokens: readonly Token[];
  readonly spotMarkets: readonly SpotMarket[];
  readonly perps: readonly Perp[];
}

const ZERO = new Decimal(0);

/** A weight that falls once the whole bank holds more than a value of deposits. */
export function scaledAssetWeight(weight: Decimal, depositsValue: Decimal, start: Decimal | undefined): Decimal {
  return start === undefined || depositsValue.lte(start) ? weight : weight.mul(start).div(depositsValue);
}

/** A weight that grows once the whole bank has lent more than a value. */
export function scaledLiabilityWeight(weight: Decimal, borrowsValue: Decimal, start: Decimal | undefined): Decimal {
  return start === undefined || borrowsValue.lte(start) ? weight : weight.mul(borrowsValue).div(start);
}

/** Value of a signed amount of a token: an asset at its weight and lower price, a debt at the other pair. */
export function tokenHealth(token: Token, amount: Decimal, kind: HealthKind): Decimal {
  const { asset, liability } = tokenRates(token, kind);
  return amount.mul(amount.lt(0) ? liability : asset);
}

/** Weight × price of an asset and of a debt. */
export function tokenRates(token: Token, kind: HealthKind) {
  if (kind === "maint") {
    return { asset: token.maintAsset.mul(token.price), liability: token.maintLiability.mul(token.price) };
  }
  if (kind === "liquidation-end") {
    return { asset: token.initAsset.mul(token.price), liability: token.initLiability.mul(token.price) };
  }
  return {
    asset: token.scaledInitAsset.mul(Decimal.min(token.price, token.stablePrice)),
    liability: token.scaledInitLiability.mul(Decimal.max(token.price, token.stablePrice)),
  };
}

/**
 * What a perpetual adds to the token that it settles in: quote and weighted base, with all bids or all asks filled, whichever
 * is worse; of a positive result only the overall share.
 *
 * @method TIERS-26
 */
export function perpHealth(perp: Perp, kind: HealthKind): Decimal {
  const worst = Decimal.min(
    weightedBase(perp, perp.base.add(perp.bids), kind).sub(perp.bids.mul(perp.price)),
    weightedBase(perp, perp.base.sub(perp.asks), kind).add(perp.asks.mul(perp.price)),
  );
  const result = perp.quote.add(worst);
  return result.gt(0) ? result.mul(kind === "maint" ? perp.maintOverall : perp.initOverall) : result;
}

function weightedBase(perp: Perp, base: Decimal, kind: HealthKind): Decimal {
  const [asset, liability] =
    kind === "maint" ? [perp.maintAsset, perp.maintLiability] : [perp.initAsset, perp.initLiability];
  return base.mul(base.lt(0) ? liability : asset).mul(perp.price);
}

/** What reserved orders of one market could all become. */
interface Reserved {
  readonly asBase: Decimal;
  readonly asQuote: Decimal;
}

function reservedOf(market: SpotMarket, tokens: readonly Token[]): Reserved {
  const [base, quote] = [tokens[market.base] as Token, tokens[market.quote] as Token];
  const ratio = base.price.div(quote.price);
  const quoteAsBase = market.reservedQuote.div(ratio);
  const baseAsQuote = market.reservedBase.mul(ratio);
  const { lowestAsk, highestBidInverted } = market;
  const atBid = highestBidInverted === undefined ? quoteAsBase : market.reservedQuote.mul(highestBidInverted);
  const atAsk = lowestAsk === undefined ? baseAsQuote : market.reservedBase.mul(lowestAsk);
  return {
    asBase: market.reservedBase.add(Decimal.min(quoteAsBase, atBid)),
    asQuote: market.reservedQuote.add(Decimal.min(baseAsQuote, atAsk)),
  };
}

/** The parts that health is the sum of. */
export interface HealthParts {
  /** Of each token: spot, and what perpetuals add to it one by one. */
  readonly spot: readonly Decimal[];
  readonly perps: readonly (readonly Decimal[])[];
  /** What reserved orders add, over all markets. */
  readonly reserved: Decimal;
}

/**
 * The amounts that health weighs: tokens, perpetuals by the token that they settle in, and reserved orders. Each market's
 * orders count as what they add at least, were all of them to become base or all quote, on top of everything that all other
 * markets could bring.
 *
 * @method TIERS-26
 */
export function healthParts({ tokens, spotMarkets, perps }: HealthAccount, kind: HealthKind): HealthParts {
  const settled = tokens.map((_, at) =>
    perps.filter(({ settle }) => settle === at).map((perp) => perpHealth(perp, kind)),
  );
  const held = tokens.map(({ balance }, at) => (settled[at] ?? []).reduce((sum, add) => sum.add(add), balance));
  const reserved = spotMarkets.map((market) => ({ market, ...reservedOf(market, tokens) }));
  const most = tokens.map((_, at) =>
    reserved.reduce((sum, { market, asBase, asQuote }) => {
      const base = market.base === at ? asBase : ZERO;
      const quote = market.quote === at ? asQuote : ZERO;
      return sum.add(base).add(quote);
    }, ZERO),
  );
  const effect = (at: number, amount: Decimal): Decimal => {
    const reach = (held[at] as Decimal).add(most[at] as Decimal);
    const asAsset = Decimal.max(Decimal.min(amount, reach), 0);
    const { asset, liability } = tokenRates(tokens[at] as Token, kind);
    return asAsset.mul(asset).add(amount.sub(asAsset).mul(liability));
  };
  return {
    spot: tokens.map(({ balance }) => balance),
    perps: settled,
    reserved: reserved.reduce((sum, { market, asBase, asQuote }) => {
      if (asBase.isZero() && asQuote.isZero()) return sum;
      return sum.add(Decimal.min(effect(market.base, asBase), effect(market.quote, asQuote)));
    }, ZERO),
  };
}

/**
 * Health of an account.
 *
 * @method TIERS-26
 */
export function health(account: HealthAccount, kind: HealthKind): Decimal {
  const { spot, perps, reserved } = healthParts(account, kind);
  return account.tokens.reduce((sum, token, at) => {
    const amount = (perps[at] ?? []).reduce((total, add) => total.add(add), spot[at] as Decimal);
    return sum.add(tokenHealth(token, amount, kind));
  }, reserved);
}

/**
 * Hundredths by which assets exceed liabilities, of liabilities; null without any. Of each token, what is owed counts as a
 * liability at the debt's rate; what is held offsets it at that same rate first, and only the rest counts as an asset.
 *
 * @method TIERS-26
 */
export function healthRatio(account: HealthAccount, kind: HealthKind): Decimal | null {
  const { spot, perps, reserved } = healthParts(account, kind);
  let [assets, liabilities] = [reserved, ZERO];
  for (const [at, token] of account.tokens.entries()) {
    const { asset, liability } = tokenRates(token, kind);
    const amounts = [spot[at] as Decimal, ...(perps[at] ?? [])];
    const owed = amounts.reduce((sum, amount) => sum.add(Decimal.min(amount, 0)), ZERO).neg();
    const owned = amounts.reduce((sum, amount) => sum.add(Decimal.max(amount, 0)), ZERO);
    const offset = Decimal.min(owed, owned);
    liabilities = liabilities.add(owed.mul(liability));
    assets = assets.add(offset.mul(liability)).add(owned.sub(offset).mul(asset));
  }
  return liabilities.isZero() ? null : assets.sub(liabilities).div(liabilities).mul(100);
}

/**
 * How much of a token could leave until maintenance health is zero, perpetuals with a loss left out: at the asset's rate
 * while there is some, at the debt's beyond.
 *
 * @method TIERS-26
 */
export function settleMax(account: HealthAccount, at: number): Decimal {
  const perps = account.perps.filter((perp) => perpHealth(perp, "maint").gte(0));
  const without = { ...account, perps };
  const left = Decimal.max(health(without, "maint"), 0);
  const parts = healthParts(without, "maint");
  const amount = (parts.perps[at] ?? []).reduce((sum, add) => sum.add(add), parts.spot[at] as Decimal);
  const { asset, liability } = tokenRates(account.tokens[at] as Token, "maint");
  const owned = Decimal.max(amount, 0);
  const ownedValue = owned.mul(asset);
  return left.lte(ownedValue) && asset.gt(0) ? left.div(asset) : owned.add(left.sub(ownedValue).div(liability));
}

/** What leaves out of a token that cannot be valued: its oracle or bank is missing. */
export type MissingTokens = ReadonlySet<number>;

/** A debt whose value is not known. */
export class UnvaluedDebt extends Error {
  override readonly name = "UnvaluedDebt";
  readonly code = "DEBT_UNVALUED";
  constructor(readonly token: number) {
    super(`expected every debt to have a price; token ${token} has none`);
  }
}

/**
 * The account without the tokens that cannot be valued, nor the orders of markets that touch one: so it counts for less.
 *
 * @throws UnvaluedDebt when one of them is owed.
 * @method TIERS-26
 */
export function withoutTokens(account: HealthAccount, missing: MissingTokens): HealthAccount {
  const tokens = account.tokens.map((token, at) => {
    if (!missing.has(at)) return token;
    if (token.balance.lt(0)) throw new UnvaluedDebt(at);
    return { ...token, balance: ZERO };
  });
  const spotMarkets = account.spotMarkets.filter(({ base, quote }) => !missing.has(base) && !missing.has(quote));
  return { ...account, tokens, spotMarkets };
}

/** Net worth below this counts as this much when leverage is measured. */
const EQUITY_MIN = new Decimal("0.001");

/**
 * Liabilities ÷ net worth at oracle prices, unweighted: tokens by their sign, a perpetual's quote and base each on its own
 * side, reserved orders as assets.
 *
 * @method TIERS-26
 */
export function leverageOf({ tokens, spotMarkets, perps }: HealthAccount): Decimal {
  const priceOf = (at: number): Decimal => (tokens[at] as Token).price;
  const values = [
    ...tokens.map(({ balance, price }) => balance.mul(price)),
    ...perps.flatMap(({ settle, quote, base, price }) =>
      [quote, base.mul(price)].map((value) => value.mul(priceOf(settle))),
    ),
    ...spotMarkets.flatMap(({ base, quote, reservedBase, reservedQuote }) => [
      reservedBase.mul(priceOf(base)),
      reservedQuote.mul(priceOf(quote)),
    ]),
  ];
  const liabilities = values.reduce((sum, value) => sum.sub(Decimal.min(value, 0)), ZERO);
  const net = values.reduce((sum, value) => sum.add(value), ZERO);
  return liabilities.div(Decimal.max(net, EQUITY_MIN));
}

/** What a liquidation of a debt by another token moves. */
export interface TokenLiquidation {
  readonly asset: Decimal;
  readonly liability: Decimal;
}

/**
 * How much of a debt is repaid by taking an asset, `fee` (≥ 1) being what the asset is taken at: what brings health at the
 * end of a liquidation to zero, but not more than is asked for, than the asset has, or than the debt is, each with and
 * without its perpetuals. Null where nothing can move.
 *
 * @method TIERS-27
 */
export function tokenLiquidation(
  account: HealthAccount,
  assetToken: number,
  liabilityToken: number,
  requestMax: Decimal,
  fee: Decimal = new Decimal(1),
): TokenLiquidation | null {
  const kind = "liquidation-end";
  const missing = health(account, kind);
  if (missing.gte(0)) return null;
  const parts = healthParts(account, kind);
  const both = (at: number) => {
    const spot = parts.spot[at] as Decimal;
    return { spot, held: (parts.perps[at] ?? []).reduce((sum, add) => sum.add(add), spot) };
  };
  const [asset, debt] = [both(assetToken), both(liabilityToken)];
  const [taken, repaid] = [account.tokens[assetToken] as Token, account.tokens[liabilityToken] as Token];
  const rate = repaid.price.mul(fee).div(taken.price);
  const gain = tokenRates(repaid, kind).liability.sub(tokenRates(taken, kind).asset.mul(rate));
  const possible = Decimal.min(
    requestMax,
    debt.spot.neg(),
    debt.held.neg(),
    Decimal.min(asset.spot, asset.held).div(rate),
    ...(gain.gt(0) ? [missing.neg().div(gain)] : []),
  );
  return possible.gt(0) ? { asset: possible.mul(rate).neg(), liability: possible } : null;
}
