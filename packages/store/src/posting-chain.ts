import { hash } from "node:crypto";
import { chainHash, type Journal, postingText } from "@ballast/ledger";
import { type AccountId, assertInvariant } from "@ballast/model";
import { toNumeric } from "./rows/numeric.js";

/** Hex of the SHA-256 of a text in UTF-8: the hash that every chain of this house is made with. */
export const sha256 = (text: string): string => hash("sha256", text, "hex");

/** The ends of the chains of locked accounts, moved on in place by every posting. */
export type MovingHeads = ReadonlyMap<AccountId, { sequence: number; hash: string }>;

/** Postings as columns, in ledger order; `journal` is the position of the leg's journal in the batch, from 1. */
export interface PostingColumns {
  readonly journal: number[];
  readonly leg: number[];
  readonly account: string[];
  readonly book: string[];
  readonly asset: string[];
  readonly amount: string[];
  readonly accountSequence: number[];
  readonly previousHash: string[];
  readonly hash: string[];
}

/**
 * Lays journals out as posting rows and links each to the posting before it in the same account.
 * `heads` is moved on: afterwards it holds the new ends of the chains.
 *
 * Cost: one SHA-256 and one decimal printed per leg.
 *
 * @method LEDGER-6 STORE-1 STORE-6
 */
export function chainPostings(journals: readonly Journal[], heads: MovingHeads): PostingColumns {
  const columns: PostingColumns = {
    journal: [],
    leg: [],
    account: [],
    book: [],
    asset: [],
    amount: [],
    accountSequence: [],
    previousHash: [],
    hash: [],
  };
  journals.forEach((journal, index) => {
    journal.postings.forEach((posting, position) => {
      const { account, book, asset } = posting;
      const head = heads.get(account);
      assertInvariant(head !== undefined, "STORE-4 a posting is of a locked account", () => ({ account }));
      const previousHash = head.hash;
      const leg = position + 1;
      head.hash = chainHash(previousHash, postingText(journal, leg, posting), sha256);
      head.sequence += 1;
      columns.journal.push(index + 1);
      columns.leg.push(leg);
      columns.account.push(account);
      columns.book.push(book);
      columns.asset.push(asset);
      columns.amount.push(toNumeric(posting.amount));
      columns.accountSequence.push(head.sequence);
      columns.previousHash.push(previousHash);
      columns.hash.push(head.hash);
    });
  });
  return columns;
}
