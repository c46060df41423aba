import { Decimal } from "@ballast/money";

/*
 * Vega's close-out: a distressed party's position goes to the network, which sells it in slices that the book can carry,
 * and a loss that nobody can pay is shared by those who won. Source: the protocol's specifications and public tests.
 */

export interface DisposalRule {
  /** Share of the network's position that one order offers. */
  readonly fraction: Decimal;
  /** A position not above this size goes whole. */
  readonly fullSize: Decimal;
  /** Largest share of the volume on the other side of the book that one order takes. */
  readonly bookShareMax: Decimal;
}

/**
 * Size of the network's next order, without sign, in whole contracts: its fraction rounded up, not more than the book's
 * share rounded down.
 *
 * @method TIERS-18
 */
export function disposalSize({ fraction, fullSize, bookShareMax }: DisposalRule, position: Decimal, volume: Decimal) {
  const size = position.abs();
  const wanted = size.lte(fullSize) ? size : size.mul(fraction).ceil();
  return Decimal.min(wanted, volume.mul(bookShareMax).floor());
}

export interface Loser {
  readonly owes: Decimal;
  readonly available: Decimal;
}

export interface SharedLoss {
  /** What each winner is paid, in the order given. */
  readonly paid: readonly Decimal[];
  readonly fundAfter: Decimal;
}

/**
 * Pays winners from what losers have and then from the insurance fund. Where that is not enough, each gets the whole units
 * of its proportion, and the units that leaves over go to the winner at `remainderTo`.
 *
 * @method TIERS-18
 */
export function shareLoss(
  losers: readonly Loser[],
  owed: readonly Decimal[],
  fund: Decimal,
  remainderTo: number,
): SharedLoss {
  const due = owed.reduce((sum, amount) => sum.add(amount), new Decimal(0));
  const collected = losers.reduce((sum, { owes, available }) => sum.add(Decimal.min(owes, available)), new Decimal(0));
  const fromFund = Decimal.min(fund, Decimal.max(due.sub(collected), 0));
  const total = collected.add(fromFund);
  const fundAfter = fund.sub(fromFund);
  if (total.gte(due)) return { paid: owed, fundAfter };
  const shares = owed.map((amount) => amount.mul(total).div(due).floor());
  const over = total.sub(shares.reduce((sum, amount) => sum.add(amount), new Decimal(0)));
  return { paid: shares.map((amount, at) => (at === remainderTo ? amount.add(over) : amount)), fundAfter };
}
