import { assertInvariant } from "@ballast/model";
import { min, type Price, ratio, type Ratio } from "@ballast/money";
import { type Agreement, confidenceOf, type Exclusion, findAgreement, type PriceOf } from "./agreement.js";
import { cappedAverage } from "./capped-median.js";
import type { IndexRules, SourceId } from "./index-rules.js";
import { judgeJump, lostJump, type PendingJump, quorum } from "./jump-gate.js";
import type { MonotonicMillis } from "./monotonic-millis.js";
import { productOf, publishedPrice } from "./price-units.js";
import { hear, type SourceQuote, type SourceTick } from "./source-quote.js";

/*
 * The index: one price of an asset from many places that say different things, some of which are wrong.
 *
 * Four walls stand one behind the other. A source must be fresh and say a price (`source-quote`, `agreement`); most of the
 * fresh ones must agree around their median (`agreement`); what they say is averaged inside a narrow band around the
 * median (`capped-median`); and the result must not be far from the last good one unless that lasts (`jump-gate`). Where a
 * wall holds, the index freezes at its last good value: nobody takes new risk at it and nobody is liquidated at it. Frozen
 * is bounded in time: after that only a person can bring the index back, because an exchange that does not liquidate is
 * as dangerous as one that liquidates at a wrong price.
 *
 * Everything is a function of the state before and one event. Time is part of the event and only runs forward; the end is
 * the same for every order in which the same ticks arrive, as soon as the gate is quiet.
 */

/**
 * LIVE: every source is heard. DEGRADED: usable, but somebody is not heard. FROZEN: the price is the last good one; no new
 * risk, no liquidation. NEEDS_PERSON: frozen for too long; only a person ends it.
 */
export type IndexCondition = "LIVE" | "DEGRADED" | "FROZEN" | "NEEDS_PERSON";

/** Why an index is frozen. */
export type FreezeReason = "TOO_FEW_SOURCES" | "SOURCES_DISAGREE" | "JUMP";

/** What an index says now. */
export interface IndexPrice {
  /** The price in force; null until the first good one. */
  readonly price: Price | null;
  /** What one unit counts for as collateral: the price, or what the issuer redeems it for where that is less. */
  readonly creditPrice: Price | null;
  readonly condition: IndexCondition;
  /** What is wrong with the sources at this moment; null when nothing is. */
  readonly reason: FreezeReason | null;
  /** 0…1; 0 while frozen. */
  readonly confidence: Ratio;
  /** What the sources would make of it at this moment, in force or not; null when none is fresh. */
  readonly candidate: Price | null;
  readonly excluded: readonly Exclusion[];
}

/** Everything an index remembers; a value. */
export interface IndexState {
  readonly nowMs: MonotonicMillis;
  /** Parallel to the sources of the rules. */
  readonly quotes: readonly (SourceQuote | null)[];
  /** The last good price. */
  readonly price: Price | null;
  /** The last price that a quorum stood behind: what a jump is measured from. */
  readonly reference: Price | null;
  readonly pending: PendingJump | null;
  readonly frozenSinceMs: MonotonicMillis | null;
  readonly needsPerson: boolean;
}

export type IndexEvent =
  | ({ readonly kind: "tick"; readonly source: SourceId } & SourceTick)
  /** Time has passed. */
  | { readonly kind: "clock"; readonly nowMs: MonotonicMillis }
  /** A person has looked, and says that this is the price. Who, and who else agreed, is recorded where it was asked. */
  | { readonly kind: "person"; readonly price: Price; readonly nowMs: MonotonicMillis };

/** A tick of a source that the rules do not name. */
export class UnknownSource extends Error {
  override readonly name = "UnknownSource";
  readonly code = "SOURCE_UNKNOWN";
  constructor(readonly source: SourceId) {
    super(`expected a source of the index; found ${source}`);
  }
}

/** An index that has heard nothing yet. */
export function silentIndex(rules: IndexRules, nowMs: MonotonicMillis): IndexState {
  return {
    nowMs,
    quotes: rules.sources.map(() => null),
    price: null,
    reference: null,
    pending: null,
    frozenSinceMs: nowMs,
    needsPerson: false,
  };
}

/**
 * Returns the state after one event, and what the index says then.
 *
 * @param priceOf prices of the assets in which sources quote
 * @throws UnknownSource, MalformedTick
 * @method MARKET-1 MARKET-3 MARKET-4 MARKET-7 MARKET-8 MARKET-9 MARKET-10
 */
export function reduceIndex(
  rules: IndexRules,
  state: IndexState,
  event: IndexEvent,
  priceOf: PriceOf = () => null,
): { readonly state: IndexState; readonly index: IndexPrice } {
  const heard = take(rules, state, event);
  const agreement = findAgreement(rules, heard.quotes, heard.nowMs, priceOf);
  const candidate = averageOf(rules, agreement);
  const verdict = judge(rules, heard, agreement, candidate);
  const next = settle(rules, heard, verdict);
  return { state: next, index: say(rules, next, verdict, agreement, candidate) };
}

