import { describe, expect, test } from "@jest/globals";
import { BTC, ETH, holdingsOf, INSTRUMENTS, USDC } from "@ballast/model/testing";
import { Decimal, LEDGER_SCALE } from "@ballast/money";
import fc from "fast-check";
import { applyJournal, applyJournals, emptyAccount } from "./balances.js";
import { assertBalanced, imbalances, netPositions, openInterest, projectionDifferences } from "./invariants.js";
import type { Book } from "./journal.js";
import { anyMovement, anyStory, anyTrade, EMPTY_BOOKS, journalOf, PEOPLE, standing, tell } from "./testing.js";

const RUNS = { numRuns: 400 };

describe("whatever happens", () => {
  test("LEDGER-1 LEDGER-3: every movement of money balances in every asset and fits its columns", () => {
    fc.assert(
      fc.property(anyMovement, (movement) => {
        const journal = journalOf(movement, EMPTY_BOOKS);
        assertBalanced(journal);
        expect(journal.postings.every(({ amount }) => amount.decimalPlaces() <= LEDGER_SCALE && !amount.isZero())).toBe(
          true,
        );
      }),
      { numRuns: 1_000 },
    );
  });

  test("LEDGER-1 LEDGER-4 LEDGER-8: every fill does, whatever its two sides held before", () => {
    fc.assert(
      fc.property(anyStory, anyTrade, (story, trade) => {
        const journal = journalOf(trade, tell(story));
        assertBalanced(journal);
        expect(journal.postings.every(({ amount }) => amount.decimalPlaces() <= LEDGER_SCALE && !amount.isZero())).toBe(
          true,
        );
        expect(new Set(journal.postings.map(({ account }) => account))).toEqual(
          new Set([trade.pair.one, trade.pair.other]),
        );
      }),
      RUNS,
    );
  });

  test("LEDGER-1: nothing is made: wallets, costs, fees and the outside sum to zero in every asset", () => {
    fc.assert(
      fc.property(anyStory, (story) => {
        const { journals, accounts } = tell(story);
        expect(imbalances(journals).size).toBe(0);
        for (const asset of [USDC, BTC, ETH]) {
          const booked = (book: Book): Decimal =>
            journals
              .flatMap(({ postings }) => postings.filter((leg) => leg.book === book && leg.asset === asset))
              .reduce((sum, leg) => sum.add(leg.amount), new Decimal(0));
          let total = booked("fees").add(booked("external"));
          for (const { balances, positions } of accounts.values()) {
            total = total.add(balances.get(asset) ?? 0);
            for (const { id, settlementAsset } of INSTRUMENTS) {
              if (settlementAsset === asset) total = total.add(positions.get(id)?.entryCash ?? 0);
            }
          }
          expect(total.isZero()).toBe(true);
        }
      }),
      RUNS,
    );
  });

  test("LEDGER-2: for every contract held long there is one held short", () => {
    fc.assert(
      fc.property(anyStory, (story) => {
        const { journals, accounts } = tell(story);
        expect(netPositions(accounts.values()).size).toBe(0);
        for (const [instrument, open] of openInterest(journals)) {
          const held = [...accounts.values()].flatMap(({ positions }) =>
            [...positions.values()].filter((position) => position.instrument === instrument),
          );
          const absolute = held.reduce((sum, { quantity }) => sum.add(quantity.abs()), new Decimal(0));
          expect(open.mul(2).eq(absolute)).toBe(true);
        }
      }),
      RUNS,
    );
  });

  test("LEDGER-5: nobody keeps a balance of zero or a closed position", () => {
    fc.assert(
      fc.property(anyStory, (story) => {
        for (const { balances, positions } of tell(story).accounts.values()) {
          expect([...balances.values()].some((balance) => balance.isZero())).toBe(false);
          expect([...positions.values()].some(({ quantity }) => quantity.isZero())).toBe(false);
        }
      }),
      RUNS,
    );
  });

  test("LEDGER-5: the journals up to any moment rebuild the accounts of that moment, and the rest goes on from there", () => {
    fc.assert(
      fc.property(anyStory, fc.nat(), (story, moment) => {
        const cut = moment % (story.length + 1);
        const [then, now] = [tell(story.slice(0, cut)), tell(story)];
        for (const person of PEOPLE) {
          const rebuilt = applyJournals(emptyAccount(person.id, person.kind, null), now.journals.slice(0, cut));
          expect(holdingsOf(rebuilt)).toEqual(holdingsOf(standing(then, person.id)));
          const end = holdingsOf(standing(now, person.id));
          expect(holdingsOf(applyJournals(rebuilt, now.journals.slice(cut)))).toEqual(end);
          expect(holdingsOf(now.journals.slice(cut).reduce(applyJournal, rebuilt))).toEqual(end);
        }
        expect(projectionDifferences(now.accounts.values(), now.journals)).toEqual([]);
      }),
      RUNS,
    );
  });

  test("LEDGER-5: a journal lost or posted twice does not go unnoticed", () => {
    fc.assert(
      fc.property(anyStory, fc.nat(), fc.boolean(), (story, where, lost) => {
        fc.pre(story.length > 0);
        const { journals, accounts } = tell(story);
        const at = where % journals.length;
        const wrong = lost ? journals.toSpliced(at, 1) : journals.toSpliced(at, 0, ...journals.slice(at, at + 1));
        expect(projectionDifferences(accounts.values(), wrong).length).toBeGreaterThan(0);
      }),
      RUNS,
    );
  });
});
