import {
  type Account,
  type AccountId,
  assertInvariant,
  type AssetId,
  type Instrument,
  type UtcMillis,
} from "@ballast/model";
import { ALICE, anyInstrument, anyPriceOf, BOB, BTC, CAROL, ETH, MAKER, NOON, USDC } from "@ballast/model/testing";
import { type Amount, type Price, type Quantity, type Ratio, ratio } from "@ballast/money";
import { anyAmount, anyQuantity } from "@ballast/money/testing";
import fc from "fast-check";
import { applyJournal } from "./balances.js";
import type { Journal } from "./journal.js";
import { conversionJournal } from "./rules/conversion.js";
import { depositJournal } from "./rules/deposit.js";
import { fillJournal } from "./rules/fill.js";
import { fillFee } from "./rules/fill-fee.js";
import { type PaymentKind, paymentJournal } from "./rules/payment.js";
import { transferJournal } from "./rules/transfer.js";
import { withdrawalJournal } from "./rules/withdrawal.js";

/*
 * For tests only: a small house of four accounts, and arbitrary stories of what they do with each other.
 */

export const PEOPLE: readonly Account[] = [ALICE, BOB, CAROL, MAKER];

/** Two accounts of the four, never the same. */
export interface Pair {
  readonly one: AccountId;
  readonly other: AccountId;
}

/** One match; `buyer` and `seller` are two. */
export interface Trade {
  readonly kind: "trade";
  readonly pair: Pair;
  readonly instrument: Instrument;
  /** Above zero: `one` buys, `other` sells. */
  readonly quantity: Quantity;
  readonly price: Price;
  readonly buyerRate: Ratio;
  readonly sellerRate: Ratio;
}

/** One movement of money between wallets, or in or out. */
export interface Movement {
  readonly kind: "deposit" | "withdrawal" | "transfer" | "conversion" | Exclude<PaymentKind, "TRANSFER">;
  readonly pair: Pair;
  readonly asset: AssetId;
  readonly amount: Amount;
  /** What comes back in a conversion, in the next asset. */
  readonly other: Amount;
}

export type Event = Trade | Movement;

const anyPair: fc.Arbitrary<Pair> = fc
  .tuple(fc.integer({ min: 0, max: PEOPLE.length - 1 }), fc.integer({ min: 1, max: PEOPLE.length - 1 }))
  .map(([one, further]) => ({ one: person(one).id, other: person(one + further).id }));

const NO_FEE = ratio("0");
const anyRate: fc.Arbitrary<Ratio> = fc.constantFrom("0", "0.0005", "0.0003", "-0.0001").map(ratio);

/** Trades in one instrument, at prices and sizes of the crash, without fees unless asked for. */
export function anyTradeIn(
  instrument: Instrument,
  rates: fc.Arbitrary<Ratio> = fc.constant(NO_FEE),
): fc.Arbitrary<Trade> {
  return fc.record({
    kind: fc.constant("trade"),
    pair: anyPair,
    instrument: fc.constant(instrument),
    quantity: anyQuantity({ min: "1", max: "5000" }),
    price: anyPriceOf(instrument),
    buyerRate: rates,
    sellerRate: rates,
  });
}

/** Trades in any instrument, with fees and rebates. */
export const anyTrade: fc.Arbitrary<Trade> = anyInstrument.chain((instrument) => anyTradeIn(instrument, anyRate));

/** Movements of money of every kind, down to the last digit of the ledger. */
export const anyMovement: fc.Arbitrary<Movement> = fc.record({
  kind: fc.constantFrom<Movement["kind"][]>(
    "deposit",
    "withdrawal",
    "transfer",
    "conversion",
    "LIQUIDATION_FEE",
    "TAKEOVER_FEE",
    "DEFICIT",
    "SOCIALISED_LOSS",
  ),
  pair: anyPair,
  asset: fc.constantFrom(USDC, BTC, ETH),
  amount: anyAmount({ min: "0.000000000000000001" }),
  other: anyAmount({ min: "0.000000000000000001" }),
});

/** What happens in a house: trades three times out of four, money in between. */
export const anyStory: fc.Arbitrary<readonly Event[]> = fc.array(
  fc.oneof<fc.MaybeWeightedArbitrary<Event>[]>(
    { weight: 3, arbitrary: anyTrade },
    { weight: 1, arbitrary: anyMovement },
  ),
  { maxLength: 25 },
);

/** The accounts as they stand, and everything that happened. */
export interface Books {
  readonly accounts: ReadonlyMap<AccountId, Account>;
  readonly journals: readonly Journal[];
}

/** The books of four accounts to whom nothing has happened. */
export const EMPTY_BOOKS: Books = { accounts: new Map(PEOPLE.map((account) => [account.id, account])), journals: [] };

/** The books after a story, told from the beginning. */
export function tell(story: readonly Event[]): Books {
  return story.reduce<Books>((books, event) => after(books, journalOf(event, books)), EMPTY_BOOKS);
}

/** The books after one more journal. */
export function after(books: Books, journal: Journal): Books {
  return {
    accounts: new Map([...books.accounts].map(([id, account]) => [id, applyJournal(account, journal)])),
    journals: [...books.journals, journal],
  };
}

/** The journal of an event, as the accounts stand now. Its key is its place in the story. */
export function journalOf(event: Event, books: Books): Journal {
  const key = `event-${books.journals.length + 1}`;
  return event.kind === "trade" ? tradeJournal(event, books, key) : movementJournal(event, key, NOON);
}

/** The account of that id as it stands. */
export function standing(books: Books, id: AccountId): Account {
  const account = books.accounts.get(id);
  assertInvariant(account !== undefined, "TEST an account is in the books", { id });
  return account;
}

function tradeJournal(trade: Trade, books: Books, key: string): Journal {
  const { instrument, quantity, price } = trade;
  return fillJournal({
    key,
    kind: "FILL",
    at: NOON,
    instrument,
    buyer: standing(books, trade.pair.one),
    seller: standing(books, trade.pair.other),
    quantity,
    price,
    buyerFee: fillFee(instrument, quantity, price, trade.buyerRate),
    sellerFee: fillFee(instrument, quantity, price, trade.sellerRate),
  });
}

function movementJournal({ kind, pair, asset, amount, other }: Movement, key: string, at: UtcMillis): Journal {
  const account = pair.one;
  const moved = { key, at, from: account, to: pair.other, asset, amount };
  if (kind === "deposit") return depositJournal({ key, at, account, asset, amount });
  if (kind === "withdrawal") return withdrawalJournal({ key, at, account, asset, amount });
  if (kind === "transfer") return transferJournal(moved);
  if (kind !== "conversion") return paymentJournal({ ...moved, kind });
  const receives = { asset: asset === USDC ? BTC : USDC, amount: other };
  return conversionJournal({ key, at, account, counterparty: pair.other, gives: { asset, amount }, receives });
}

/** The same trade the other way round. */
export function reversed(trade: Trade): Trade {
  return { ...trade, pair: { one: trade.pair.other, other: trade.pair.one } };
}

function person(index: number): Account {
  const account = PEOPLE[index % PEOPLE.length];
  assertInvariant(account !== undefined, "TEST there are people", { index });
  return account;
}
