import { assertInvariant, compareIds, type InstrumentId } from "@ballast/model";
import { negate, type Price, type Quantity } from "@ballast/money";
import { apportion } from "./apportion.js";
import { wholeLots } from "./lots.js";

/*
 * Two accounts in liquidation that want the opposite of each other need no market. Their orders of one tick meet inside the
 * house at the mark, before anything goes to a book: no spread, no impact, and nobody else's price is moved.
 *
 * At the mark and nowhere else: a price between the two would be a gift from one to the other. And only where the mark is
 * within the account's bankruptcy price, so that no meeting leaves an account with less than nothing; an account that is past it
 * goes to the waterfall, which knows who pays.
 */

/** One order of a liquidation that has not been sent yet. */
export interface PendingOrder {
  /** Stable and unique: the account, case and step it belongs to. */
  readonly id: string;
  readonly account: string;
  readonly instrument: InstrumentId;
  /** Signed as a trade of the account: negative sells. */
  readonly quantity: Quantity;
  /** The price at which nothing is left of the account; null when no price is. */
  readonly bankruptcyPrice: Price | null;
}

/** A part of an order that met another one. */
export interface NettedFill {
  readonly order: string;
  readonly account: string;
  readonly instrument: InstrumentId;
  readonly quantity: Quantity;
  readonly price: Price;
}

/** Everything that met, and what is left for the market, in ascending order of id. */
export interface Netting {
  /** Of each instrument as much is bought as is sold. */
  readonly fills: readonly NettedFill[];
  readonly remaining: readonly PendingOrder[];
}

/**
 * Lets opposite orders of one tick meet at the mark. The smaller side is filled whole; the larger one in proportion to the
 * orders, in whole lots, by largest remainder, ties to the lower id. Nobody trades with itself: the larger side of an account that
 * is on both sides is made smaller by its own smaller one first, which stays where it is.
 *
 * @throws InvariantViolation when an order's instrument has no mark or lot.
 * @method LIQUIDATION-21
 */
export function netOrders(
  orders: readonly PendingOrder[],
  markets: ReadonlyMap<InstrumentId, { readonly markPrice: Price; readonly lotSize: Quantity }>,
): Netting {
  const sorted = [...orders].sort((left, right) => compareIds(left.id, right.id));
  const filled = new Map<string, NettedFill>();
  for (const instrument of [...new Set(sorted.map((order) => order.instrument))].sort(compareIds)) {
    const market = markets.get(instrument);
    assertInvariant(market !== undefined, "LIQUIDATION-21 orders are for marked instruments", { instrument });
    const { markPrice: price, lotSize } = market;
    const willing = sorted.filter((order) => order.instrument === instrument && isWithinBankruptcy(order, price));
    for (const [order, lots] of meetings(willing, lotSize)) {
      const units = lotSize.mul(lots.toString()) as Quantity;
      const quantity = order.quantity.gt(0) ? units : negate(units);
      filled.set(order.id, { order: order.id, account: order.account, instrument, quantity, price });
    }
  }
  return {
    fills: sorted.flatMap(({ id }) => filled.get(id) ?? []),
    remaining: sorted.flatMap((order) => {
      const left = order.quantity.sub(filled.get(order.id)?.quantity ?? 0) as Quantity;
      return left.isZero() ? [] : [{ ...order, quantity: left }];
    }),
  };
}

/** May the order trade at the mark without leaving less than nothing? */
function isWithinBankruptcy({ quantity, bankruptcyPrice }: PendingOrder, markPrice: Price): boolean {
  if (bankruptcyPrice === null) return true;
  return quantity.lt(0) ? markPrice.gte(bankruptcyPrice) : markPrice.lte(bankruptcyPrice);
}

/** The lots that each order trades. */
function meetings(orders: readonly PendingOrder[], lotSize: Quantity): readonly (readonly [PendingOrder, bigint])[] {
  const lotsOf = (order: PendingOrder) => BigInt(wholeLots(order.quantity, lotSize).toFixed(0));
  const netByAccount = new Map<string, bigint>();
  for (const order of orders) {
    const signed = order.quantity.gt(0) ? lotsOf(order) : -lotsOf(order);
    netByAccount.set(order.account, (netByAccount.get(order.account) ?? 0n) + signed);
  }
  // Of an account on both sides, only what is left over may meet others, and only through its orders of that side.
  const free = ownLimits(orders, netByAccount, lotsOf);
  const total = (isBuy: boolean) =>
    orders.reduce((sum, order) => (order.quantity.gt(0) === isBuy ? sum + (free.get(order.id) ?? 0n) : sum), 0n);
  const met = total(true) < total(false) ? total(true) : total(false);
  if (met === 0n) return [];
  return [true, false].flatMap((isBuy) => {
    const side = orders.filter((order) => order.quantity.gt(0) === isBuy);
    const shares = apportion(
      met,
      side.map(({ id }) => ({ id, weight: free.get(id) ?? 0n })),
    );
    return side.flatMap((order) => {
      const lots = shares.get(order.id) ?? 0n;
      return lots > 0n ? [[order, lots] as const] : [];
    });
  });
}

/** How many lots of each order may meet other accounts: in the order of ids, at most the account's net on that side. */
function ownLimits(
  orders: readonly PendingOrder[],
  netByAccount: ReadonlyMap<string, bigint>,
  lotsOf: (order: PendingOrder) => bigint,
): ReadonlyMap<string, bigint> {
  const left = new Map(netByAccount);
  return new Map(
    orders.map((order) => {
      const net = left.get(order.account) ?? 0n;
      const isBuy = order.quantity.gt(0);
      const most = isBuy === net > 0n && net !== 0n ? (net < 0n ? -net : net) : 0n;
      const lots = lotsOf(order) < most ? lotsOf(order) : most;
      left.set(order.account, isBuy ? net - lots : net + lots);
      return [order.id, lots];
    }),
  );
}
