import { toUtcMillis, type UtcMillis } from "@ballast/model";
import { Decimal, type Ratio, ratio } from "@ballast/money";

/*
 * Some days are known beforehand to be wilder: a rate decision, an expiry of many options, an upgrade of a chain. No
 * estimate from history sees them coming, and raising margin when they have come is too late and too sudden. So a
 * multiplier is announced, rises in a straight line, holds, and falls in a straight line; everybody can read today what
 * will be asked for next week. Where events overlap the largest counts: two reasons to be careful are not a product.
 */

/** An announced event. `underlyings` empty: all of them. */
export interface MarginEvent {
  readonly id: string;
  readonly reason: string;
  readonly underlyings: readonly string[];
  readonly announcedAt: UtcMillis;
  readonly startsAt: UtcMillis;
  readonly endsAt: UtcMillis;
  /** How long the rise after the start takes, and the fall before the end. */
  readonly transitionMs: number;
  /** Of requirements while the event holds; from 1 to 10. */
  readonly multiplier: Ratio;
}

/** Why an event cannot stand in a calendar, by the name of its field. */
export class InvalidEvent extends Error {
  override readonly name = "InvalidEvent";
  readonly code = "MARGIN_EVENT_INVALID";
  constructor(
    readonly event: string,
    readonly field: string,
    expected: string,
  ) {
    super(`event ${event}, ${field}: expected ${expected}`);
  }
}

/** What holds at one moment for one underlying. */
export interface EventMultiplier {
  /** At least 1. */
  readonly multiplier: Ratio;
  /** The event it comes from, the first one on a tie; undefined when there is none. */
  readonly event: string | undefined;
}

/** Digits of a multiplier on its way; rounded up, as requirements are. */
const MULTIPLIER_SCALE = 12;
const NONE: EventMultiplier = { multiplier: ratio("1"), event: undefined };

/**
 * The events, checked, in the order given: an event is announced before it starts, its transitions fit into it, its
 * multiplier lies between 1 and 10, its id is its own.
 *
 * @throws InvalidEvent with the field that is not so.
 * @method ESTIMATE-20
 */
export function eventCalendar(events: readonly MarginEvent[]): readonly MarginEvent[] {
  const ids = new Set<string>();
  for (const event of events) {
    const refuse = (field: string, expected: string): never => {
      throw new InvalidEvent(event.id, field, expected);
    };
    if (event.id === "" || ids.has(event.id)) refuse("id", "a name of its own");
    ids.add(event.id);
    for (const field of ["announcedAt", "startsAt", "endsAt"] as const) toUtcMillis(event[field]);
    if (event.announcedAt > event.startsAt) refuse("announcedAt", "a moment before the start");
    if (event.startsAt >= event.endsAt) refuse("endsAt", "a moment after the start");
    if (!Number.isSafeInteger(event.transitionMs) || event.transitionMs < 0) {
      refuse("transitionMs", "whole milliseconds, none or more");
    }
    if (2 * event.transitionMs > event.endsAt - event.startsAt) refuse("transitionMs", "at most half of the event");
    if (event.multiplier.lt(1) || event.multiplier.gt(10)) refuse("multiplier", "a multiplier from 1 to 10");
  }
  return events;
}

/**
 * The multiplier of requirements on one underlying at one moment: from 1 at the start in a straight line to the full
 * multiplier, and back to 1 at the end. Rounded up to 12 digits.
 *
 * @method ESTIMATE-20
 */
export function multiplierAt(calendar: readonly MarginEvent[], underlying: string, at: UtcMillis): EventMultiplier {
  return largestMultiplier(calendar, underlying, at, at);
}

/**
 * The largest multiplier at any moment from `from` to `to`, both included: what has to be asked for by a rate that is
 * published for the whole time.
 *
 * @method ESTIMATE-20
 */
export function largestMultiplier(
  calendar: readonly MarginEvent[],
  underlying: string,
  from: UtcMillis,
  to: UtcMillis,
): EventMultiplier {
  let largest = NONE;
  for (const event of calendar) {
    if (event.underlyings.length > 0 && !event.underlyings.includes(underlying)) continue;
    const [full, falls] = [event.startsAt + event.transitionMs, event.endsAt - event.transitionMs];
    // A straight line up, a plateau, a straight line down: the highest point is the one nearest to the plateau.
    const nearest = from > falls ? from : Math.min(Math.max(from, full), to);
    const multiplier = multiplierOf(event, toUtcMillis(nearest));
    if (multiplier.gt(largest.multiplier)) largest = { multiplier, event: event.id };
  }
  return largest;
}

function multiplierOf({ startsAt, endsAt, transitionMs, multiplier }: MarginEvent, at: UtcMillis): Ratio {
  const inside = Math.min(at - startsAt, endsAt - at);
  if (inside < 0) return NONE.multiplier;
  if (inside >= transitionMs) return multiplier;
  const extra = multiplier.sub(1).mul(inside).div(transitionMs);
  return ratio(extra.add(1).toDecimalPlaces(MULTIPLIER_SCALE, Decimal.ROUND_UP).toFixed());
}
