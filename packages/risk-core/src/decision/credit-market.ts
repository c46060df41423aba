import type { MarketSnapshot } from "@ballast/model";

/**
 * The market in which new risk is judged a second time: the same, with assets at what they count for as collateral where
 * that is less. Null where nothing counts for less.
 *
 * A debt in such an asset is worth less there too; that gains nothing, because whatever is allowed has to be allowed in
 * both markets.
 *
 * @method DECISION-7
 */
export function creditMarket(market: MarketSnapshot): MarketSnapshot | null {
  const { indexPrices, creditPrices } = market;
  if (creditPrices === undefined || creditPrices.size === 0) return null;
  const known = CREDIT_MARKETS.get(market);
  if (known !== undefined) return known;
  const credit = { ...market, indexPrices: new Map([...indexPrices, ...creditPrices]) };
  CREDIT_MARKETS.set(market, credit);
  return credit;
}

/** One for each living snapshot, so that what is prepared for it (`scan`, `portfolio-account`) is prepared once. */
const CREDIT_MARKETS = new WeakMap<MarketSnapshot, MarketSnapshot>();
