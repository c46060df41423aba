import { Decimal } from "@ballast/money";

/*
 * Hyperliquid: the order of auto-deleveraging, and when a borrow in portfolio margin is liquidated. Source: the venue's
 * documentation, pages on auto-deleveraging and on portfolio margin.
 */

/** A winning position and the account it is in. */
export interface WinningPosition {
  readonly id: string;
  readonly markPrice: Decimal;
  readonly entryPrice: Decimal;
  readonly notional: Decimal;
  readonly accountValue: Decimal;
}

/** Mark ÷ entry × notional ÷ account value: the largest is closed first. */
export function adlScore({ markPrice, entryPrice, notional, accountValue }: WinningPosition): Decimal {
  return markPrice.div(entryPrice).mul(notional.div(accountValue));
}

/**
 * Positions in the order in which they are closed; ties to the lower id.
 *
 * @method LIQUIDATION-28
 */
export function adlOrder(positions: readonly WinningPosition[]): readonly WinningPosition[] {
  return [...positions].sort(
    (left, right) => adlScore(right).cmp(adlScore(left)) || (left.id < right.id ? -1 : left.id > right.id ? 1 : 0),
  );
}

/** Collateral against a borrow, of one token. */
export interface BorrowedAgainst {
  readonly tokens: Decimal;
  readonly price: Decimal;
  readonly loanToValue: Decimal;
  readonly borrowed: Decimal;
}

/**
 * The borrow above which a part, and above which all, of the collateral is liquidated: value × (LTV + (1 − LTV) × ½) and
 * × ⅔, not rounded.
 *
 * @method LIQUIDATION-28
 */
export function borrowThresholds({ tokens, price, loanToValue, borrowed }: BorrowedAgainst) {
  const value = tokens.mul(price);
  const beyond = new Decimal(1).sub(loanToValue);
  const partial = value.mul(loanToValue.add(beyond.div(2)));
  const full = value.mul(loanToValue.add(beyond.mul(2).div(3)));
  const outcome = borrowed.gt(full)
    ? ("full" as const)
    : borrowed.gt(partial)
      ? ("partial" as const)
      : ("none" as const);
  return { value, partial, full, outcome };
}
