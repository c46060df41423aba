import { Decimal } from "@ballast/money";

/*
 * BitMEX: the queue of auto-deleveraging. Source: the venue's page of auto-deleveraging examples and its support article on the
 * ranking.
 */

/** A position in the queue by its values: at the mark, at bankruptcy, and at entry. */
export interface RankedValue {
  readonly markValue: Decimal;
  readonly bankruptValue: Decimal;
  readonly averageEntryValue: Decimal;
}

/**
 * The ranking score: profit share × effective leverage for a winner, profit share ÷ effective leverage for a loser, so that of
 * losers the least leveraged comes first. Effective leverage = |mark value| ÷ (mark value − bankrupt value).
 *
 * @method LIQUIDATION-28
 */
export function deleveragingScore({ markValue, bankruptValue, averageEntryValue }: RankedValue): Decimal {
  const profitShare = markValue.sub(averageEntryValue).div(averageEntryValue.abs());
  const leverage = markValue.abs().div(markValue.sub(bankruptValue));
  return profitShare.gt(0) ? profitShare.mul(leverage) : profitShare.div(leverage);
}

/** One holder of the side that is asked. */
export interface QueuedHolder {
  readonly account: string;
  readonly quantity: Decimal;
  readonly score: Decimal;
}

/** A holder's place: how much of the side, in per cent, stands with it or before it. */
export interface QueuePlace extends QueuedHolder {
  readonly percentile: Decimal;
}

/** The queue by falling score, ties to the lower account. */
export function deleveragingQueue(holders: readonly QueuedHolder[]): readonly QueuePlace[] {
  const sorted = [...holders].sort(
    (left, right) => right.score.cmp(left.score) || (left.account < right.account ? -1 : 1),
  );
  const total = sorted.reduce<Decimal>((sum, { quantity }) => sum.add(quantity), new Decimal(0));
  let passed = new Decimal(0);
  return sorted.map((holder) => {
    passed = passed.add(holder.quantity);
    return { ...holder, percentile: passed.mul(100).div(total) };
  });
}

/**
 * Closes `need` units from the top of the queue, the last holder in part.
 *
 * @method LIQUIDATION-28
 */
export function closeFromQueue(need: Decimal, queue: readonly QueuedHolder[]) {
  let left = need;
  return queue.flatMap(({ account, quantity }) => {
    const closed = Decimal.min(left, quantity);
    left = left.sub(closed);
    return closed.gt(0) ? [{ account, closed, remaining: quantity.sub(closed) }] : [];
  });
}
