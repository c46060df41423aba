import { type Amount, negate, type Price, type Quantity, sub } from "@ballast/money";
import { type Account, assertInvariant, contractValue, type Instrument, type UtcMillis } from "@ballast/model";
import { positionBook } from "../chart-of-accounts.js";
import type { Journal, JournalKind, Posting } from "../journal.js";
import { realisedProfit } from "./realised-profit.js";

/** The reasons for which contracts change hands. */
export type FillKind = Extract<
  JournalKind,
  "FILL" | "LIQUIDATION_FILL" | "AUCTION_FILL" | "TAKEOVER_FILL" | "ADL_FILL" | "DISPOSAL_FILL"
>;

/** One match, with both accounts as they stand before it. `quantity` is above zero: the buyer gains it. */
export interface FillTerms {
  readonly key: string;
  readonly kind: FillKind;
  readonly at: UtcMillis;
  readonly instrument: Instrument;
  readonly buyer: Account;
  readonly seller: Account;
  readonly quantity: Quantity;
  readonly price: Price;
  /** In the settlement asset; negative is a rebate. See `fillFee`. */
  readonly buyerFee: Amount;
  readonly sellerFee: Amount;
}

/**
 * Returns the journal of a fill: contracts, cost, realised profit and fee of both sides, the buyer's legs first. The value
 * of the traded contracts is rounded once and stands in both sides' legs, so what one side pays the other receives.
 *
 * @throws InvariantViolation when an account trades with itself, or quantity or price is not above zero.
 * @method LEDGER-4 POSITION-3
 */
export function fillJournal(terms: FillTerms): Journal {
  const { key, kind, at, instrument, buyer, seller, quantity, price } = terms;
  assertInvariant(buyer.id !== seller.id, "LEDGER-4 nobody trades with himself", () => ({ key, account: buyer.id }));
  assertInvariant(isAboveZero(quantity), "LEDGER-4 a fill has contracts", () => ({
    key,
    quantity: quantity.toFixed(),
  }));
  assertInvariant(isAboveZero(price), "LEDGER-4 a fill has a price above zero", () => ({
    key,
    price: price.toFixed(),
  }));
  const value = contractValue(instrument, quantity, price);
  const postings: Posting[] = [];
  addSide(postings, terms, { account: buyer, quantity, value, fee: terms.buyerFee });
  addSide(postings, terms, {
    account: seller,
    quantity: negate(quantity),
    value: negate(value),
    fee: terms.sellerFee,
  });
  return { key, kind, at, postings };
}

/** One side of a fill; `quantity` and `value` are signed as this account's. */
interface Side {
  readonly account: Account;
  readonly quantity: Quantity;
  readonly value: Amount;
  readonly fee: Amount;
}

/** Adds a side's legs, those of zero left out: contracts, their cost, what is realised less the fee, the fee. */
function addSide(postings: Posting[], { instrument, price }: FillTerms, { account, quantity, value, fee }: Side): void {
  const book = positionBook(instrument.id);
  const asset = instrument.settlementAsset;
  const realised = realisedProfit(instrument, account.positions.get(instrument.id), quantity, price, value);
  const cost = sub(negate(value), realised);
  const paid = sub(realised, fee);
  postings.push({ account: account.id, book, asset: instrument.id, amount: quantity });
  if (!cost.isZero()) postings.push({ account: account.id, book, asset, amount: cost });
  if (!paid.isZero()) postings.push({ account: account.id, book: "collateral", asset, amount: paid });
  if (!fee.isZero()) postings.push({ account: account.id, book: "fees", asset, amount: fee });
}

function isAboveZero(value: Quantity | Price): boolean {
  return value.isPositive() && !value.isZero();
}
