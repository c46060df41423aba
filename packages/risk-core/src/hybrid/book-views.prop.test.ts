import { describe, expect, test } from "@jest/globals";
import { propertyRuns } from "@ballast/money/testing";
import fc from "fast-check";
import { nearestCorrelation } from "../estimate/nearest-correlation.f64.js";
import { NoEstimate } from "../estimate/no-estimate.js";
import { entry, type SquareMatrix, squareMatrix, symmetricMatrix } from "../estimate/square-matrix.f64.js";
import { BOOK_VIEWS, type BookMargin, bookViews } from "./book-views.f64.js";
import type { BookLeg } from "./leg-profile.f64.js";
import { calmCorrelation, jointHistory, jointScenarios, jointShortfall, linearLegLosses } from "./joint-history.f64.js";
import { linearLeg } from "./linear-book.f64.js";
import { longRate, shortRate } from "./rate.f64.js";
import { BALLAST_BOOKS } from "./recipe.js";
import { smallestForm } from "./smallest-form.f64.js";

/** What is smaller than the last digit of the ledger is no amount, and its square would be no float. */
const anyAmount = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((drawn) => (Math.abs(drawn) < 1e-18 ? 0 : drawn));
/** Mostly of one size, so that legs meet; any float is mostly tiny. */
const amount = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -1000, max: 1000 }) },
  { weight: 1, arbitrary: anyAmount },
);
const logRate = fc.double({ min: 0.05, max: 0.8, noNaN: true });
const inside = fc.array(fc.record({ share: fc.constantFrom(-0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75), loss: amount }), {
  maxLength: 8,
});
const anyLeg = fc.record({ underlying: fc.constant("X"), lossOnFall: amount, lossOnRise: amount, logRate, inside });
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

/** The log rate up to which the cap leaves every gain at most itself: 0.6·e^R = 1. */
const GAINS_HOLD = -Math.log(2 * BALLAST_BOOKS.creditCap - 1);

