import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { squareMatrix } from "../estimate/square-matrix.f64.js";
import { black76Call, black76Put } from "../pricing/black76.f64.js";
import { normalQuantile } from "../pricing/normal.f64.js";
import { lossesOnMoves, lossesTogether, prepareSimulation, type Simulation } from "./monte-carlo.f64.js";
import type { RevaluedBooks, SimulatedPosition } from "./revaluation.f64.js";

const CALL = {
  kind: "option",
  factor: 0,
  right: 1,
  price: 95_000,
  strike: 100_000,
  yearsToExpiry: 0.1,
  volatility: 0.5,
  quantity: -3,
} as const;
const BOOK: readonly SimulatedPosition[] = [
  CALL,
  { ...CALL, right: -1, strike: 90_000, quantity: 2 },
  { kind: "linear", factor: 0, price: 95_000, quantity: 1.5 },
  { kind: "linear", factor: 1, price: 3_300, quantity: -40 },
  { kind: "inverse", factor: 1, price: 3_310, dollars: 60_000 },
];
const WORLD: RevaluedBooks = {
  books: [BOOK],
  volatilityResponse: { beta: -1.2, spread: 0.04, floor: 0.01 },
  elapsedYears: 1 / 365,
};
const SIMULATION: Simulation = {
  ...WORLD,
  model: {
    volatilities: [0.03, 0.04],
    correlation: squareMatrix([
      [1, 0.8],
      [0.8, 1],
    ]),
    degreesOfFreedom: null,
  },
  seed: 1,
  draws: "pseudo-random",
};

/** The readable twin: one position after the other, straight from the pay-off. */
function lossOf(
  positions: readonly SimulatedPosition[],
  moves: readonly number[],
  world: RevaluedBooks = WORLD,
): number {
  const { beta, floor } = world.volatilityResponse;
  let profit = 0;
  for (const position of positions) {
    const move = moves[position.factor] as number;
    const price = position.price * Math.exp(move);
    if (position.kind === "linear") profit += position.quantity * (price - position.price);
    else if (position.kind === "inverse") {
      const coins = position.dollars * (1 / position.price - 1 / price);
      profit += coins * price;
    } else {
      const { fixed = 0, quantity, right, strike, volatility, yearsToExpiry } = position;
      const value = right > 0 ? black76Call : black76Put;
      const now = value(position.price + fixed, strike, volatility * Math.sqrt(yearsToExpiry));
      const then = Math.max(floor, volatility * Math.exp(beta * move));
      const left = Math.max(0, yearsToExpiry - world.elapsedYears);
      profit += quantity * (value(price + fixed, strike, then * Math.sqrt(left)) - now);
    }
  }
  return -profit;
}

const lossOn = (positions: readonly SimulatedPosition[], moves: readonly number[]): number =>
  lossesOnMoves(
    { ...WORLD, books: [positions] },
    moves.map((move) => Float64Array.of(move)),
  )[0]?.[0] as number;