/** May decisions use this index: new risk, liquidation? */
export function isUsable(condition: IndexCondition): boolean {
  return condition === "LIVE" || condition === "DEGRADED";
}

/** The state with what the event says, before anything is concluded from it. */
function take(rules: IndexRules, state: IndexState, event: IndexEvent): IndexState {
  if (event.kind === "clock") return { ...state, nowMs: later(state.nowMs, event.nowMs) };
  if (event.kind === "person") {
    assertInvariant(event.price.isFinite() && event.price.gt(0), "MARKET-9 a person says a price above zero", () => ({
      price: event.price.toFixed(),
    }));
    const nowMs = later(state.nowMs, event.nowMs);
    const { price } = event;
    return { ...state, nowMs, price, reference: price, pending: null, frozenSinceMs: null, needsPerson: false };
  }
  const at = rules.sources.findIndex(({ id }) => id === event.source);
  const source = rules.sources[at];
  if (source === undefined) throw new UnknownSource(event.source);
  const quotes = [...state.quotes];
  quotes[at] = hear(source, state.quotes[at] ?? null, event);
  return { ...state, nowMs: later(state.nowMs, event.receivedAtMs), quotes };
}

function later(one: MonotonicMillis, other: MonotonicMillis): MonotonicMillis {
  return one >= other ? one : other;
}

/** The capped average of everybody who agrees, the own book among them where the rules say so; null when nobody does. */
function averageOf(rules: IndexRules, { agreeing, own, median }: Agreement): Price | null {
  if (median === null || agreeing.length === 0) return null;
  const half = productOf(median, rules.units.capWidth);
  return publishedPrice(cappedAverage([...agreeing, ...own], median, half));
}

type Verdict =
  | { readonly good: true; readonly price: Price; readonly reference: Price | null }
  | { readonly good: false; readonly reason: FreezeReason; readonly pending: PendingJump | null };

function judge(rules: IndexRules, state: IndexState, agreement: Agreement, candidate: Price | null): Verdict {
  const { fresh, agreeing } = agreement;
  const holds = (reason: FreezeReason, pending = lostJump(state.pending, state.nowMs)) =>
    ({ good: false, reason, pending }) as const;
  if (fresh.length < rules.freshSourcesMin) return holds("TOO_FEW_SOURCES");
  if (candidate === null || agreeing.length * 2 <= fresh.length) return holds("SOURCES_DISAGREE");
  const full = agreeing.length >= quorum(rules, agreement);
  if (state.reference === null && !full) return holds("SOURCES_DISAGREE");
  const jump = judgeJump(rules, state.reference, candidate, agreement, state.pending, state.nowMs);
  if (!jump.passes) return holds("JUMP", jump.pending);
  return { good: true, price: candidate, reference: full ? candidate : state.reference };
}

/** What is remembered of a verdict. A person is needed once the index has been frozen for its time, and from then on. */
function settle(rules: IndexRules, state: IndexState, verdict: Verdict): IndexState {
  if (state.needsPerson) return { ...state, pending: verdict.good ? null : verdict.pending };
  if (verdict.good) {
    const { price, reference } = verdict;
    return { ...state, price, reference, pending: null, frozenSinceMs: null };
  }
  const frozenSinceMs = state.frozenSinceMs ?? state.nowMs;
  const needsPerson = state.nowMs - frozenSinceMs >= rules.frozenMsMax;
  return { ...state, pending: verdict.pending, frozenSinceMs, needsPerson };
}

const NO_CONFIDENCE = ratio("0");

function say(
  rules: IndexRules,
  state: IndexState,
  verdict: Verdict,
  agreement: Agreement,
  candidate: Price | null,
): IndexPrice {
  const { price, needsPerson } = state;
  const { excluded } = agreement;
  const frozen = needsPerson || !verdict.good;
  const allAgree = agreement.agreeing.length === rules.heardMax;
  return {
    price,
    creditPrice: price === null ? null : creditPriceOf(price, agreement),
    condition: needsPerson ? "NEEDS_PERSON" : frozen ? "FROZEN" : allAgree ? "LIVE" : "DEGRADED",
    reason: verdict.good ? null : verdict.reason,
    confidence: frozen ? NO_CONFIDENCE : confidenceOf(rules, agreement),
    candidate,
    excluded,
  };
}

/**
 * A holder of a wrapped or staked asset can always have what it redeems for, and no more: a premium over it is no
 * collateral. The lowest of several redemptions counts. Below it the market counts, because redeeming takes time.
 *
 * @method MARKET-7
 */
function creditPriceOf(price: Price, { fresh }: Agreement): Price {
  const redemptions = fresh.filter(({ source }) => source.role === "redemption");
  return redemptions.reduce((least, { units }) => min(least, publishedPrice(units)), price);
}
