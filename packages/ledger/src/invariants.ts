import { Decimal, LEDGER_SCALE } from "@ballast/money";
import { type Account, type AccountId, assertInvariant, compareIds } from "@ballast/model";
import { applyJournals, emptyAccount } from "./balances.js";
import { instrumentOf } from "./chart-of-accounts.js";
import type { Journal, Posting } from "./journal.js";

/** Amounts of the ledger have at most this many digits before the point: NUMERIC(38,18). */
const WHOLE_DIGITS_MAX = 20;

/**
 * Asserts that a journal has legs, that each of them fits its column, and that they sum to zero in every asset, money and
 * contracts alike. A leg that does not fit would be rounded by the database without a word, and its hash would not hold.
 *
 * @throws InvariantViolation naming the asset and what is over, or the leg that does not fit.
 * @method LEDGER-1 LEDGER-8
 */
export function assertBalanced(journal: Journal): void {
  const { key, postings } = journal;
  assertInvariant(postings.length > 0, "LEDGER-1 a journal has legs", { key });
  for (const posting of postings) {
    assertInvariant(fitsColumn(posting), "LEDGER-8 a leg fits its column", () => ({
      key,
      book: posting.book,
      asset: posting.asset,
      amount: posting.amount.toFixed(),
    }));
  }
  for (const [asset, total] of totals(postings)) {
    assertInvariant(total.isZero(), "LEDGER-1 journals balance", () => ({ key, asset, over: total.toFixed() }));
  }
}

/**
 * Returns what every asset sums to over all journals, only those that are not zero: empty for honest books.
 *
 * @method LEDGER-1 LEDGER-2
 */
export function imbalances(journals: Iterable<Journal>): ReadonlyMap<string, Decimal> {
  const sums = new Map<string, Decimal>();
  for (const journal of journals) addTotals(sums, journal.postings);
  return withoutZeros(sums);
}

/**
 * Returns the contracts held long in each instrument after the journals; instruments that nobody holds are zero.
 * Together with LEDGER-2 the same number is held short.
 *
 * @method LEDGER-2
 */
export function openInterest(journals: Iterable<Journal>): ReadonlyMap<string, Decimal> {
  const held = new Map<string, Map<AccountId, Decimal>>();
  for (const journal of journals) {
    for (const { account, book, asset, amount } of journal.postings) {
      if (instrumentOf(book) !== (asset as string)) continue;
      const holders = held.get(asset) ?? new Map<AccountId, Decimal>();
      holders.set(account, (holders.get(account) ?? ZERO).add(amount));
      held.set(asset, holders);
    }
  }
  const long = (holders: ReadonlyMap<AccountId, Decimal>): Decimal =>
    [...holders.values()]
      .filter((quantity) => quantity.isPositive())
      .reduce((sum, quantity) => sum.add(quantity), ZERO);
  return new Map([...held].map(([instrument, holders]) => [instrument, long(holders)]));
}

/**
 * Returns the contracts by which long and short differ over all accounts, per instrument, only where they do: empty for
 * honest books.
 *
 * @method LEDGER-2
 */
export function netPositions(accounts: Iterable<Account>): ReadonlyMap<string, Decimal> {
  const sums = new Map<string, Decimal>();
  for (const { positions } of accounts) {
    for (const { instrument, quantity } of positions.values()) {
      sums.set(instrument, (sums.get(instrument) ?? ZERO).add(quantity));
    }
  }
  return withoutZeros(sums);
}

/** A balance, or a position's contracts or cost, that is not what the journals add up to. */
export interface ProjectionDifference {
  readonly account: AccountId;
  /** `collateral/<asset>`, `contracts/<instrument>` or `cost/<instrument>`. */
  readonly of: string;
  readonly kept: Decimal;
  readonly posted: Decimal;
}

/**
 * Returns where the accounts are not the fold of the journals from the beginning of the books; empty when all are.
 * Accounts in ascending id; an account that was posted to and is not among them is compared with an empty one.
 *
 * @method LEDGER-5
 */
export function projectionDifferences(
  accounts: Iterable<Account>,
  journals: readonly Journal[],
): readonly ProjectionDifference[] {
  const kept = new Map([...accounts].map((account) => [account.id, account]));
  const posted = journalsByAccount(journals);
  const ids = [...new Set([...kept.keys(), ...posted.keys()])].sort(compareIds);
  return ids.flatMap((id) => {
    const account = kept.get(id) ?? emptyAccount(id, "USER", null);
    const rebuilt = applyJournals({ ...account, balances: new Map(), positions: new Map() }, posted.get(id) ?? []);
    return differences(id, figuresOf(account), figuresOf(rebuilt));
  });
}

function journalsByAccount(journals: readonly Journal[]): ReadonlyMap<AccountId, readonly Journal[]> {
  const byAccount = new Map<AccountId, Journal[]>();
  for (const journal of journals) {
    for (const account of new Set(journal.postings.map((posting) => posting.account))) {
      const own = byAccount.get(account);
      if (own === undefined) byAccount.set(account, [journal]);
      else own.push(journal);
    }
  }
  return byAccount;
}

function figuresOf({ balances, positions }: Account): ReadonlyMap<string, Decimal> {
  const figures = new Map<string, Decimal>();
  for (const [asset, balance] of balances) figures.set(`collateral/${asset}`, balance);
  for (const { instrument, quantity, entryCash } of positions.values()) {
    figures.set(`contracts/${instrument}`, quantity);
    figures.set(`cost/${instrument}`, entryCash);
  }
  return figures;
}

function differences(
  account: AccountId,
  kept: ReadonlyMap<string, Decimal>,
  posted: ReadonlyMap<string, Decimal>,
): readonly ProjectionDifference[] {
  return [...new Set([...kept.keys(), ...posted.keys()])]
    .sort(compareIds)
    .map((of) => ({ account, of, kept: kept.get(of) ?? ZERO, posted: posted.get(of) ?? ZERO }))
    .filter((figure) => !figure.kept.eq(figure.posted));
}

const ZERO = new Decimal(0);

/** NaN and Infinity have no exponent, so they do not fit either. */
function fitsColumn({ amount }: Posting): boolean {
  return amount.isZero() || (amount.e < WHOLE_DIGITS_MAX && amount.decimalPlaces() <= LEDGER_SCALE);
}

function totals(postings: readonly Posting[]): ReadonlyMap<string, Decimal> {
  const sums = new Map<string, Decimal>();
  addTotals(sums, postings);
  return sums;
}

function addTotals(sums: Map<string, Decimal>, postings: readonly Posting[]): void {
  for (const { asset, amount } of postings) {
    const sum = sums.get(asset);
    sums.set(asset, sum === undefined ? amount : sum.add(amount));
  }
}

function withoutZeros(sums: ReadonlyMap<string, Decimal>): ReadonlyMap<string, Decimal> {
  return new Map([...sums].filter(([, total]) => !total.isZero()));
}