describe("SCORE-3: revaluation", () => {
  //  position                                                                        move of a factor   loss
  test.each([
    [
      "a long of 2 at 100 loses a tenth of 200",
      { kind: "linear", factor: 0, price: 100, quantity: 2 },
      Math.log(0.9),
      20,
    ],
    ["a short gains it", { kind: "linear", factor: 0, price: 100, quantity: -2 }, Math.log(0.9), -20],
    [
      "inverse: 100 dollars long on a halving lose 1 coin, worth 50",
      { kind: "inverse", factor: 0, price: 100, dollars: 100 },
      Math.log(0.5),
      50,
    ],
    [
      "inverse: and gain half a coin worth 200 on a doubling",
      { kind: "inverse", factor: 0, price: 100, dollars: 100 },
      Math.log(2),
      -100,
    ],
    [
      "an option expires: a call at 100 on 120",
      { ...CALL, price: 100, strike: 100, yearsToExpiry: 0, quantity: -1 },
      Math.log(1.2),
      20,
    ],
    [
      "half of the forward is fixed: it moves half",
      { ...CALL, price: 50, fixed: 50, strike: 100, yearsToExpiry: 0, quantity: -1 },
      Math.log(1.2),
      10,
    ],
  ] as const)("%s", (_, position, move, loss) => {
    expect(lossOn([position as SimulatedPosition], [move])).toBeCloseTo(loss, 9);
  });

  test("a book is revalued as its positions are by their pay-offs", () => {
    const move = fc.double({ min: -1, max: 1, noNaN: true });
    const size = fc.double({ min: -50, max: 50, noNaN: true });
    const position: fc.Arbitrary<SimulatedPosition> = fc.oneof(
      fc.record({
        kind: fc.constant("linear" as const),
        factor: fc.nat(2),
        price: fc.constantFrom(95_000, 3_300),
        quantity: size,
      }),
      fc.record({
        kind: fc.constant("inverse" as const),
        factor: fc.nat(2),
        price: fc.constantFrom(95_000, 3_300),
        dollars: size,
      }),
      fc.record({
        kind: fc.constant("option" as const),
        factor: fc.nat(2),
        right: fc.constantFrom(1 as const, -1 as const),
        price: fc.constant(100),
        fixed: fc.constantFrom(0, 20),
        strike: fc.integer({ min: 50, max: 200 }),
        yearsToExpiry: fc.constantFrom(0.001, 0.02, 1),
        volatility: fc.constantFrom(0.005, 0.5, 2),
        quantity: size,
      }),
    );
    fc.assert(
      fc.property(fc.array(position, { maxLength: 12 }), fc.tuple(move, move, move), (positions, moves) => {
        const gross = positions.reduce(
          (sum, each) => sum + Math.abs("dollars" in each ? each.dollars : each.quantity * each.price),
          1,
        );
        expect(Math.abs(lossOn(positions, moves) - lossOf(positions, moves))).toBeLessThan(1e-12 * gross * 10);
      }),
    );
  });

  test("a position split in two is the same book, and the same option of two books is priced alike", () => {
    const half = { ...CALL, quantity: CALL.quantity / 2 };
    const moves = [Float64Array.of(-0.2, 0.1), Float64Array.of(0, 0)];
    const [whole, split, other] = lossesOnMoves(
      { ...WORLD, books: [[CALL], [half, half], [{ ...CALL, quantity: -1 }]] },
      moves,
    );
    expect(split).toEqual(whole);
    expect([...(other as Float64Array)].map((loss) => 3 * loss)).toEqual([...(whole as Float64Array)]);
  });

  test.each([
    ["a factor that does not exist", { kind: "linear", factor: 2, price: 1, quantity: 1 }],
    ["a price of zero", { kind: "linear", factor: 0, price: 0, quantity: 1 }],
    ["a size that is no number", { kind: "linear", factor: 0, price: 1, quantity: NaN }],
    ["dollars without end", { kind: "inverse", factor: 0, price: 1, dollars: Infinity }],
    ["an expiry in the past", { ...CALL, yearsToExpiry: -0.1 }],
    ["a strike below zero", { ...CALL, strike: -1 }],
    ["a volatility that is no number", { ...CALL, volatility: NaN }],
  ] as const)("%s is refused", (_, position) => {
    expect(() => prepareSimulation({ ...SIMULATION, books: [[position as SimulatedPosition]] })).toThrow(
      expect.objectContaining({ name: "NoEstimate" }),
    );
  });
});

