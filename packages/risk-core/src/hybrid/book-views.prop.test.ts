import { describe, expect, test } from "@jest/globals";
import { propertyRuns } from "@ballast/money/testing";
import fc from "fast-check";
import { nearestCorrelation } from "../estimate/nearest-correlation.f64.js";
import { NoEstimate } from "../estimate/no-estimate.js";
import { entry, type SquareMatrix, squareMatrix, symmetricMatrix } from "../estimate/square-matrix.f64.js";
import { BOOK_VIEWS, type BookLeg, bookViews } from "./book-views.f64.js";
import { calmCorrelation, jointHistory, jointScenarios, jointShortfall, linearLegLosses } from "./joint-history.f64.js";
import { linearLeg } from "./linear-book.f64.js";
import { longRate, shortRate } from "./rate.f64.js";
import { BALLAST_BOOKS } from "./recipe.js";

/** What is smaller than the last digit of the ledger is no amount, and its square would be no float. */
const amount = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((drawn) => (Math.abs(drawn) < 1e-18 ? 0 : drawn));
const logRate = fc.double({ min: 0.05, max: 0.8, noNaN: true });
const anyLeg = fc.record({ underlying: fc.constant("X"), lossOnFall: amount, lossOnRise: amount, logRate });
const linear = fc
  .tuple(amount, logRate)
  .map(([weight, rate]) =>
    linearLeg("X", weight, { logRate: rate, longRate: longRate(rate), shortRate: shortRate(rate) }),
  );

/** A correlation that is possible. */
const correlationOf = (size: number): fc.Arbitrary<SquareMatrix> =>
  fc
    .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: size * size, maxLength: size * size })
    .map(
      (drawn) =>
        nearestCorrelation(
          symmetricMatrix(size, (row, column) => (row === column ? 1 : (drawn[row * size + column] as number))),
        ).matrix,
    );

/** A book of `legs`. */
const bookOf = (legs: fc.Arbitrary<BookLeg>) =>
  fc.integer({ min: 1, max: 5 }).chain((size) =>
    fc.record({
      legs: fc.array(legs, { minLength: size, maxLength: size }),
      correlation: correlationOf(size),
    }),
  );

const margin = (legs: readonly BookLeg[], correlation?: SquareMatrix) =>
  bookViews(legs, correlation, { shortfall: 0, contributions: legs.map(() => 0) }, BALLAST_BOOKS);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe("what a book must bring", () => {
  test("HYBRID-17: at least its largest leg, at most the sum of its legs, and the credit is the difference", () => {
    fc.assert(
      fc.property(bookOf(anyLeg), ({ legs, correlation }) => {
        const { requirement, legMargins, noOffset, credit } = margin(legs, correlation);
        expect(requirement).toBeGreaterThanOrEqual(Math.max(...legMargins));
        expect(requirement).toBeLessThanOrEqual(noOffset * (1 + 1e-9) + 1e-9);
        expect(credit).toBe(noOffset - requirement);
      }),
    );
  });

  test("HYBRID-17: the parts of the legs sum to the requirement", () => {
    fc.assert(
      fc.property(bookOf(anyLeg), ({ legs, correlation }) => {
        const { requirement, contributions } = margin(legs, correlation);
        expect(Math.abs(sum(contributions) - requirement)).toBeLessThanOrEqual(1e-9 * (1 + requirement));
      }),
    );
  });

  test("HYBRID-13: a one-way linear book gets no credit, whatever the correlation says", () => {
    fc.assert(
      fc.property(bookOf(linear), fc.constantFrom(1, -1), ({ legs, correlation }, side) => {
        const oneWay = legs.map((leg) => ({
          ...leg,
          lossOnFall: side * Math.abs(leg.lossOnFall),
          lossOnRise: -side * Math.abs(leg.lossOnRise),
        }));
        const { requirement, noOffset } = margin(oneWay, correlation);
        expect(Math.abs(requirement - noOffset)).toBeLessThanOrEqual(1e-9 * noOffset);
      }),
    );
  });

  test("HYBRID-15: at most four fifths of the matched amount is forgiven", () => {
    fc.assert(
      fc.property(bookOf(linear), ({ legs, correlation }) => {
        const { credit, legMargins } = margin(legs, correlation);
        const onFall = sum(legMargins.filter((_, at) => (legs[at] as BookLeg).lossOnFall > 0));
        const matched = Math.min(onFall, sum(legMargins) - onFall);
        expect(credit).toBeLessThanOrEqual(1.6 * matched + 1e-9 * sum(legMargins));
      }),
    );
  });

  test("the order of the legs changes nothing but the order of their parts", () => {
    fc.assert(
      fc.property(bookOf(anyLeg), ({ legs, correlation }) => {
        const backwards = symmetricMatrix(correlation.size, (row, column) =>
          entry(correlation, correlation.size - 1 - row, correlation.size - 1 - column),
        );
        const forth = margin(legs, correlation);
        const back = margin(legs.toReversed(), backwards);
        for (const view of BOOK_VIEWS) {
          expect(Math.abs(back.views[view] - forth.views[view])).toBeLessThanOrEqual(1e-9 * (1 + forth.noOffset));
        }
      }),
    );
  });

  test("a book twice as large must bring twice as much", () => {
    fc.assert(
      fc.property(bookOf(anyLeg), ({ legs, correlation }) => {
        const doubled = legs.map((leg) => ({ ...leg, lossOnFall: 2 * leg.lossOnFall, lossOnRise: 2 * leg.lossOnRise }));
        expect(margin(doubled, correlation).requirement).toBeCloseTo(2 * margin(legs, correlation).requirement, 3);
      }),
    );
  });

  test("HYBRID-18: no cliff: a dollar more of loss anywhere raises the requirement by two dollars at most", () => {
    fc.assert(
      fc.property(bookOf(anyLeg), fc.boolean(), ({ legs, correlation }, onFall) => {
        const [first, ...others] = legs as [BookLeg, ...BookLeg[]];
        const worse = onFall
          ? { ...first, lossOnFall: first.lossOnFall + 1 }
          : { ...first, lossOnRise: first.lossOnRise + 1 };
        const change = margin([worse, ...others], correlation).requirement - margin(legs, correlation).requirement;
        // A gain is counted at e^R of the other direction, at most e^0.8 here.
        expect(change).toBeLessThanOrEqual(1 + Math.exp(0.8) + 1e-6);
      }),
    );
  });
});

