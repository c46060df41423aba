import { toUtcMillis } from "@ballast/model";
import { ratio } from "@ballast/money";
import { z } from "zod";
import { eventCalendar, InvalidEvent, type MarginEvent } from "./event-calendar.js";

/*
 * A calendar of announced events as a JSON document: what a house publishes weeks ahead, so that everybody can read today what
 * will be asked for then.
 */

const moment = z.iso.datetime({ message: "expected a UTC time as 2026-03-18T18:00:00Z" });

/** The schema of a calendar. */
export const EVENT_CALENDAR = z.strictObject({
  events: z.array(
    z.strictObject({
      id: z.string(),
      reason: z.string(),
      /** Empty: all of them. */
      underlyings: z.array(z.string()),
      announcedAt: moment,
      startsAt: moment,
      endsAt: moment,
      /** Of the rise after the start, and of the fall before the end. */
      transitionMinutes: z.int().min(0),
      /** Of requirements, 1 to 10, as decimal text. */
      multiplier: z.string().regex(/^\d{1,2}(\.\d{1,12})?$/, "expected a decimal string from 1 to 10"),
    }),
  ),
});

const MINUTE_MS = 60_000;

/**
 * The events of a calendar document, checked.
 *
 * @throws InvalidEvent naming the first event and field that is not acceptable.
 * @method ESTIMATE-20
 */
export function readEventCalendar(json: unknown): readonly MarginEvent[] {
  const parsed = EVENT_CALENDAR.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue?.path ?? [];
    const found = path[0] === "events" && typeof path[1] === "number" ? `${path[1]}` : "of the calendar";
    const expected = (issue?.message ?? "another value").replace(/^expected /, "");
    throw new InvalidEvent(found, path.slice(2).join(".") || path.join("."), expected);
  }
  return eventCalendar(
    parsed.data.events.map(({ transitionMinutes, announcedAt, startsAt, endsAt, multiplier, ...event }) => ({
      ...event,
      announcedAt: toUtcMillis(Date.parse(announcedAt)),
      startsAt: toUtcMillis(Date.parse(startsAt)),
      endsAt: toUtcMillis(Date.parse(endsAt)),
      transitionMs: transitionMinutes * MINUTE_MS,
      multiplier: ratio(multiplier),
    })),
  );
}