describe("SCORE-4: simulation", () => {
  test("a block is a function of seed and number: any order, any count, any company", () => {
    const prepared = prepareSimulation(SIMULATION);
    const [third] = prepared.losses(3, 700) as [Float64Array];
    prepared.losses(0, 10);
    expect(prepared.losses(3, 700)[0]).toEqual(third);
    expect(prepared.losses(3, 300)[0]).toEqual(third.slice(0, 300));
    const inCompany = prepareSimulation({ ...SIMULATION, books: [[CALL], BOOK] });
    expect(inCompany.losses(3, 700)[1]).toEqual(third);
    expect(prepared.losses(4, 700)[0]).not.toEqual(third);
    expect(prepareSimulation({ ...SIMULATION, seed: 2 }).losses(3, 700)[0]).not.toEqual(third);
  });

  test("a path is what its pay-offs say: one factor, no chance in the volatility, moves by the quantiles of the draws", () => {
    const one: Simulation = {
      ...SIMULATION,
      books: [[{ kind: "linear", factor: 0, price: 100, quantity: -1 }], BOOK.slice(0, 3)],
      volatilityResponse: { ...SIMULATION.volatilityResponse, spread: 0 },
      model: { volatilities: [0.03], correlation: squareMatrix([[1]]), degreesOfFreedom: null },
    };
    const [gains, losses] = prepareSimulation(one).losses(0, 600) as [Float64Array, Float64Array];
    gains.forEach((gain, path) => {
      // A short of one gains what the price falls, so its loss tells the move.
      expect(losses[path]).toBeCloseTo(lossOf(BOOK.slice(0, 3), [Math.log(1 + gain / 100)]), 5);
    });
  });

  test("quasi-random value at risk of a linear book is nearer to the truth than pseudo-random, at equal paths", () => {
    const truth = -Math.expm1(0.03 * normalQuantile(0.01)) * 95_000;
    const errorOf = (draws: Simulation["draws"]) => {
      const prepared = prepareSimulation({ ...SIMULATION, books: [[BOOK[2] as SimulatedPosition]], draws });
      const squares = Array.from({ length: 20 }, (_, block) => {
        const losses = (prepared.losses(block, 4096)[0] as Float64Array).sort();
        return ((losses[Math.floor(0.99 * 4095)] as number) / 1.5 - truth) ** 2;
      });
      return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / 20);
    };
    expect(errorOf("quasi-random")).toBeLessThan(errorOf("pseudo-random") / 5);
  });

  test("an exchange is its pools added, and what each loses beyond its equity", () => {
    const books = Array.from({ length: 40 }, (_, pool): SimulatedPosition[] => [
      { kind: "linear", factor: pool % 2, price: 100, quantity: pool - 20 },
      { kind: "linear", factor: 0, price: 200, quantity: (pool * 7) % 11 },
    ]);
    const equities = books.map((_, pool) => pool * 2 - 10);
    const prepared = prepareSimulation({ ...SIMULATION, books });
    const each = prepared.losses(2, 1000);
    const exchange = prepared.exchange(2, 1000, equities);
    expect(exchange).toEqual(lossesTogether(each, equities));
    for (const path of [0, 500, 999]) {
      const losses = each.map((own) => own[path] as number);
      const beyond = losses.map((loss, pool) => Math.max(0, loss - (equities[pool] as number)));
      expect(exchange.losses[path]).toBeCloseTo(
        losses.reduce((sum, loss) => sum + loss, 0),
        9,
      );
      expect(exchange.shortfalls[path]).toBeCloseTo(
        beyond.reduce((sum, loss) => sum + loss, 0),
        9,
      );
    }
  });

  test.each([
    ["no paths", () => prepareSimulation(SIMULATION).losses(0, 0)],
    ["paths below zero", () => prepareSimulation(SIMULATION).losses(0, -1)],
    ["half a block", () => prepareSimulation(SIMULATION).losses(0.5, 10)],
    ["a seed below zero", () => prepareSimulation({ ...SIMULATION, seed: -1 })],
    ["equities of another number of pools", () => lossesTogether([new Float64Array(3)], [1, 2])],
    ["an equity that is no number", () => prepareSimulation(SIMULATION).exchange(0, 10, [NaN])],
    ["moves of unequal length", () => lossesOnMoves(WORLD, [new Float64Array(2), new Float64Array(3)])],
  ])("%s: refused", (_, ask) => {
    expect(ask).toThrow(expect.objectContaining({ name: "NoEstimate" }));
  });
});
