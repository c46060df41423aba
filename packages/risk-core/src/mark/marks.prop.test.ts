import { describe, expect, test } from "@jest/globals";
import { price, ratio, rate } from "@ballast/money";
import fc from "fast-check";
import { type MonotonicMillis, toMonotonicMillis } from "../market/monotonic-millis.js";
import { ONE_UNITS } from "../market/price-units.js";
import { type AveragedBasis, averagedUntil, noBasis, observeBasis } from "./averaged-basis.js";
import { type DatedFutureMarkRules, markDatedFuture } from "./dated-future-mark.js";
import type { Mark } from "./mark-forms.js";
import { bookPrice } from "./own-book.js";
import { fairPerpetual, markPerpetual, type PerpetualMarkRules } from "./perpetual-mark.js";
import { followStable } from "./stable-price.js";

const text = (value: number): string => value.toFixed(8);
const at = (ms: number): MonotonicMillis => toMonotonicMillis(ms);
const flat = (level: string) => ({ bid: price(level), ask: price(level), last: price(level) });
const DAY = 24 * 3_600_000;
const YEAR = 365 * DAY;

const PERPETUAL: PerpetualMarkRules = { clampWidth: ratio("0.02"), memoryMs: 150_000 };
const FUTURE: DatedFutureMarkRules = {
  clampWidth: ratio("0.02"),
  clampWidthPerYear: ratio("0.3"),
  memoryMs: 150_000,
};

/** Any book at all: missing sides, crossed, a millionth or a million times the index. */
const anySide = fc.option(fc.double({ min: 1e-4, max: 1e8, noNaN: true }).map((value) => price(text(value))));
const anyBook = fc.record({ bid: anySide, ask: anySide, last: anySide });
const anyIndex = fc.double({ min: 0.01, max: 200_000, noNaN: true });
const anyLook = fc.record({ book: anyBook, waitedMs: fc.integer({ min: 0, max: 600_000 }) });

describe("MARK-1: the own book", () => {
  //  bid    ask    last   it says
  test.each([
    ["100", "102", "101", 101n],
    ["100", "102", "500", 102n],
    ["100", "102", "1", 100n],
    ["100", "102", null, 101n],
    ["100", null, null, 100n],
    [null, null, null, null],
  ])("bid %s, ask %s, last %s", (bid, ask, last, answer) => {
    const side = (level: string | null) => (level === null ? null : price(level));
    const said = bookPrice({ bid: side(bid), ask: side(ask), last: side(last) });
    expect(said).toBe(answer === null ? null : answer * ONE_UNITS);
  });
});

