import { describe, expect, test } from "@jest/globals";
import { instrumentId } from "@ballast/model";
import { Decimal, price, type Price, quantity, type Quantity, ratio, usd } from "@ballast/money";
import fc from "fast-check";
import { executionPrice } from "../execution-price.js";
import { listed } from "../../testing.js";
import { type Book, type BookRules, dollarsWithin, freshBook, laterBook, sweep } from "./book.js";
import { seededLuck } from "./luck.js";
import {
  letTimePass,
  type PlacedOrder,
  placeOrder,
  queryOrder,
  type VenueConditions,
  type VenueState,
} from "./venue.js";

const PERPETUAL = listed("BTC_USDC-PERPETUAL");
const RULES: BookRules = {
  tickSize: PERPETUAL.tickSize,
  lotSize: PERPETUAL.lotSize,
  contractSize: PERPETUAL.contractSize,
  halfSpread: ratio("0.0002"),
  stepShare: ratio("0.0005"),
  levels: 200,
  refillPerMs: ratio("0.00001"),
};
const DEPTH = usd("1000000");
const MID = price("8000");
const book = freshBook(RULES, MID, DEPTH, 0);

const anyContracts = fc.integer({ min: 1, max: 400_000 }).map((count) => quantity(new Decimal(count)));
const sell = (contracts: Quantity) => contracts.neg() as Quantity;
const dollarsOf = (fills: readonly { readonly price: Price; readonly quantity: Quantity }[]) =>
  fills.reduce((sum, fill) => sum.add(fill.price.mul(fill.quantity).mul(RULES.contractSize)), new Decimal(0));

describe("a sweep of the book", () => {
  test("LIQUIDATION-22: of a fresh book gives the average of the execution price, to one level and one tick", () => {
    fc.assert(
      fc.property(anyContracts, fc.boolean(), (contracts, isSell) => {
        const order = isSell ? sell(contracts) : contracts;
        const { fills, filled } = sweep(book, order, null);
        fc.pre(filled.eq(contracts));
        const average = dollarsOf(fills).div(filled).div(RULES.contractSize);
        const expected = executionPrice({
          instrument: PERPETUAL,
          quantity: order,
          markPrice: MID,
          depth: DEPTH,
          halfSpread: RULES.halfSpread,
        });
        // A level's width, the tick, and the dollars of the order counted at worse prices than the mark.
        const impact = average.sub(MID).div(MID).abs();
        const tolerance = MID.mul(RULES.stepShare).add(RULES.tickSize).add(MID.mul(impact).mul(impact).mul(2));
        expect(average.sub(expected).abs().lte(tolerance)).toBe(true);
      }),
    );
  });

  test("LIQUIDATION-22: fills from the best price on, never beyond the limit, never more than asked, in whole lots", () => {
    fc.assert(
      fc.property(anyContracts, fc.boolean(), fc.integer({ min: 0, max: 300 }), (contracts, isSell, away) => {
        const limit = MID.mul(new Decimal(1).add(new Decimal(isSell ? -away : away).div(10_000))) as Price;
        const { fills, filled } = sweep(book, isSell ? sell(contracts) : contracts, limit);
        expect(filled.lte(contracts)).toBe(true);
        for (const [at, fill] of fills.entries()) {
          expect(isSell ? fill.price.gte(limit) : fill.price.lte(limit)).toBe(true);
          expect(fill.quantity.gt(0) && fill.quantity.mod(RULES.lotSize).isZero()).toBe(true);
          const before = fills[at - 1]?.price ?? fill.price;
          expect(isSell ? fill.price.lte(before) : fill.price.gte(before)).toBe(true);
        }
      }),
    );
  });

  test("LIQUIDATION-22: what one order takes is gone for the next, and comes back in time", () => {
    fc.assert(
      fc.property(anyContracts, anyContracts, fc.integer({ min: 0, max: 100_000 }), (first, second, pause) => {
        const swept = sweep(book, sell(first), null).book;
        const best = (from: Book) => sweep(from, sell(second), null).fills[0]?.price ?? price("0");
        expect(best(swept).lte(best(book))).toBe(true);
        expect(best(laterBook(swept, pause)).gte(best(swept))).toBe(true);
        // Buyers are not touched by what sellers took.
        expect(swept.takenAsks.isZero()).toBe(true);
        expect(laterBook(swept, 1e9).takenBids.isZero()).toBe(true);
      }),
    );
  });

  test("LIQUIDATION-22: says how many dollars trade within a limit", () => {
    const limit = price("7921.6");
    const { fills } = sweep(book, quantity("-9999999"), limit);
    const there = dollarsWithin(book, true, limit);
    expect(there.toFixed()).toBe("960000");
    // Levels are whole: what a sweep gets is within one of them.
    expect(
      dollarsOf(fills)
        .sub(there)
        .abs()
        .lte(DEPTH.mul("0.05").add(DEPTH.mul("0.02"))),
    ).toBe(true);
  });
});

const CALM: VenueConditions = {
  latencyMsMin: 5,
  latencyMsMax: 50,
  rejected: 0,
  requestLost: 0,
  answerLost: 0,
  reportedLate: 0,
  lateMs: 400,
};
const ROUGH: VenueConditions = {
  ...CALM,
  rejected: 100_000,
  requestLost: 150_000,
  answerLost: 200_000,
  reportedLate: 300_000,
};
const venue: VenueState = { books: new Map([[PERPETUAL.id, book]]), orders: new Map() };
const order = (clientOrderId: string, contracts: string, changed: Partial<PlacedOrder> = {}): PlacedOrder => ({
  clientOrderId,
  instrument: PERPETUAL.id,
  quantity: quantity(contracts),
  limitPrice: null,
  deadlineMs: 1000,
  ...changed,
});
const luck = seededLuck("7");