/** Where a hedge cancels, the root of what is left keeps half of the digits. */
const ROUNDING = 1e-7;

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

  test("HYBRID-15: at least what it loses when every underlying goes the same share of its rate", () => {
    const atShare = ({ lossOnFall, lossOnRise, inside: within = [] }: BookLeg, share: number): number => {
      const scanned = within.filter((loss) => loss.share === share).map(({ loss }) => loss);
      return Math.max(...(share === 1 ? [lossOnFall] : share === -1 ? [lossOnRise] : scanned));
    };
    const everywhere = [-0.5, 0.5];
    const scannedLeg = fc.tuple(anyLeg, fc.tuple(amount, amount)).map(
      ([leg, losses]): BookLeg => ({
        ...leg,
        logRate: Math.min(leg.logRate, GAINS_HOLD),
        inside: everywhere.map((share, at) => ({ share, loss: losses[at] as number })),
      }),
    );
    fc.assert(
      fc.property(bookOf(scannedLeg), fc.constantFrom(-1, 1, ...everywhere), ({ legs, correlation }, share) => {
        const { requirement, noOffset } = margin(legs, correlation);
        const loss = sum(legs.map((leg) => atShare(leg, share)));
        expect(requirement).toBeGreaterThanOrEqual(loss - 1e-9 * noOffset);
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
          expect(Math.abs(back.views[view] - forth.views[view])).toBeLessThanOrEqual(ROUNDING * (1 + forth.noOffset));
        }
      }),
    );
  });

  test("a book twice as large must bring twice as much", () => {
    fc.assert(
      fc.property(bookOf(anyLeg), ({ legs, correlation }) => {
        const doubled = legs.map((leg) => ({
          ...leg,
          lossOnFall: 2 * leg.lossOnFall,
          lossOnRise: 2 * leg.lossOnRise,
          inside: leg.inside?.map(({ share, loss }) => ({ share, loss: 2 * loss })) ?? [],
        }));
        expect(margin(doubled, correlation).requirement).toBeCloseTo(2 * margin(legs, correlation).requirement, 3);
      }),
    );
  });

  test("HYBRID-27: no cliff: a dollar more of loss at the whole rate raises the requirement by two dollars at most", () => {
    fc.assert(
      fc.property(bookOf(anyLeg), fc.boolean(), ({ legs, correlation }, onFall) => {
        const [first, ...others] = legs as [BookLeg, ...BookLeg[]];
        const worse = onFall
          ? { ...first, lossOnFall: first.lossOnFall + 1 }
          : { ...first, lossOnRise: first.lossOnRise + 1 };
        const change = margin([worse, ...others], correlation).requirement - margin(legs, correlation).requirement;
        // A gain is counted at e^R of the other direction, at most e^0.8 here.
        expect(change).toBeLessThanOrEqual(Math.exp(0.8) + 1e-6);
      }),
    );
  });

  test("HYBRID-26: a pure loss lowers no view", () => {
    // Mostly nothing, so that every place is hit alone as well.
    const anyLosses = fc.array(fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, amount.map(Math.abs)), {
      minLength: 50,
      maxLength: 50,
    });
    fc.assert(
      fc.property(bookOf(anyLeg), anyLosses, ({ legs, correlation }, losses) => {
        const lossAt = (leg: number, place: number) => losses[leg * 10 + place] as number;
        const worse = legs.map((leg, at) => ({
          ...leg,
          lossOnFall: leg.lossOnFall + lossAt(at, 0),
          lossOnRise: leg.lossOnRise + lossAt(at, 1),
          inside: leg.inside?.map(({ share, loss }, place) => ({ share, loss: loss + lossAt(at, 2 + place) })) ?? [],
        }));
        const [before, after] = [margin(legs, correlation), margin(worse, correlation)];
        for (const view of BOOK_VIEWS) {
          expect(after.views[view]).toBeGreaterThanOrEqual(before.views[view] - ROUNDING * (1 + after.noOffset));
        }
      }),
    );
  });
});

describe("the calm view's own place for legs that gain more than they lose", () => {
  const boxes = fc.integer({ min: 1, max: 5 }).chain((size) =>
    fc.record({
      sides: fc.array(fc.tuple(amount, amount), { minLength: size, maxLength: size }),
      places: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: size, maxLength: size }),
      correlation: correlationOf(size),
    }),
  );

  test("HYBRID-12: no other place in the box is smaller", () => {
    fc.assert(
      fc.property(boxes, ({ sides, places, correlation }) => {
        const low = sides.map(([one, other]) => Math.min(one, other));
        const high = sides.map(([one, other]) => Math.max(one, other));
        const formOf = (x: readonly number[]) =>
          sum(x.map((left, row) => sum(x.map((right, column) => left * entry(correlation, row, column) * right))));
        const found = smallestForm(low, high, correlation);
        found.forEach((place, side) => {
          expect(place >= (low[side] as number) && place <= (high[side] as number)).toBe(true);
        });
        const elsewhere = places.map(
          (part, side) => (low[side] as number) * (1 - part) + (high[side] as number) * part,
        );
        const size = sum(sides.map(([one, other]) => Math.max(Math.abs(one), Math.abs(other))));
        const rootOf = (x: readonly number[]) => Math.sqrt(Math.max(0, formOf(x)));
        for (const nearer of [1, 0.1, 0.001]) {
          const other = found.map((place, side) => place + nearer * ((elsewhere[side] as number) - place));
          expect(rootOf(found)).toBeLessThanOrEqual(rootOf(other) + ROUNDING * size);
        }
      }),
    );
  });
});

