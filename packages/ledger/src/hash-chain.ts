import { printDecimal } from "@ballast/money";
import { compareIds } from "@ballast/model";
import type { Journal, Posting } from "./journal.js";

/** Hex of the SHA-256 of a text in UTF-8. Handed in, because this package asks nothing of its surroundings. */
export type Sha256 = (text: string) => string;

/** What stands before an account's first posting. */
export const GENESIS_HASH = "0".repeat(64);

/**
 * Returns the canonical text of a posting: journal key, leg (from 1), account, book, asset and amount, parted by bars.
 * None of the last five fields can contain a bar, so, read from the end, two postings never share a text, whatever is in
 * the key.
 *
 * @method LEDGER-6
 */
export function postingText(journal: Journal, leg: number, posting: Posting): string {
  return `${journal.key}|${leg}|${posting.account}|${posting.book}|${posting.asset}|${printDecimal(posting.amount)}`;
}

/**
 * Returns the hash of a posting in its account's chain: SHA-256 of the hash before it, then its text.
 *
 * @method LEDGER-6
 */
export function chainHash(previousHash: string, text: string, sha256: Sha256): string {
  return sha256(previousHash + text);
}

/**
 * Returns one hash of what happened, whatever the order it was written in: journals by key, each with kind and legs. Two
 * runs with the same fingerprint moved the same money between the same books. When it happened, and where in a chain it
 * stands, is left out: two runs of one story are never told at the same second.
 *
 * Cost: one hash a journal, and their keys and hashes in memory.
 *
 * @method LEDGER-7
 */
export function ledgerFingerprint(journals: Iterable<Journal>, sha256: Sha256): string {
  const digests = Array.from(journals, (journal) => ({ key: journal.key, digest: journalDigest(journal, sha256) }));
  digests.sort((left, right) => compareIds(left.key, right.key));
  return digests.reduce((fingerprint, { digest }) => sha256(fingerprint + digest), GENESIS_HASH);
}

function journalDigest(journal: Journal, sha256: Sha256): string {
  const legs = journal.postings.map((posting, index) => postingText(journal, index + 1, posting));
  return sha256(`${journal.kind}\n${legs.join("\n")}`);
}