describe("HYBRID-25: two books in one", () => {
  const days = 12;
  const anyTwoBooks = fc.integer({ min: 1, max: 5 }).chain((size) => {
    const each = <Drawn>(arbitrary: fc.Arbitrary<Drawn>) => fc.array(arbitrary, { minLength: size, maxLength: size });
    return fc.record({
      logRates: each(logRate),
      correlation: correlationOf(size),
      history: each(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: days, maxLength: days })),
      books: fc.tuple(each(amount), each(amount)),
    });
  });
  const recipe = { ...BALLAST_BOOKS, jointFrom: days / 2 };

  test("HYBRID-25: linear books never need more than apart, but for the dearer side of what nets", () => {
    fc.assert(
      fc.property(anyTwoBooks, ({ logRates, correlation, history, books: [one, other] }) => {
        const moves = history.map((column) => Float64Array.from(column));
        const needed = (weights: readonly number[]) => {
          const legs = weights.map((weight, at) => {
            const rate = logRates[at] as number;
            return linearLeg("X", weight, { logRate: rate, longRate: longRate(rate), shortRate: shortRate(rate) });
          });
          return bookViews(legs, correlation, jointShortfall(linearLegLosses(weights, moves), recipe), recipe)
            .requirement;
        };
        const nets = one.map((weight, at) =>
          weight * (other[at] as number) < 0 ? Math.min(Math.abs(weight), Math.abs(other[at] as number)) : 0,
        );
        const bound = sum(
          nets.map((net, at) => net * (shortRate(logRates[at] as number) - longRate(logRates[at] as number))),
        );
        const apart = needed(one) + needed(other);
        const together = needed(one.map((weight, at) => weight + (other[at] as number)));
        // Rounding, of amounts up to a million times five legs.
        expect(together).toBeLessThanOrEqual(apart + bound + 1e-6);
      }),
    );
  });
});

