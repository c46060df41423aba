import { Decimal } from "@ballast/money";

/*
 * Paradex: requirements of a market from position and open orders, and the checks an order passes. Sizes are in units of
 * the underlying. Source: the venue's documentation of its risk system, pages on cross margin, risk checks, position
 * limits, price bands and margin terms.
 */

/** A position and the orders beside it, all of one market. */
export interface OpenInterest {
  /** Signed. */
  readonly position: Decimal;
  /** Total sizes, ≥ 0. */
  readonly buyOrders: Decimal;
  readonly sellOrders: Decimal;
}

/**
 * The largest position that each side could still become: with all orders of that side filled and none of the other.
 *
 * @method TIERS-12
 */
export function openSizes({ position, buyOrders, sellOrders }: OpenInterest) {
  return {
    buy: Decimal.max(buyOrders.add(position), 0),
    sell: Decimal.max(sellOrders.sub(position), 0),
  };
}

/**
 * Initial margin of a market: the larger open size, at the initial fraction and the mark.
 *
 * @method TIERS-12
 */
export function openInterestMargin(open: OpenInterest, fraction: Decimal, markPrice: Decimal): Decimal {
  const { buy, sell } = openSizes(open);
  return Decimal.max(buy, sell).mul(fraction).mul(markPrice);
}

export interface OrderCheck {
  readonly open: OpenInterest;
  readonly fraction: Decimal;
  readonly markPrice: Decimal;
  readonly accountValue: Decimal;
}

/**
 * Is an order of this signed size (buy above zero) accepted? When the account still meets initial margin with it, or when
 * it does not raise initial margin.
 *
 * The page that states this counts differently from the page on open size: orders against the position count nothing while
 * together they are not larger than it, and *all* of their size once they are. Its example (10 long, sells of 5 and then 8:
 * "from 10 to 13") is decided by that, so this is.
 *
 * @method TIERS-12
 */
export function acceptsOrder({ open, fraction, markPrice, accountValue }: OrderCheck, order: Decimal): boolean {
  const before = checkedSize(open);
  const after = checkedSize(withOrder(open, order));
  return after.lte(before) || accountValue.gte(after.mul(fraction).mul(markPrice));
}

/** The same orders and one more. */
export function withOrder(open: OpenInterest, order: Decimal): OpenInterest {
  return order.gt(0)
    ? { ...open, buyOrders: open.buyOrders.add(order) }
    : { ...open, sellOrders: open.sellOrders.sub(order) };
}

/** Size that the order check margins. */
function checkedSize({ position, buyOrders, sellOrders }: OpenInterest): Decimal {
  const isLong = position.gte(0);
  const [along, against] = isLong ? [buyOrders, sellOrders] : [sellOrders, buyOrders];
  return Decimal.max(position.abs().add(along), against);
}

/**
 * The largest buy and sell that a position limit leaves room for; zero where there is none.
 *
 * @method TIERS-12
 */
export function ordersWithinLimit({ position, buyOrders, sellOrders }: OpenInterest, limit: Decimal) {
  return {
    buy: Decimal.max(limit.sub(position).sub(buyOrders), 0),
    sell: Decimal.max(limit.add(position).sub(sellOrders), 0),
  };
}

/** Prices between which orders may be executed. */
export interface PriceBand {
  readonly down: Decimal;
  readonly up: Decimal;
}

/**
 * The band of a relative width around the mark.
 *
 * @method TIERS-12
 */
export function priceBand(markPrice: Decimal, width: Decimal): PriceBand {
  return { down: markPrice.mul(new Decimal(1).sub(width)), up: markPrice.mul(width.add(1)) };
}

/**
 * May a limit order rest or trade at this price? Only the aggressive side is bounded: a buy not above the band, a sell not
 * below it. A market order is a limit order at the bound.
 *
 * @method TIERS-12
 */
export function isWithinBand({ down, up }: PriceBand, isBuy: boolean, limitPrice: Decimal): boolean {
  return isBuy ? limitPrice.lte(up) : limitPrice.gte(down);
}

/**
 * Average entry and cost of a signed size bought at a dollar price, in a collateral that is itself worth `collateralPrice`
 * dollars.
 *
 * @method TIERS-12
 */
export function positionCost(size: Decimal, price: Decimal, collateralPrice: Decimal) {
  const averageEntry = price.div(collateralPrice);
  return { averageEntry, cost: size.mul(averageEntry) };
}
