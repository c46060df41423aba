import { describe, expect, test } from "@jest/globals";
import { accountId, type InstrumentId } from "@ballast/model";
import {
  ALICE,
  accountOf,
  BOB,
  BTC,
  BTC_PERPETUAL,
  BTC_USDC_PERPETUAL,
  holdingsOf,
  NOON,
  USDC,
} from "@ballast/model/testing";
import { amount, quantity } from "@ballast/money";
import { applyJournal, applyJournals, emptyAccount } from "./balances.js";
import { instrumentOf, positionBook } from "./chart-of-accounts.js";
import type { Journal, Posting } from "./journal.js";
import { depositJournal } from "./rules/deposit.js";
import { withdrawalJournal } from "./rules/withdrawal.js";

const alice = accountOf("alice", { balances: { USDC: "100" }, positions: [[BTC_USDC_PERPETUAL, "10", "8000"]] });
const deposit = depositJournal({ key: "d", at: NOON, account: alice.id, asset: USDC, amount: amount("5") });
const journalOf = (...postings: Posting[]): Journal => ({ key: "j", kind: "FILL", at: NOON, postings });

describe("LEDGER-5: balances and positions are the sum of the legs", () => {
  test("an account begins with nothing", () => {
    expect(emptyAccount(accountId("dave"), "USER", ALICE.id)).toEqual({
      id: "dave",
      kind: "USER",
      parent: "alice",
      marginMode: "STANDARD",
      balances: new Map(),
      positions: new Map(),
    });
  });

  test("a leg in the wallet changes the balance and leaves the positions as they are", () => {
    const after = applyJournal(alice, deposit);
    expect(holdingsOf(after)).toEqual({ USDC: "105", "BTC_USDC-PERPETUAL": ["10", "-80"] });
    expect(after.positions).toBe(alice.positions);
  });

  test("the account handed in stays as it was", () => {
    const before = holdingsOf(alice);
    const close = journalOf(
      {
        account: alice.id,
        book: positionBook(BTC_USDC_PERPETUAL.id),
        asset: BTC_USDC_PERPETUAL.id,
        amount: quantity("-10"),
      },
      { account: alice.id, book: positionBook(BTC_USDC_PERPETUAL.id), asset: USDC, amount: amount("80") },
    );
    expect(holdingsOf(applyJournal(alice, close))).toEqual({ USDC: "100" });
    expect(applyJournals(alice, [deposit, close]).balances).not.toBe(alice.balances);
    expect(holdingsOf(alice)).toEqual(before);
  });

  test("a balance of nothing is not kept", () => {
    const all = withdrawalJournal({ key: "w", at: NOON, account: alice.id, asset: USDC, amount: amount("100") });
    expect(applyJournal(alice, all).balances.has(USDC)).toBe(false);
  });

  test("a position is kept while it has contracts or a cost, and dropped when it has neither", () => {
    const book = positionBook(BTC_PERPETUAL.id);
    const contracts = journalOf({ account: alice.id, book, asset: BTC_PERPETUAL.id, amount: quantity("10") });
    const cost = journalOf({ account: alice.id, book, asset: BTC, amount: amount("1") });
    const held = (...journals: Journal[]) => applyJournals(alice, journals).positions.get(BTC_PERPETUAL.id);
    expect(held(contracts)?.entryCash.isZero()).toBe(true);
    expect(held(cost)?.quantity.isZero()).toBe(true);
    const undone = [contracts, cost].map((journal) => ({
      ...journal,
      postings: journal.postings.map((leg) => ({ ...leg, amount: quantity(leg.amount.neg()) })),
    }));
    expect(held(contracts, cost, ...undone)).toBeUndefined();
  });

  test("legs of others, of fees and of the outside are passed over, and the account is the same one", () => {
    expect(applyJournal(BOB, deposit)).toBe(BOB);
    expect(applyJournals(BOB, [deposit, deposit])).toBe(BOB);
    expect(applyJournals(BOB, [])).toBe(BOB);
    const elsewhere = journalOf(
      { account: BOB.id, book: "fees", asset: USDC, amount: amount("1") },
      { account: BOB.id, book: "external", asset: USDC, amount: amount("-1") },
    );
    expect(applyJournal(BOB, elsewhere)).toBe(BOB);
  });
});

describe("the chart of accounts", () => {
  test("a position's book is named after its instrument, and only such a book has one", () => {
    const name = "BTC-PERPETUAL" as InstrumentId;
    expect(positionBook(name)).toBe("position/BTC-PERPETUAL");
    expect(instrumentOf(positionBook(name))).toBe(name);
    expect((["collateral", "external", "fees"] as const).map(instrumentOf)).toEqual([null, null, null]);
  });
});