describe("the venue", () => {
  test("LIQUIDATION-22: an order travels, arrives, fills", () => {
    const placed = placeOrder(venue, order("a.1", "-500"), 0, CALM, luck);
    expect(placed.answer).toEqual({ kind: "ACCEPTED" });
    expect(queryOrder(placed.state, "a.1", 1).kind).toBe("LIVE");
    const report = queryOrder(letTimePass(placed.state, 100, CALM, luck), "a.1", 100);
    expect(report).toMatchObject({ kind: "TERMINAL", because: "FILLED" });
    expect(queryOrder(placed.state, "a.2", 100).kind).toBe("UNKNOWN");
  });

  //  what goes wrong                     order                                               answer         in the end
  test.each([
    [
      "an instrument it does not list",
      order("x", "-5", { instrument: instrumentId("NO-SUCH") }),
      CALM,
      "REJECTED",
      "UNKNOWN",
    ],
    ["a deadline that has passed", order("x", "-5", { deadlineMs: 4 }), CALM, "ACCEPTED", "EXPIRED"],
    ["a limit that nobody meets", order("x", "-5", { limitPrice: price("8001") }), CALM, "ACCEPTED", "CANCELLED"],
    ["a book that is too small", order("x", "-99999999"), CALM, "ACCEPTED", "CANCELLED"],
    ["a refusal", order("x", "-5"), { ...CALM, rejected: 1_000_000 }, "REJECTED", "REJECTED"],
    ["a lost request", order("x", "-5"), { ...CALM, requestLost: 1_000_000 }, "NO_ANSWER", "UNKNOWN"],
    ["a lost answer", order("x", "-5"), { ...CALM, answerLost: 1_000_000 }, "NO_ANSWER", "FILLED"],
  ] as const)("LIQUIDATION-22: %s", (_, placed, conditions, answered, ended) => {
    const { state, answer } = placeOrder(venue, placed, 0, conditions, luck);
    expect(answer.kind).toBe(answered);
    const report = queryOrder(letTimePass(state, 10_000, conditions, luck), "x", 10_000);
    expect(report.kind === "TERMINAL" ? report.because : report.kind).toBe(ended);
  });

  test("LIQUIDATION-22: a late fill is counted before it is listed, so nobody takes the order for settled", () => {
    const conditions = { ...CALM, reportedLate: 1_000_000 };
    const state = letTimePass(placeOrder(venue, order("x", "-500"), 0, conditions, luck).state, 60, conditions, luck);
    const early = queryOrder(state, "x", 60);
    const late = queryOrder(state, "x", 500);
    if (early.kind !== "TERMINAL" || late.kind !== "TERMINAL") throw new Error("the order has not arrived");
    expect([early.filled.toFixed(), early.fills.length]).toEqual(["500", 0]);
    expect(late.fills.reduce((sum, fill) => sum.add(fill.quantity), new Decimal(0)).toFixed()).toBe("500");
  });

  const anyOrders = fc.array(
    fc.record({
      id: fc.constantFrom("a", "b", "c", "d"),
      contracts: fc.integer({ min: -100_000, max: 100_000 }).filter((count) => count !== 0),
      atMs: fc.integer({ min: 0, max: 500 }),
      deadlineMs: fc.integer({ min: 0, max: 600 }),
    }),
    { minLength: 1, maxLength: 12 },
  );

  test("LIQUIDATION-22: an id trades at most once, never more than its first order asked, and never after its deadline", () => {
    fc.assert(
      fc.property(anyOrders, fc.integer(), (orders, seed) => {
        const chance = seededLuck(String(seed));
        const firsts = new Map<string, (typeof orders)[number]>();
        let state = venue;
        for (const each of [...orders].sort((left, right) => left.atMs - right.atMs)) {
          const asked = order(each.id, String(each.contracts), { deadlineMs: each.deadlineMs });
          const before = state.orders.has(each.id);
          const placed = placeOrder(letTimePass(state, each.atMs, ROUGH, chance), asked, each.atMs, ROUGH, chance);
          state = placed.state;
          if (before) expect(placed.answer.kind).not.toBe("ACCEPTED");
          else if (state.orders.has(each.id)) firsts.set(each.id, each);
        }
        state = letTimePass(state, 10_000, ROUGH, chance);
        for (const [id, first] of firsts) {
          const report = queryOrder(state, id, 20_000);
          if (report.kind !== "TERMINAL") throw new Error("every order has ended by now");
          const sum = report.fills.reduce((total, fill) => total.add(fill.quantity), new Decimal(0));
          expect(sum.eq(report.filled) && sum.lte(Math.abs(first.contracts))).toBe(true);
          for (const { visibleFromMs } of report.fills) {
            expect(visibleFromMs).toBeLessThanOrEqual(first.deadlineMs + ROUGH.lateMs);
          }
        }
      }),
    );
  });

  test("LIQUIDATION-22: the same seed plays the same, whatever else is asked of it", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (seed, about) => {
        const first = seededLuck(seed);
        const drawn = first(about);
        first("something else");
        expect(first(about)).toBe(drawn);
        expect(drawn >= 0 && drawn < 1_000_000).toBe(true);
      }),
    );
  });
});