describe("MARK-1: the mark of a perpetual", () => {
  const once = (book: string, anchor: string | null, basis: AveragedBasis = noBasis(at(0))) =>
    markPerpetual(PERPETUAL, basis, {
      index: price("10000"),
      book: flat(book),
      anchor: anchor === null ? null : price(anchor),
      atMs: at(0),
    });
  const told = ({ mark }: { readonly mark: Mark }) => [mark.price.toFixed(), mark.clamped];

  //  what there is                                 book      anchor    mark      clamped
  test.each([
    ["everything at the index", "10000", "10000", "10000", false],
    ["the book above, nobody else", "10100", "10000", "10000", false],
    ["book and anchor above", "10100", "10050", "10050", false],
    ["no anchor: the index stands in for it", "10100", null, "10000", false],
    ["book and anchor beyond the clamp", "20000", "20000", "10200", true],
    ["book and anchor below the clamp", "1", "1", "9800", true],
  ] as const)("%s", (_, book, anchor, answer, clamped) => {
    expect(told(once(book, anchor))).toEqual([answer, clamped]);
  });

  test("without a book it is between the average and the anchor", () => {
    const quote = { index: price("10000"), book: { bid: null, ask: null, last: null }, atMs: at(0) };
    expect(told(markPerpetual(PERPETUAL, noBasis(at(0)), { ...quote, anchor: null }))).toEqual(["10000", false]);
    expect(told(markPerpetual(PERPETUAL, noBasis(at(0)), { ...quote, anchor: price("10010") }))).toEqual([
      "10005",
      false,
    ]);
  });

  test("a premium that stands becomes the mark: half of it after the memory, by the average alone", () => {
    let basis = once("10100", "10100").basis;
    basis = averagedUntil(basis, PERPETUAL.memoryMs, at(150_000));
    expect(Number(basis.average) / Number(ONE_UNITS)).toBeCloseTo(0.005, 12);
  });

  test("fair by its funding: a rate of 1 % with half of the interval to go is worth 0.5 %", () => {
    expect(fairPerpetual(price("10000"), rate("0.01"), ratio("0.5")).toFixed()).toBe("10050");
  });

  test("whoever owns the book moves the mark no further from the index than the clamp, in any time, by any means", () => {
    const anyAnchor = fc.option(fc.double({ min: 0.5, max: 2, noNaN: true }));
    fc.assert(
      fc.property(anyIndex, anyAnchor, fc.array(anyLook, { maxLength: 20 }), (index, anchored, looks) => {
        let [nowMs, basis] = [0, noBasis(at(0))];
        for (const { book, waitedMs } of looks) {
          nowMs += waitedMs;
          const anchor = anchored === null ? null : price(text(index * anchored));
          const looked = markPerpetual(PERPETUAL, basis, { index: price(text(index)), book, anchor, atMs: at(nowMs) });
          basis = looked.basis;
          expect(Math.abs(Number(looked.mark.price) / Number(text(index)) - 1)).toBeLessThanOrEqual(0.02 + 1e-9);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("with an anchor or without, a book that is moved for an instant moves the mark by no more than the average can forget in it", () => {
    fc.assert(
      fc.property(anyIndex, anyBook, anyBook, fc.boolean(), fc.integer({ min: 1, max: 60_000 }), (...drawn) => {
        const [index, one, other, anchored, heldMs] = drawn;
        const said = price(text(index));
        const quote = { index: said, anchor: anchored ? said : null };
        // An hour of a quiet market, then any book for `heldMs`, then another one.
        let { basis } = markPerpetual(PERPETUAL, noBasis(at(0)), { ...quote, book: flat(text(index)), atMs: at(0) });
        basis = averagedUntil(basis, PERPETUAL.memoryMs, at(3_600_000));
        basis = markPerpetual(PERPETUAL, basis, { ...quote, book: one, atMs: at(3_600_000) }).basis;
        const { mark } = markPerpetual(PERPETUAL, basis, { ...quote, book: other, atMs: at(3_600_000 + heldMs) });
        const moved = Math.abs(Number(mark.price) / Number(said) - 1);
        expect(moved).toBeLessThanOrEqual((0.02 * heldMs) / (heldMs + 150_000) + 1e-9);
      }),
      { numRuns: 200 },
    );
  });
});

describe("MARK-2: the average basis", () => {
  const clamp = ONE_UNITS / 50n;

  test("lies between what was averaged, and nothing is remembered beyond the clamp", () => {
    const anySample = fc.option(fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }));
    fc.assert(
      fc.property(fc.array(fc.tuple(anySample, fc.integer({ min: 0, max: 10 ** 9 })), { maxLength: 30 }), (samples) => {
        let [nowMs, basis] = [0, noBasis(at(0))];
        for (const [sample, waitedMs] of samples) {
          nowMs += waitedMs;
          basis = observeBasis(basis, sample, clamp, 150_000, at(nowMs));
          expect(basis.average <= clamp && basis.average >= -clamp).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("what stands counts, not what is seen last: a book that is moved as it is looked at counts from then on", () => {
    const quiet = observeBasis(noBasis(at(0)), 0n, clamp, 150_000, at(0));
    const moved = observeBasis(quiet, clamp, clamp, 150_000, at(3_600_000));
    expect(moved.average).toBe(0n);
    expect(averagedUntil(moved, 150_000, at(3_600_000 + 150_000)).average).toBe(clamp / 2n);
  });

  test("many looks a microsecond apart, and a clock that goes back, lose no time", () => {
    let basis = observeBasis(noBasis(at(0)), clamp, clamp, 1_000, at(0));
    for (let look = 1; look <= 10_000; look += 1) basis = observeBasis(basis, clamp, clamp, 1_000, at(look / 10_000));
    expect(basis.average).toBeGreaterThan(0n);
    expect(observeBasis(basis, clamp, clamp, 1_000, at(-5)).average).toBe(basis.average);
  });
});

describe("MARK-3: the mark of a dated future", () => {
  const quote = (changed: object) => ({
    index: price("10000"),
    book: flat("11000"),
    anchor: null,
    msToExpiry: YEAR,
    atMs: at(0),
    ...changed,
  });

  test("keeps its basis per year: 10 % a year is 5 % with half a year to go, without a look in between", () => {
    const { basis } = markDatedFuture(FUTURE, noBasis(at(0)), quote({}));
    const later = averagedUntil(basis, FUTURE.memoryMs, at(1e12));
    const nobody = { bid: null, ask: null, last: null };
    const half = quote({ msToExpiry: YEAR / 2, book: nobody, atMs: at(1e12) });
    expect(markDatedFuture(FUTURE, later, half).mark.price.toFixed(4)).toBe("10499.9999");
  });

  test("is the index at expiry, and within the fixed part of the clamp just before", () => {
    const { basis } = markDatedFuture(FUTURE, noBasis(at(0)), quote({}));
    expect(markDatedFuture(FUTURE, basis, quote({ msToExpiry: 0 })).mark.price.toFixed()).toBe("10000");
    expect(markDatedFuture(FUTURE, basis, quote({ msToExpiry: -1 })).mark.price.toFixed()).toBe("10000");
    const { mark } = markDatedFuture(
      FUTURE,
      basis,
      quote({ msToExpiry: 1, book: flat("99999"), anchor: price("99999") }),
    );
    expect([mark.price.toFixed(), mark.clamped]).toEqual(["10200.0000001", true]);
  });

  test("whoever owns the book moves it no further from the index than the clamp for the time left", () => {
    const anyTime = fc.integer({ min: 0, max: 2 * YEAR });
    fc.assert(
      fc.property(anyIndex, fc.array(fc.tuple(anyLook, anyTime), { maxLength: 20 }), (index, looks) => {
        let [nowMs, basis] = [0, noBasis(at(0))];
        for (const [{ book, waitedMs }, msToExpiry] of looks) {
          nowMs += waitedMs;
          const looked = markDatedFuture(FUTURE, basis, {
            ...quote({ book, msToExpiry, atMs: at(nowMs) }),
            index: price(text(index)),
          });
          basis = looked.basis;
          const width = 0.02 + (0.3 * msToExpiry) / YEAR;
          expect(Math.abs(Number(looked.mark.price) / Number(text(index)) - 1)).toBeLessThanOrEqual(width + 1e-9);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("MARK-5: the stable price", () => {
  const rules = { perSecondMax: ratio("0.0001"), stepMsMax: 600_000 };

  //  stable at   real price  after      stable then
  test.each([
    ["100", "200", 1_000, "100.01"],
    ["100", "50", 1_000, "99.99"],
    ["100", "100.005", 1_000, "100.005"],
    ["100", "200", 0, "100"],
    ["100", "200", -5, "100"],
    ["100", "200", 86_400_000, "106"],
  ])("at %s with the price at %s for %s ms", (stable, real, ms, answer) => {
    const after = followStable(rules, { price: price(stable), atMs: at(0) }, price(real), at(ms));
    expect(after.price.toFixed()).toBe(answer);
  });

  test("is bounded for every second, both ways, never leaves the path of the price, and arrives where it stays", () => {
    const anyStep = fc.tuple(fc.double({ min: 0.01, max: 10_000, noNaN: true }), fc.integer({ min: 1, max: 900_000 }));
    fc.assert(
      fc.property(fc.array(anyStep, { minLength: 1, maxLength: 30 }), (steps) => {
        let [nowMs, stable] = [0, { price: price("100"), atMs: at(0) }];
        for (const [level, ms] of steps) {
          nowMs += ms;
          const [before, real] = [Number(stable.price), price(text(level))];
          stable = followStable(rules, stable, real, at(nowMs));
          const after = Number(stable.price);
          const most = before * 0.0001 * (Math.min(ms, 600_000) / 1_000);
          expect(Math.abs(after - before)).toBeLessThanOrEqual(most + before * 1e-11);
          expect(after).toBeGreaterThanOrEqual(Math.min(before, Number(real)) - 1e-9);
          expect(after).toBeLessThanOrEqual(Math.max(before, Number(real)) + 1e-9);
        }
        for (let look = 0; look < 1_200 && !stable.price.eq("100"); look += 1) {
          nowMs += 600_000;
          stable = followStable(rules, stable, price("100"), at(nowMs));
        }
        expect(stable.price.toFixed()).toBe("100");
      }),
      { numRuns: 100 },
    );
  });
});
