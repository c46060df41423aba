import { Decimal } from "@ballast/money";
import { type Result, ok, reject } from "@ballast/model";

/*
 * Vega's isolated margin: a party chooses one factor, and the position holds average entry price × size × factor in its
 * margin account while open orders hold limit price × size × factor in another. Amounts are whole units of the settlement
 * asset, rounded down; volumes are in units of the contract.
 *
 * Source: the protocol's specification 0019 and its public tests.
 */

export interface OpenOrder {
  readonly isBuy: boolean;
  readonly volume: Decimal;
  /** The limit; for a market order the mark. */
  readonly price: Decimal;
}

/**
 * Isolated order margin of one order at its limit price.
 *
 * @method TIERS-13
 */
export function isolatedOrderMargin(limitPrice: Decimal, volume: Decimal, factor: Decimal): Decimal {
  return limitPrice.mul(volume).mul(factor);
}

/**
 * Order margin of all orders beside a signed position: of the larger side. Orders against the position need none as far as
 * it reaches, best price first, as they would only close it. In an auction a price below the auction's counts as that.
 *
 * @method TIERS-17
 */
export function orderMargin(
  position: Decimal,
  orders: readonly OpenOrder[],
  factor: Decimal,
  auctionPrice?: Decimal,
): Decimal {
  const side = (isBuy: boolean): Decimal => {
    const closes = isBuy === position.lt(0) ? position.abs() : new Decimal(0);
    const value = uncoveredValue(bestFirst(orders, isBuy), closes, auctionPrice);
    return value.mul(factor).floor();
  };
  return Decimal.max(side(true), side(false));
}

function bestFirst(orders: readonly OpenOrder[], isBuy: boolean): readonly OpenOrder[] {
  return orders
    .filter((order) => order.isBuy === isBuy)
    .sort((left, right) => (isBuy ? right.price.comparedTo(left.price) : left.price.comparedTo(right.price)));
}

/** Value of what is left of the orders after the first `covered` of their volume. */
function uncoveredValue(orders: readonly OpenOrder[], covered: Decimal, priceMin: Decimal | undefined): Decimal {
  let left = covered;
  return orders.reduce((value, { volume, price }) => {
    const free = Decimal.min(volume, left);
    left = left.sub(free);
    return value.add(volume.sub(free).mul(priceMin === undefined ? price : Decimal.max(price, priceMin)));
  }, new Decimal(0));
}

/** Trades of one order of a party, in the order in which they happened. */
export interface Trade {
  readonly volume: Decimal;
  readonly price: Decimal;
}

export interface PositionChange {
  readonly before: Decimal;
  readonly after: Decimal;
  readonly trades: readonly Trade[];
  readonly factor: Decimal;
  readonly marginBalance: Decimal;
  /** Needed for a position that shrinks. */
  readonly markPrice?: Decimal | undefined;
}

/** What a change of position moves into the margin account, or out of it. */
export interface IsolatedTransfer {
  readonly kind: "order-margin-to-margin" | "top-up" | "release" | "none";
  readonly amount: Decimal;
}

/**
 * What the margin account receives or gives back for a change of position.
 *
 * A growing position brings its trades' value × factor from the order margin. A shrinking one gives back its share of the
 * balance and of the profit not yet marked: (balance + (average price − mark) × |before|) × |closed| ÷ |before|, with the
 * average price in whole units. One that changes sides is closed and opened again: the difference to the margin of what
 * the trades left over after closing have opened.
 *
 * @NOTE The implementation that the published figures come from takes |before| where a short's profit has the other sign.
 * `signed: false` repeats it, for comparison with those figures only.
 *
 * @method TIERS-17
 */
