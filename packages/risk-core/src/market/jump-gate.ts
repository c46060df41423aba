import type { Price } from "@ballast/money";
import type { Agreement } from "./agreement.js";
import type { IndexRules } from "./index-rules.js";
import type { MonotonicMillis } from "./monotonic-millis.js";
import { productOf, unitsOf } from "./price-units.js";

/*
 * A second opinion on the index, independent of how it was made: a price that is suddenly far from the last good one is
 * believed only after it has lasted, and only while nearly everybody says it. The time it has to last grows with the
 * size of the move, because the two kinds of jump differ exactly there: a market that falls 20 % in a second exists and is
 * still there seconds later, while a factor of ten or a thousand is a mistake in a unit, for which minutes cost nothing.
 *
 * The gate measures from the last value that a full number of sources stood behind, and not from the last value
 * published. Otherwise two sources of three could walk the index anywhere in steps that each look small.
 */

/** A move beyond the gate that is being watched. */
export interface PendingJump {
  readonly sinceMs: MonotonicMillis;
  /** Since when it has not been seen, because the sources were too few or disagreed; null while it is. */
  readonly lostSinceMs: MonotonicMillis | null;
  readonly direction: "up" | "down";
}

export type JumpVerdict = { readonly passes: true } | { readonly passes: false; readonly pending: PendingJump };

/**
 * May the index become `candidate`?
 *
 * Yes within `jumpMax` of the reference. Beyond it, yes once the move has lasted its time in one direction, and a quorum
 * of the sources has said so again since it began. The time is `jumpPersistenceMs` for a move of `jumpMax`, twice that for
 * a move of twice that. Moves are measured on the lower of the two prices, so ×2 and ÷2 are the same move.
 *
 * @param reference the last value a quorum stood behind; null before the first
 * @param pending   the move that is being watched, from the verdict before
 * @method MARKET-8
 */
export function judgeJump(
  rules: IndexRules,
  reference: Price | null,
  candidate: Price,
  agreement: Agreement,
  pending: PendingJump | null,
  nowMs: MonotonicMillis,
): JumpVerdict {
  if (reference === null) return { passes: true };
  const [before, after] = [unitsOf(reference), unitsOf(candidate)];
  const up = after > before;
  const [low, high] = up ? [before, after] : [after, before];
  const gate = productOf(low, rules.units.jumpMax);
  const move = high - low;
  if (move <= gate) return { passes: true };
  const direction = up ? "up" : "down";
  const goesOn =
    pending?.direction === direction &&
    (pending.lostSinceMs === null || nowMs - pending.lostSinceMs < rules.jumpPersistenceMs);
  const watched: PendingJump = { sinceMs: goesOn ? pending.sinceMs : nowMs, lostSinceMs: null, direction };
  const lasted = BigInt(Math.floor(nowMs - watched.sinceMs)) * gate >= move * BigInt(rules.jumpPersistenceMs);
  const repeated = agreement.agreeing.filter(({ observedAtMs }) => observedAtMs > watched.sinceMs).length;
  if (lasted && repeated >= quorum(rules, agreement)) return { passes: true };
  return { passes: false, pending: watched };
}

/** The move that was watched, at a moment at which nothing can be said of it. */
export function lostJump(pending: PendingJump | null, nowMs: MonotonicMillis): PendingJump | null {
  return pending === null || pending.lostSinceMs !== null ? pending : { ...pending, lostSinceMs: nowMs };
}

/** How many must agree before a value becomes the reference or a jump is believed: the minimum, and two in three. */
export function quorum({ freshSourcesMin }: IndexRules, { fresh }: Agreement): number {
  return Math.max(freshSourcesMin, Math.ceil((fresh.length * 2) / 3));
}
