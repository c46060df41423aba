import { price } from "@ballast/money";
import { type IndexEvent, type IndexPrice, type IndexState, reduceIndex, silentIndex } from "./index-price.js";
import { type IndexRules, loadIndexRules, sourceId, type SourceRole } from "./index-rules.js";
import { type MonotonicMillis, toMonotonicMillis } from "./monotonic-millis.js";
import type { PriceOf } from "./agreement.js";

/*
 * For tests only: an index that is told what its sources say, as a person would tell it.
 */

export interface SourceText {
  readonly id: string;
  readonly role?: SourceRole;
  readonly weight?: string;
  readonly quotedIn?: string | null;
  readonly ageMsMax?: number;
  readonly unchangedMsMax?: number | null;
  readonly priceMin?: string;
  readonly priceMax?: string;
}

/** Rules as a document, with what is left out at a liquid coin's: 10 s of age, 3 % deviation, a gate of 10 % for 3 s. */
export function rulesText(sources: readonly SourceText[], changed: Readonly<Record<string, unknown>> = {}) {
  return {
    sources: sources.map((source) => ({
      role: "venue",
      weight: "1",
      quotedIn: null,
      ageMsMax: 10_000,
      unchangedMsMax: null,
      priceMin: "0",
      priceMax: "10000000",
      ...source,
    })),
    ownBook: "excluded",
    freshSourcesMin: 3,
    deviationMax: "0.03",
    capWidth: "0.005",
    jumpMax: "0.1",
    jumpPersistenceMs: 3_000,
    frozenMsMax: 900_000,
    ...changed,
  };
}

/** Rules of venues by their names. */
export function rulesOf(names: readonly string[], changed: Readonly<Record<string, unknown>> = {}): IndexRules {
  return loadIndexRules(
    rulesText(
      names.map((id) => ({ id })),
      changed,
    ),
  );
}

/** What a source says: a price, or a price with an age or a sequence of its own. */
export type Said = string | { readonly price: string; readonly ageMs?: number; readonly sequence?: number };

/** An index, its clock, and the sequences of its sources. */
export class ToldIndex {
  state: IndexState;
  last: IndexPrice;
  nowMs = 1_000_000;
  private sequence = 0;

  constructor(
    readonly rules: IndexRules,
    private readonly priceOf: PriceOf = () => null,
  ) {
    this.state = silentIndex(rules, this.now());
    this.last = this.pass(0);
  }

  /** Every named source says its price at this moment, in the order given. */
  say(prices: Readonly<Record<string, Said>>): IndexPrice {
    for (const [source, said] of Object.entries(prices)) {
      const { price: text, ageMs = 0, sequence = ++this.sequence } = typeof said === "string" ? { price: said } : said;
      const tick = { source: sourceId(source), sequence, price: price(text), ageMs, receivedAtMs: this.now() };
      this.apply({ kind: "tick", ...tick });
    }
    return this.last;
  }

  /** So many milliseconds pass, and nobody says anything. */
  pass(ms: number): IndexPrice {
    this.nowMs += ms;
    return this.apply({ kind: "clock", nowMs: this.now() });
  }

  /** The same prices every `everyMs` for `ms` milliseconds, the first time after `everyMs`. */
  keepSaying(prices: Readonly<Record<string, Said>>, ms: number, everyMs = 1_000): IndexPrice {
    for (let passed = everyMs; passed <= ms; passed += everyMs) {
      this.pass(everyMs);
      this.say(prices);
    }
    return this.last;
  }

  person(text: string): IndexPrice {
    return this.apply({ kind: "person", price: price(text), nowMs: this.now() });
  }

  apply(event: IndexEvent): IndexPrice {
    const { state, index } = reduceIndex(this.rules, this.state, event, this.priceOf);
    this.state = state;
    this.last = index;
    return index;
  }

  /** The price in force as text. */
  get price(): string | null {
    return this.last.price?.toFixed() ?? null;
  }

  private now(): MonotonicMillis {
    return toMonotonicMillis(this.nowMs);
  }
}
