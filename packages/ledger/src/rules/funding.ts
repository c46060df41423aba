import { add, type Amount, ZERO_AMOUNT } from "@ballast/money";
import { type AccountId, type AssetId, assertInvariant, type UtcMillis } from "@ballast/model";
import type { Journal } from "../journal.js";

/** What one account receives; negative is what it pays. */
export interface FundingLeg {
  readonly account: AccountId;
  readonly amount: Amount;
}

/** One funding of one instrument, worked out for everybody who holds it. */
export interface FundingTerms {
  readonly key: string;
  readonly at: UtcMillis;
  /** The settlement asset of the instrument. */
  readonly asset: AssetId;
  readonly payments: readonly FundingLeg[];
  /** Who keeps what rounding has left. */
  readonly house: AccountId;
  /** At least 0. */
  readonly dust: Amount;
}

/**
 * Returns the journal of a funding: one leg in each wallet, that of the house with the dust; legs of zero left out. Null
 * where nobody pays anything, because a journal without legs does not exist. All of it is one journal: a funding of which
 * half the payments are posted would have made money.
 *
 * @throws InvariantViolation unless payments and dust sum to zero, the dust is not negative, and each account is paid once.
 * @method LEDGER-9
 */
export function fundingJournal({ key, at, asset, payments, house, dust }: FundingTerms): Journal | null {
  const amounts = new Map<AccountId, Amount>();
  for (const { account, amount } of payments) {
    assertInvariant(!amounts.has(account), "LEDGER-9 an account has one leg of a funding", { key, account });
    amounts.set(account, amount);
  }
  assertInvariant(dust.gte(ZERO_AMOUNT), "LEDGER-9 rounding never costs the house", () => ({
    key,
    dust: dust.toFixed(),
  }));
  amounts.set(house, add(amounts.get(house) ?? ZERO_AMOUNT, dust));
  const sum = [...amounts.values()].reduce(add, ZERO_AMOUNT);
  assertInvariant(sum.isZero(), "LEDGER-9 a funding sums to zero", () => ({ key, over: sum.toFixed() }));
  const postings = [...amounts]
    .filter(([, amount]) => !amount.isZero())
    .map(([account, amount]) => ({ account, book: "collateral", asset, amount }) as const);
  return postings.length === 0 ? null : { key, kind: "FUNDING", at, postings };
}
