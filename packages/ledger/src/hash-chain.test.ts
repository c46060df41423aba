import { createHash } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { ALICE, BOB, NOON, USDC } from "@ballast/model/testing";
import { amount } from "@ballast/money";
import fc from "fast-check";
import { chainHash, GENESIS_HASH, ledgerFingerprint, postingText } from "./hash-chain.js";
import type { Journal } from "./journal.js";
import { transferJournal } from "./rules/transfer.js";
import { anyStory, tell } from "./testing.js";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const transfer = transferJournal({
  key: "t-1",
  at: NOON,
  from: ALICE.id,
  to: BOB.id,
  asset: USDC,
  amount: amount("1.50"),
});
const textsOf = (journal: Journal) =>
  journal.postings.map((posting, index) => postingText(journal, index + 1, posting));

/** A link of a chain, as it is stored. */
interface Link {
  readonly text: string;
  readonly previousHash: string;
  readonly hash: string;
}

function chained(texts: readonly string[]): readonly Link[] {
  const links: Link[] = [];
  for (const text of texts) {
    const previousHash = links.at(-1)?.hash ?? GENESIS_HASH;
    links.push({ text, previousHash, hash: chainHash(previousHash, text, sha256) });
  }
  return links;
}

/** Does every link follow the one before it, and does the chain end where the account says? */
function holds(links: readonly Link[], head: string): boolean {
  let end = GENESIS_HASH;
  for (const { text, previousHash, hash } of links) {
    if (previousHash !== end || chainHash(previousHash, text, sha256) !== hash) return false;
    end = hash;
  }
  return end === head;
}

describe("LEDGER-6: the chain of an account", () => {
  test("a posting has one text, without zeros at the end and without an exponent", () => {
    expect(textsOf(transfer)).toEqual(["t-1|1|alice|collateral|USDC|-1.5", "t-1|2|bob|collateral|USDC|1.5"]);
    const tiny = {
      ...transfer,
      postings: transfer.postings.map((leg) => ({ ...leg, amount: amount("0.000000000000000001") })),
    };
    expect(textsOf(tiny)[0]).toBe("t-1|1|alice|collateral|USDC|0.000000000000000001");
  });

  test("begins with sixty-four zeros, and the first link is what anybody can compute", () => {
    expect(GENESIS_HASH).toBe("0".repeat(64));
    expect(chainHash(GENESIS_HASH, "t-1|1|alice|collateral|USDC|-1.5", sha256)).toBe(
      "199077e61f083e93cf4bd98a0eace604f2d9adfdd88c595c88d5cdbea00457a2",
    );
  });

  test("two postings never share a text, whatever the key is made of", () => {
    const odd = { ...transfer, key: "t-1|1|alice|collateral|USDC|-1.5" };
    expect(new Set([...textsOf(transfer), ...textsOf(odd)]).size).toBe(4);
  });

  test("any edit, gap, addition or exchange breaks it", () => {
    const tampering = fc.record({
      story: anyStory.filter((story) => story.length > 1),
      where: fc.nat(),
      how: fc.constantFrom("edited", "removed", "added", "exchanged", "edited and hashed again", "cut off"),
    });
    fc.assert(
      fc.property(tampering, ({ story, where, how }) => {
        const links = chained(tell(story).journals.flatMap(textsOf));
        const head = links.at(-1)?.hash ?? GENESIS_HASH;
        expect(holds(links, head)).toBe(true);
        const at = where % (links.length - 1);
        const [link, next] = [links[at], links[at + 1]] as [Link, Link];
        const text = `${link.text}0`;
        const tampered = {
          edited: links.with(at, { ...link, text }),
          removed: links.toSpliced(at, 1),
          added: links.toSpliced(at, 0, link),
          exchanged: links.with(at, next).with(at + 1, link),
          "edited and hashed again": links.with(at, {
            ...link,
            text,
            hash: chainHash(link.previousHash, text, sha256),
          }),
          "cut off": links.slice(0, at),
        }[how];
        expect(holds(tampered ?? [], head)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

describe("LEDGER-7: the fingerprint", () => {
  test("of nothing is where every chain begins", () => {
    expect(ledgerFingerprint([], sha256)).toBe(GENESIS_HASH);
  });

  test("forgets the order in which journals were written, and the hour", () => {
    fc.assert(
      fc.property(anyStory, fc.nat(), (story, cut) => {
        const { journals } = tell(story);
        const turned = [
          ...journals.slice(cut % (journals.length + 1)),
          ...journals.slice(0, cut % (journals.length + 1)),
        ];
        const later = turned.map((journal) => ({ ...journal, at: (journal.at + 1) as typeof journal.at }));
        expect(ledgerFingerprint(later, sha256)).toBe(ledgerFingerprint(journals, sha256));
      }),
      { numRuns: 300 },
    );
  });

  //  what is different                    changed
  test.each<[string, (journal: Journal) => Journal]>([
    ["the key", (journal) => ({ ...journal, key: "t-2" })],
    ["the kind", (journal) => ({ ...journal, kind: "DEFICIT" })],
    ["the order of the legs", (journal) => ({ ...journal, postings: journal.postings.toReversed() })],
    ["a leg less", (journal) => ({ ...journal, postings: journal.postings.slice(1) })],
    ["an account", (journal) => withLeg(journal, { account: BOB.id })],
    ["a book", (journal) => withLeg(journal, { book: "fees" })],
    ["an amount, in the last digit", (journal) => withLeg(journal, { amount: amount("-1.500000000000000001") })],
  ])("notices %s", (_, changed) => {
    expect(ledgerFingerprint([changed(transfer)], sha256)).not.toBe(ledgerFingerprint([transfer], sha256));
  });

  test("notices a journal that is missing, or there twice", () => {
    const other = { ...transfer, key: "t-2" };
    const prints = [[transfer], [transfer, other], [transfer, transfer]].map((all) => ledgerFingerprint(all, sha256));
    expect(new Set(prints).size).toBe(3);
  });
});

function withLeg(journal: Journal, changed: Partial<Journal["postings"][number]>): Journal {
  const [first, ...others] = journal.postings;
  return first === undefined ? journal : { ...journal, postings: [{ ...first, ...changed }, ...others] };
}
