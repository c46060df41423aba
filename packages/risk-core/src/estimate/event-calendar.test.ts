import { describe, expect, test } from "@jest/globals";
import { toUtcMillis } from "@ballast/model";
import { ratio } from "@ballast/money";
import fc from "fast-check";
import { eventCalendar, InvalidEvent, largestMultiplier, type MarginEvent, multiplierAt } from "./event-calendar.js";
import { readEventCalendar } from "./event-document.js";

const HOUR = 3_600_000;
const hour = (hours: number) => toUtcMillis(1_700_000_000_000 + hours * HOUR);
const event = (more: Partial<MarginEvent> = {}): MarginEvent => ({
  id: "rate-decision",
  reason: "interest rate decision",
  underlyings: [],
  announcedAt: hour(-48),
  startsAt: hour(0),
  endsAt: hour(24),
  transitionMs: 6 * HOUR,
  multiplier: ratio("1.5"),
  ...more,
});

describe("ESTIMATE-20: announced multipliers", () => {
  //     when                                 hours  multiplier
  test.each([
    ["an hour before the start", -1, "1"],
    ["at the start", 0, "1"],
    ["a third of the way up", 2, "1.166666666667"],
    ["when the rise is over", 6, "1.5"],
    ["in the middle", 12, "1.5"],
    ["when the fall begins", 18, "1.5"],
    ["halfway down", 21, "1.25"],
    ["at the end", 24, "1"],
    ["an hour after the end", 25, "1"],
  ] as const)("%s", (_, hours, expected) => {
    expect(multiplierAt(eventCalendar([event()]), "BTC", hour(hours)).multiplier.toFixed()).toBe(expected);
  });

  test("an event without a transition holds from its start to its end", () => {
    const calendar = eventCalendar([event({ transitionMs: 0 })]);
    const at = (hours: number) => multiplierAt(calendar, "BTC", hour(hours)).multiplier.toFixed();
    expect([-0.001, 0, 24, 24.001].map(at)).toEqual(["1", "1.5", "1.5", "1"]);
  });

  test("an event of one underlying is none of another's", () => {
    const calendar = eventCalendar([event({ underlyings: ["ETH"] })]);
    expect(multiplierAt(calendar, "ETH", hour(12)).event).toBe("rate-decision");
    expect(multiplierAt(calendar, "BTC", hour(12))).toEqual({ multiplier: ratio("1"), event: undefined });
  });

  test("of two events at once the larger counts, and is named", () => {
    const calendar = eventCalendar([event(), event({ id: "expiry", multiplier: ratio("1.2"), endsAt: hour(48) })]);
    expect(multiplierAt(calendar, "BTC", hour(12)).event).toBe("rate-decision");
    expect(multiplierAt(calendar, "BTC", hour(30))).toEqual({ multiplier: ratio("1.2"), event: "expiry" });
  });

  test("a multiplier never jumps: a minute changes it by at most its share of the transition", () => {
    const calendar = eventCalendar([event()]);
    fc.assert(
      fc.property(fc.integer({ min: -120, max: 1600 }), (minute) => {
        const at = (minutes: number) => multiplierAt(calendar, "BTC", hour(minutes / 60)).multiplier;
        expect(
          at(minute + 1)
            .sub(at(minute))
            .abs()
            .lte(ratio("0.001388888890")),
        ).toBe(true);
      }),
    );
  });

  test.each([
    ["announced after its start", { announcedAt: hour(1) }, "announcedAt"],
    ["ending as it starts", { endsAt: hour(0) }, "endsAt"],
    ["longer on its way than there", { transitionMs: 13 * HOUR }, "transitionMs"],
    ["half a millisecond on its way", { transitionMs: 0.5 }, "transitionMs"],
    ["lowering margin", { multiplier: ratio("0.9") }, "multiplier"],
    ["raising it elevenfold", { multiplier: ratio("11") }, "multiplier"],
    ["without a name", { id: "" }, "id"],
  ] as const)("an event %s is refused", (_, more, field) => {
    expect(() => eventCalendar([event(more)])).toThrow(InvalidEvent);
    expect(() => eventCalendar([event(more)])).toThrow(field);
  });

  test("two events of one name are refused", () => {
    expect(() => eventCalendar([event(), event()])).toThrow("a name of its own");
  });

  test("the largest of a stretch is that of its highest moment", () => {
    const calendar = eventCalendar([event(), event({ id: "expiry", multiplier: ratio("1.2"), endsAt: hour(48) })]);
    fc.assert(
      fc.property(fc.integer({ min: -10, max: 60 }), fc.integer({ min: 0, max: 30 }), (from, hours) => {
        const moments = Array.from({ length: 4 * hours + 1 }, (_, quarter) => hour(from + quarter / 4));
        const highest = moments
          .map((moment) => multiplierAt(calendar, "BTC", moment).multiplier)
          .reduce((high, next) => (next.gt(high) ? next : high));
        const found = largestMultiplier(calendar, "BTC", hour(from), hour(from + hours)).multiplier;
        expect(found.toFixed()).toBe(highest.toFixed());
      }),
    );
  });
});

describe("ESTIMATE-20: a calendar as a document", () => {
  const written = {
    id: "rate-decision",
    reason: "interest rate decision",
    underlyings: [],
    announcedAt: "2026-03-01T00:00:00Z",
    startsAt: "2026-03-18T12:00:00Z",
    endsAt: "2026-03-19T12:00:00Z",
    transitionMinutes: 360,
    multiplier: "1.5",
  };

  test("is read to the events that it says", () => {
    const calendar = readEventCalendar({ events: [written] });
    const at = (text: string) => multiplierAt(calendar, "BTC", toUtcMillis(Date.parse(text))).multiplier.toFixed();
    expect(["2026-03-18T12:00:00Z", "2026-03-18T15:00:00Z", "2026-03-19T00:00:00Z"].map(at)).toEqual([
      "1",
      "1.25",
      "1.5",
    ]);
  });

  test.each([
    ["without a time zone", { startsAt: "2026-03-18T12:00:00" }, "startsAt"],
    ["with a number for a multiplier", { multiplier: 1.5 }, "multiplier"],
    ["with a field nobody knows", { colour: "red" }, "event 0"],
    ["lowering margin", { multiplier: "0.5" }, "multiplier"],
    ["announced too late", { announcedAt: "2026-03-18T13:00:00Z" }, "announcedAt"],
  ] as const)("%s it is refused", (_, change, named) => {
    const read = () => readEventCalendar({ events: [{ ...written, ...change }] });
    expect(read).toThrow(InvalidEvent);
    expect(read).toThrow(named);
  });
});