export function isolatedTransfer(change: PositionChange, { signed }: { readonly signed: boolean }): IsolatedTransfer {
  const { before, after, trades, factor, marginBalance } = change;
  const traded = trades.reduce((sum, { volume }) => sum.add(volume), new Decimal(0));
  const value = trades.reduce((sum, { volume, price }) => sum.add(volume.mul(price)), new Decimal(0));
  if (before.mul(after).lt(0)) {
    const needed = openedValue(trades, before.abs()).mul(factor).floor();
    if (needed.gt(marginBalance)) return { kind: "top-up", amount: needed.sub(marginBalance) };
    return needed.eq(marginBalance)
      ? { kind: "none", amount: new Decimal(0) }
      : { kind: "release", amount: marginBalance.sub(needed) };
  }
  if (after.abs().gt(before.abs())) return { kind: "order-margin-to-margin", amount: value.mul(factor).floor() };
  const averagePrice = value.div(traded).floor();
  const markPrice = change.markPrice ?? averagePrice;
  const held = signed ? before : before.abs();
  const balance = marginBalance.add(averagePrice.sub(markPrice).mul(held));
  return { kind: "release", amount: balance.mul(traded).div(before.abs()).floor() };
}

/** Value of what the trades opened after the first `closing` of their volume. */
function openedValue(trades: readonly Trade[], closing: Decimal): Decimal {
  let left = closing;
  return trades.reduce((value, { volume, price }) => {
    const closed = Decimal.min(volume, left);
    left = left.sub(closed);
    return value.add(volume.sub(closed).mul(price));
  }, new Decimal(0));
}

export interface IsolatedSwitch {
  readonly position: Decimal;
  readonly averageEntryPrice: Decimal;
  readonly factor: Decimal;
  readonly orders: readonly OpenOrder[];
  /** What cross margin asks of the position. */
  readonly initialMargin: Decimal;
  readonly generalBalance: Decimal;
  readonly marginBalance: Decimal;
  readonly orderMarginBalance: Decimal;
}

/** Why a party may not switch. */
export interface SwitchRefused {
  readonly code: "GENERAL_ACCOUNT_INSUFFICIENT" | "POSITION_MARGIN_NOT_ABOVE_INITIAL";
  readonly required: Decimal;
  readonly available: Decimal;
}

/**
 * What switching to isolated margin moves: into the margin account (out of it when negative), and what orders then hold.
 * Refused when the general account cannot pay for it, or when the position's margin would not be above what cross margin
 * asks initially.
 *
 * @method TIERS-17
 */
export function switchToIsolated(
  change: IsolatedSwitch,
): Result<{ readonly marginTopUp: Decimal; readonly orderMargin: Decimal }, SwitchRefused> {
  const { position, averageEntryPrice, factor, orders, initialMargin } = change;
  const positionMargin = averageEntryPrice.mul(position.abs()).mul(factor);
  const ordersMargin = orders
    .reduce((sum, { volume, price }) => sum.add(volume.mul(price)), new Decimal(0))
    .mul(factor);
  const held = change.marginBalance.add(change.orderMarginBalance);
  const required = positionMargin.add(ordersMargin).sub(held);
  if (required.gt(change.generalBalance)) {
    return reject({ code: "GENERAL_ACCOUNT_INSUFFICIENT", required, available: change.generalBalance });
  }
  if (positionMargin.gt(0) && positionMargin.lte(initialMargin)) {
    return reject({
      code: "POSITION_MARGIN_NOT_ABOVE_INITIAL",
      required: initialMargin,
      available: positionMargin,
    });
  }
  return ok({
    marginTopUp: positionMargin.floor().sub(change.marginBalance),
    orderMargin: ordersMargin.floor(),
  });
}

/**
 * What an isolated position with these orders would take from the general account beyond what its two margin accounts hold.
 *
 * @method TIERS-17
 */
export function isolatedIncrease(
  position: Decimal,
  averageEntryPrice: Decimal,
  orders: readonly OpenOrder[],
  factor: Decimal,
  held: Decimal,
): Decimal {
  const positionMargin = averageEntryPrice.mul(position.abs()).mul(factor);
  return positionMargin.add(orderMargin(position, orders, factor)).sub(held);
}
