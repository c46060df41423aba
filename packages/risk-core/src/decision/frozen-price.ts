import {
  type Account,
  frozenPriceOf,
  type InstrumentId,
  type MarketSnapshot,
  ok,
  type Rejection,
  reject,
  type Result,
  type RiskParameters,
} from "@ballast/model";

/**
 * May the account become `next` by a fill of `instrument`, as far as frozen prices are concerned? Yes while its margin, after
 * the fill, depends on none. Otherwise only by making its position smaller: that is no new risk at any price, and nobody
 * is kept from closing. Rejects with PRICE_FROZEN.
 *
 * @method DECISION-6
 */
export function admitAtFrozenPrices(
  current: Account,
  next: Account,
  instrument: InstrumentId,
  market: MarketSnapshot,
  { instruments }: RiskParameters,
): Result<"ADMITTED", Rejection> {
  const frozen = frozenPriceOf(next, market, instruments);
  if (frozen === null || isReduction(current, next, instrument)) return ok("ADMITTED");
  return reject({ code: "PRICE_FROZEN", of: frozen });
}

/**
 * May something leave the account, as far as frozen prices are concerned? Yes while its margin depends on none, and where
 * it has neither a position nor a debt, because then there is no margin: what is its own is its own at any price. Rejects
 * with PRICE_FROZEN.
 *
 * @method DECISION-6
 */
export function releaseAtFrozenPrices(
  account: Account,
  market: MarketSnapshot,
  { instruments }: RiskParameters,
): Result<"ADMITTED", Rejection> {
  const frozen = frozenPriceOf(account, market, instruments);
  if (frozen === null || !hasMargin(account)) return ok("ADMITTED");
  return reject({ code: "PRICE_FROZEN", of: frozen });
}

/** Is the position of `next` the one of `current`, made smaller or closed? Not where it changes its side. */
export function isReduction(current: Account, next: Account, instrument: InstrumentId): boolean {
  const before = current.positions.get(instrument)?.quantity;
  const after = next.positions.get(instrument)?.quantity;
  if (before === undefined) return after === undefined;
  return after === undefined || (after.isPositive() === before.isPositive() && after.abs().lte(before.abs()));
}

function hasMargin({ balances, positions }: Account): boolean {
  return positions.size > 0 || [...balances.values()].some((amount) => amount.isNegative());
}