describe("HYBRID-17: books that a risk officer would ask about", () => {
  const rates = { logRate: 0.2, longRate: longRate(0.2), shortRate: shortRate(0.2) };
  const long = linearLeg("BTC", 1000, rates);
  const short = linearLeg("ETH", -1000, rates);
  const tight = squareMatrix([
    [1, 0.95],
    [0.95, 1],
  ]);

  test("HYBRID-14: a hedge of two that move together is bound by the largest leg: one may jump alone", () => {
    const { binding, requirement, credit } = margin([long, short], tight);
    expect(binding).toBe("LARGEST_LEG");
    expect(requirement).toBeCloseTo(1000 * shortRate(0.2), 9);
    expect(credit).toBeCloseTo(1000 * longRate(0.2), 9);
  });

  test("the credit is gone when the correlation turns against the hedge", () => {
    const broken = squareMatrix([
      [1, -0.9],
      [-0.9, 1],
    ]);
    const { binding, credit, noOffset } = margin([long, short], broken);
    expect(binding).toBe("CALM");
    expect(credit).toBeLessThan(0.05 * noOffset);
  });

  test("a short straddle is nobody's hedge: neither a long nor a short beside it earns credit from it", () => {
    const straddle: BookLeg = { underlying: "ETH", lossOnFall: 100, lossOnRise: 100, logRate: 0.2 };
    for (const weight of [100, -100]) {
      const other = linearLeg("BTC", weight, rates);
      const { views, noOffset } = margin([straddle, other], tight);
      expect(views.ALL_TOGETHER).toBeCloseTo(noOffset, 9);
      expect(views.CREDIT_CAP).toBeCloseTo(noOffset, 9);
    }
  });

  test("a bought put hedges a long as far as it loses, not as far as it gains", () => {
    const put: BookLeg = { underlying: "ETH", lossOnFall: -500, lossOnRise: 50, logRate: 0.2 };
    const book = margin([linearLeg("BTC", 1000, rates), put], tight);
    expect(book.legMargins[1]).toBe(50);
    expect(book.views.ALL_TOGETHER).toBeCloseTo((book.legMargins[0] as number) - 50, 9);
  });

  test("without history there is no credit, and it is said", () => {
    const book = bookViews([long, short], undefined, undefined, BALLAST_BOOKS);
    expect(book.credit).toBe(0);
    expect(book.withoutHistory).toEqual(["CALM", "JOINT_HISTORY"]);
  });

  test("an empty book must bring nothing", () => {
    expect(bookViews([], undefined, undefined, BALLAST_BOOKS).requirement).toBe(0);
  });

  test("a loss that is not a number, a correlation of another size: refused", () => {
    expect(() => margin([{ ...long, lossOnFall: Number.NaN }], undefined)).toThrow(NoEstimate);
    expect(() => margin([long, short, long], tight)).toThrow("SERIES_UNEQUAL");
  });
});

describe("HYBRID-19: linear legs", () => {
  const rates = { logRate: 0.5, longRate: longRate(0.5), shortRate: shortRate(0.5) };

  test.each([
    ["a long", 10, 10 * (1 - Math.exp(-0.5))],
    ["a short", -10, 10 * (Math.exp(0.5) - 1)],
    ["nothing", 0, 0],
  ])("%s must bring its own rate, all of which turns with the direction", (_, weight, expected) => {
    const { legMargins, views } = margin([linearLeg("X", weight, rates)]);
    expect(legMargins[0]).toBeCloseTo(expected, 12);
    expect(views.ALL_TOGETHER).toBeCloseTo(expected, 12);
  });
});

describe("joint history", () => {
  const histories = new Map([
    ["a", { days: [1, 2, 3, 4], moves: [0.1, 0.2, 0.3, 0.4] }],
    ["b", { days: [2, 4, 5], moves: [-0.2, -0.4, -0.5] }],
  ]);
  const of = (asset: string) => histories.get(asset) ?? { days: [], moves: [] };

  test("HYBRID-16: only days on which every leg moved count", () => {
    const joint = jointHistory(["a", "b"], of);
    expect(joint.days).toEqual([2, 4]);
    expect(joint.columns.map((column) => [...column])).toEqual([
      [0.2, 0.4],
      [-0.2, -0.4],
    ]);
  });

  test("HYBRID-16: every day comes once as it was and once mirrored", () => {
    expect(jointScenarios(jointHistory(["a"], of), [2]).map((column) => [...column])).toEqual([
      [0.2, 0.4, 0.6, 0.8, -0.2, -0.4, -0.6, -0.8],
    ]);
  });

  test("HYBRID-12: fewer than sixty days are no correlation; HYBRID-16: fewer than 150 no shortfall", () => {
    const days = Array.from({ length: 150 }, (_, day) => day);
    const history = (length: number) => ({ days: days.slice(0, length), moves: days.slice(0, length).map(Math.sin) });
    const calm = (length: number) =>
      calmCorrelation(
        jointHistory(["a"], () => history(length)),
        BALLAST_BOOKS,
      );
    expect([calm(59), calm(60)?.size]).toEqual([undefined, 1]);
    const shortfall = (length: number) =>
      jointShortfall(
        linearLegLosses(
          [1],
          jointScenarios(
            jointHistory(["a"], () => history(length)),
            [0.1],
          ),
        ),
        BALLAST_BOOKS,
      );
    expect(shortfall(149)).toBeUndefined();
    expect(shortfall(150)?.shortfall).toBeGreaterThan(0);
  });

  test("HYBRID-16: the parts of the legs sum to the shortfall", () => {
    const columns = fc.array(
      fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 300, maxLength: 300 }),
      {
        minLength: 2,
        maxLength: 4,
      },
    );
    fc.assert(
      fc.property(columns, (drawn) => {
        const found = jointShortfall(
          drawn.map((column) => Float64Array.from(column)),
          BALLAST_BOOKS,
        );
        expect(sum(found?.contributions ?? [])).toBeCloseTo(found?.shortfall as number, 9);
      }),
      propertyRuns(20),
    );
  });
});