describe("HYBRID-25: two books in one", () => {
  const days = 12;
  const recipe = { ...BALLAST_BOOKS, jointFrom: days / 2 };
  const SHARES = [-0.5, 0, 0.5];
  /** What one position loses on a fall, a rise and inside, and on every day of history; a linear one by its weight. */
  interface Position {
    readonly losses: readonly number[];
    readonly history: readonly number[];
  }
  const bent: fc.Arbitrary<Position> = fc.record({
    losses: fc.array(amount, { minLength: 5, maxLength: 5 }),
    history: fc.array(amount, { minLength: 2 * days, maxLength: 2 * days }),
  });
  const none: Position = {
    losses: Array.from({ length: 5 }, () => 0),
    history: Array.from({ length: 2 * days }, () => 0),
  };
  const anyTwoBooks = fc.integer({ min: 1, max: 5 }).chain((size) => {
    const each = <Drawn>(arbitrary: fc.Arbitrary<Drawn>) => fc.array(arbitrary, { minLength: size, maxLength: size });
    const moves = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: days, maxLength: days });
    return fc
      .record({
        logRates: each(fc.double({ min: 0.05, max: GAINS_HOLD, noNaN: true })),
        correlation: correlationOf(size),
        moves: each(moves),
        weights: fc.tuple(each(amount), each(amount)),
        options: fc.tuple(each(bent), each(bent)),
        kind: each(fc.constantFrom("linear", "bent", "both", "none")),
      })
      .map(({ logRates, correlation, moves: history, weights, options, kind }) => ({
        logRates,
        correlation,
        books: [0, 1].map((book) =>
          logRates.map((rate, leg) => {
            const held = kind[(leg + book) % size];
            const straight = linearPosition(weights[book]?.[leg] as number, rate, history[leg] as readonly number[]);
            const option = options[book]?.[leg] as Position;
            return held === "linear"
              ? straight
              : held === "bent"
                ? option
                : held === "both"
                  ? added(straight, option)
                  : none;
          }),
        ) as [Position[], Position[]],
      }));
  });
  const linearPosition = (weight: number, rate: number, moves: readonly number[]): Position => {
    const [fall, rise] = [weight * longRate(rate), -weight * shortRate(rate)];
    return {
      losses: [fall, rise, rise / 2, 0, fall / 2],
      history: [...linearLegLosses([weight], [Float64Array.from([...moves, ...moves.map((move) => -move)])])].flatMap(
        (column) => [...column],
      ),
    };
  };
  const added = (one: Position, other: Position): Position => ({
    losses: one.losses.map((loss, at) => loss + (other.losses[at] as number)),
    history: one.history.map((loss, at) => loss + (other.history[at] as number)),
  });
  const needed = (book: readonly Position[], logRates: readonly number[], correlation: SquareMatrix) =>
    bookViews(
      book.map(({ losses: [lossOnFall, lossOnRise, ...within] }, leg) => ({
        underlying: "X",
        logRate: logRates[leg] as number,
        lossOnFall: lossOnFall as number,
        lossOnRise: lossOnRise as number,
        inside: SHARES.map((share, at) => ({ share, loss: within[at] as number })),
      })),
      correlation,
      jointShortfall(
        book.map(({ history }) => Float64Array.from(history)),
        recipe,
      ),
      recipe,
    );
  /** What one loses on a fall and the other gains there, at the difference of the two rates; the most over the shares. */
  const netting = (one: readonly Position[], other: readonly Position[], logRates: readonly number[]): number =>
    sum(
      logRates.map((rate, leg) => {
        const nets = [0, 4].map((at) => {
          const [left, right] = [one[leg]?.losses[at] as number, other[leg]?.losses[at] as number];
          return left * right < 0 ? Math.min(Math.abs(left), Math.abs(right)) : 0;
        });
        return Math.expm1(rate) * Math.max(...nets);
      }),
    );

  test("HYBRID-25: no view but calm asks more than the requirements apart, and calm no more than what nets costs", () => {
    fc.assert(
      fc.property(anyTwoBooks, ({ logRates, correlation, books: [one, other] }) => {
        const apart = [one, other].map((book) => needed(book, logRates, correlation)) as [BookMargin, BookMargin];
        const together = needed(
          one.map((position, leg) => added(position, other[leg] as Position)),
          logRates,
          correlation,
        );
        const rounding = ROUNDING * (1 + apart[0].noOffset + apart[1].noOffset);
        const bound = apart[0].requirement + apart[1].requirement + rounding;
        for (const view of BOOK_VIEWS) {
          if (view !== "CALM") expect(together.views[view]).toBeLessThanOrEqual(bound);
        }
        expect(together.views.CALM).toBeLessThanOrEqual(
          apart[0].views.CALM + apart[1].views.CALM + netting(one, other, logRates) + rounding,
        );
      }),
    );
  });

  test("HYBRID-25: a book never needs more than its positions one by one", () => {
    fc.assert(
      fc.property(anyTwoBooks, ({ logRates, correlation, books }) => {
        const alone = books.flatMap((book) =>
          book.map((position, leg) =>
            needed(
              book.map((_, at) => (at === leg ? position : none)),
              logRates,
              correlation,
            ),
          ),
        );
        const [one, other] = books;
        const pool = one.map((position, leg) => added(position, other[leg] as Position));
        const sumAlone = sum(alone.map(({ requirement }) => requirement));
        expect(needed(pool, logRates, correlation).requirement).toBeLessThanOrEqual(sumAlone * (1 + 1e-9) + 1e-9);
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

  test("HYBRID-27: a bought put hedges a long by what it gains, at three fifths of its move when the long loses in full", () => {
    const put: BookLeg = {
      underlying: "ETH",
      lossOnFall: -400,
      lossOnRise: 50,
      logRate: 0.2,
      inside: [{ share: 0.5, loss: -100 }],
    };
    const long = linearLeg("BTC", 3000, rates);
    const book = margin([long, put], tight);
    expect(book.legMargins[1]).toBe(50);
    // Half way the put gains a quarter, and the two together lose more than at the end.
    expect(book.views.ALL_TOGETHER).toBeCloseTo(1500 * longRate(0.2) - 100 * Math.exp(0.2), 9);
    // What it gains at 0.6·e^R of its move, between half and the whole.
    const gain = 100 + (0.6 * Math.exp(0.2) - 0.5) * 2 * 300;
    expect(book.views.CREDIT_CAP).toBeCloseTo(3000 * longRate(0.2) - gain, 9);
  });

  test("HYBRID-13: what loses between its rate and nothing is seen there", () => {
    const condor: BookLeg = {
      underlying: "ETH",
      lossOnFall: 0,
      lossOnRise: 0,
      logRate: 0.2,
      inside: [{ share: 0.5, loss: 100 }],
    };
    const { views, legMargins } = margin([linearLeg("BTC", 1000, rates), condor], tight);
    expect(legMargins[1]).toBe(100);
    expect(views.ALL_TOGETHER).toBeCloseTo(Math.max(1000 * longRate(0.2), 500 * longRate(0.2) + 100), 9);
    // Three fifths of the whole move is closer to what the condor loses most at.
    expect(views.CREDIT_CAP).toBeGreaterThan(views.ALL_TOGETHER);
  });

  test("HYBRID-12: what loses most half way is seen by calm moves half as large", () => {
    const spread: BookLeg = {
      underlying: "ETH",
      lossOnFall: 0,
      lossOnRise: -400,
      logRate: 0.2,
      inside: [{ share: 0.5, loss: 100 }],
    };
    const unrelated = squareMatrix([
      [1, 0],
      [0, 1],
    ]);
    expect(margin([spread, spread], unrelated).views.CALM).toBeCloseTo(100 * Math.SQRT2, 9);
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
    expect(() => margin([{ ...long, inside: [{ share: 1, loss: 0 }] }], undefined)).toThrow(NoEstimate);
    expect(() => margin([{ ...long, inside: [{ share: 0.5, loss: Infinity }] }], undefined)).toThrow(NoEstimate);
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
