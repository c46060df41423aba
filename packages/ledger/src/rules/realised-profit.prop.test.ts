import { describe, expect, test } from "@jest/globals";
import { contractValue, type Instrument } from "@ballast/model";
import { anyInstrument, anyPositionIn, anyPriceOf } from "@ballast/model/testing";
import { add, amount, Decimal, negate, type Quantity, quantity } from "@ballast/money";
import fc from "fast-check";
import { after, anyTradeIn, journalOf, PEOPLE, reversed, standing, tell } from "../testing.js";
import { realisedProfit } from "./realised-profit.js";

const RUNS = { numRuns: 500 };
const UNIT = new Decimal("0.000000000000000001");
const HALF_UNIT = UNIT.div(2);

/** An instrument, a position in it, a share of it from nothing to all, and a price. */
const anyReduction = anyInstrument.chain((instrument) =>
  fc
    .record({
      instrument: fc.constant(instrument),
      position: anyPositionIn(instrument),
      price: anyPriceOf(instrument),
      share: fc.integer({ min: 1, max: 1_000_000 }),
    })
    .map(({ share, ...rest }) => {
      const contracts = rest.position.quantity.mul(share).div(1_000_000).toDecimalPlaces(0, Decimal.ROUND_UP);
      return { ...rest, trade: negate(quantity(contracts)) };
    }),
);

const cashOf = (instrument: Instrument, traded: Quantity, at: Parameters<typeof contractValue>[2]) =>
  negate(contractValue(instrument, traded, at));

describe("POSITION-3: what a trade realises", () => {
  test("is the closed share of the cost plus the closing cash, never more, and less by less than a unit", () => {
    fc.assert(
      fc.property(anyReduction, ({ instrument, position, trade, price }) => {
        const share = position.entryCash.mul(trade.abs()).div(position.quantity.abs());
        const exact = share.add(cashOf(instrument, trade, price));
        const realised = realisedProfit(instrument, position, trade, price);
        expect(realised.lte(exact) && exact.sub(realised).lt(UNIT)).toBe(true);
      }),
      RUNS,
    );
  });

  test("is nothing when the trade opens or adds", () => {
    fc.assert(
      fc.property(anyReduction, ({ instrument, position, trade, price }) => {
        expect(realisedProfit(instrument, undefined, trade, price).isZero()).toBe(true);
        expect(realisedProfit(instrument, position, negate(trade), price).isZero()).toBe(true);
      }),
      RUNS,
    );
  });

  test("of a position opened in one trade and closed at that price is nothing, or in part a loss of one unit at most", () => {
    fc.assert(
      fc.property(anyReduction, ({ instrument, trade, price, position }) => {
        const opened = { ...position, entryCash: cashOf(instrument, position.quantity, price) };
        const realised = realisedProfit(instrument, opened, trade, price);
        expect(realised.lte(0) && realised.gte(UNIT.neg())).toBe(true);
        expect(realisedProfit(instrument, opened, negate(position.quantity), price).isZero()).toBe(true);
      }),
      RUNS,
    );
  });

  test("of a whole close takes all of the cost with it, to the last unit", () => {
    fc.assert(
      fc.property(anyReduction, ({ instrument, position, price }) => {
        const all = negate(position.quantity);
        const realised = realisedProfit(instrument, position, all, price);
        expect(realised.eq(position.entryCash.add(cashOf(instrument, all, price)))).toBe(true);
      }),
      RUNS,
    );
  });

  test("of a trade through zero is that of closing whole at its price", () => {
    fc.assert(
      fc.property(anyReduction, fc.integer({ min: 1, max: 10_000 }), ({ instrument, position, price }, beyond) => {
        const all = negate(position.quantity);
        const through = quantity(all.isNegative() ? all.sub(beyond) : all.add(beyond));
        expect(
          realisedProfit(instrument, position, through, price).eq(realisedProfit(instrument, position, all, price)),
        ).toBe(true);
      }),
      RUNS,
    );
  });

  test("is more for a long the higher it is closed, and less for a short", () => {
    fc.assert(
      fc.property(
        anyReduction,
        fc.integer({ min: 1, max: 100_000 }),
        ({ instrument, position, trade, price }, cents) => {
          const higher = price.add(new Decimal(cents).div(100)) as typeof price;
          const gained = realisedProfit(instrument, position, trade, higher).cmp(
            realisedProfit(instrument, position, trade, price),
          );
          expect(gained * position.quantity.cmp(0)).toBeGreaterThanOrEqual(0);
        },
      ),
      RUNS,
    );
  });
});

describe("POSITION-3: splitting", () => {
  test("a close in two at one price never realises more in a linear contract, in an inverse one by a unit at most", () => {
    const cases = fc.tuple(anyReduction, fc.integer({ min: 0, max: 1_000_000 }));
    fc.assert(
      fc.property(cases, ([{ instrument, position, trade, price }, cut]) => {
        const first = quantity(trade.mul(cut).div(1_000_000).toDecimalPlaces(0, Decimal.ROUND_DOWN));
        const second = quantity(trade.sub(first));
        fc.pre(!first.isZero() && !second.isZero());
        const whole = realisedProfit(instrument, position, trade, price);
        const one = realisedProfit(instrument, position, first, price);
        const left = {
          ...position,
          quantity: quantity(position.quantity.add(first)),
          entryCash: amount(position.entryCash.add(cashOf(instrument, first, price)).sub(one)),
        };
        const gain = one.add(realisedProfit(instrument, left, second, price)).sub(whole);
        if (instrument.payoff === "linear") expect(gain.lte(0)).toBe(true);
        else expect(gain.lte(UNIT)).toBe(true);
        expect(gain.gt(UNIT.mul(-3))).toBe(true);
      }),
      RUNS,
    );
  });

  test("what all the fills of a story cost and realise is what was traded, however it was cut: nothing is made", () => {
    const trades = anyInstrument.chain((instrument) =>
      fc.array(anyTradeIn(instrument), { minLength: 1, maxLength: 12 }),
    );
    fc.assert(
      fc.property(trades, (story) => {
        const { instrument } = story[0] as (typeof story)[number];
        const books = tell(story);
        for (const { id } of PEOPLE) {
          const { balances, positions } = standing(books, id);
          const held = add(
            balances.get(instrument.settlementAsset) ?? amount("0"),
            positions.get(instrument.id)?.entryCash ?? amount("0"),
          );
          const traded = story.reduce((sum, { pair, quantity: contracts, price }) => {
            if (pair.one === id) return sum.add(cashOf(instrument, contracts, price));
            return pair.other === id ? sum.sub(cashOf(instrument, contracts, price)) : sum;
          }, new Decimal(0));
          expect(held.eq(traded)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("POSITION-3: round trips", () => {
  test("there and back at one price, in any number of fills, is nothing in a linear contract", () => {
    const trips = anyInstrument
      .filter(({ payoff }) => payoff === "linear")
      .chain((instrument) => fc.tuple(anyTradeIn(instrument), fc.integer({ min: 1, max: 8 })));
    fc.assert(
      fc.property(trips, ([trade, fills]) => {
        const whole = { ...trade, quantity: quantity(trade.quantity.mul(fills)) };
        const books = tell([whole, ...Array.from({ length: fills }, () => reversed(trade))]);
        for (const { id } of PEOPLE)
          expect(standing(books, id)).toMatchObject({ balances: new Map(), positions: new Map() });
      }),
      { numRuns: 300 },
    );
  });

  test("there and back at one price is less than half a unit of coin a fill in an inverse one, and sums to nothing", () => {
    const trips = anyInstrument
      .filter(({ payoff }) => payoff === "inverse")
      .chain((instrument) => fc.tuple(anyTradeIn(instrument), fc.integer({ min: 1, max: 8 })));
    fc.assert(
      fc.property(trips, ([trade, fills]) => {
        const whole = { ...trade, quantity: quantity(trade.quantity.mul(fills)) };
        const books = tell([whole, ...Array.from({ length: fills }, () => reversed(trade))]);
        const results = PEOPLE.map(({ id }) => {
          const { balances, positions } = standing(books, id);
          expect(positions.size).toBe(0);
          return balances.get(trade.instrument.settlementAsset) ?? amount("0");
        });
        const most = HALF_UNIT.mul(fills + 1);
        expect(results.every((result) => result.abs().lte(most))).toBe(true);
        expect(results.reduce((sum, result) => sum.add(result), new Decimal(0)).isZero()).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("from one price to another pays size × difference, or dollars × difference of the inverses", () => {
    const trips = anyInstrument.chain((instrument) => fc.tuple(anyTradeIn(instrument), anyPriceOf(instrument)));
    fc.assert(
      fc.property(trips, ([trade, out]) => {
        const { instrument, quantity: contracts, price: entry, pair } = trade;
        const opened = tell([trade]);
        const books = after(opened, journalOf({ ...reversed(trade), price: out }, opened));
        const profit = standing(books, pair.one).balances.get(instrument.settlementAsset) ?? amount("0");
        const size = contracts.mul(instrument.contractSize);
        const one = new Decimal(1);
        const exact =
          instrument.payoff === "linear" ? size.mul(out.sub(entry)) : size.mul(one.div(entry).sub(one.div(out)));
        if (instrument.payoff === "linear") expect(profit.eq(exact)).toBe(true);
        else expect(profit.sub(exact).abs().lte(UNIT)).toBe(true);
        const lost = standing(books, pair.other).balances.get(instrument.settlementAsset) ?? amount("0");
        expect(lost.eq(negate(profit))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("turning a position is closing it and opening the other side at the same price", () => {
    const turns = anyInstrument.chain((instrument) =>
      fc.tuple(anyTradeIn(instrument), anyTradeIn(instrument), fc.integer({ min: 1, max: 5_000 })),
    );
    fc.assert(
      fc.property(turns, ([opening, { price }, beyond]) => {
        const closing = { ...reversed(opening), price };
        const turn = { ...closing, quantity: quantity(closing.quantity.add(beyond)) };
        const anew = { ...closing, quantity: quantity(String(beyond)) };
        const [inOne, inTwo] = [tell([opening, turn]), tell([opening, closing, anew])];
        const { id, settlementAsset, payoff } = opening.instrument;
        for (const person of [opening.pair.one, opening.pair.other]) {
          const [one, two] = [standing(inOne, person), standing(inTwo, person)];
          expect(one.balances.get(settlementAsset)).toEqual(two.balances.get(settlementAsset));
          const [cost, twice] = [one.positions.get(id), two.positions.get(id)];
          expect(cost?.quantity.eq(twice?.quantity ?? 0)).toBe(true);
          const off = (cost?.entryCash ?? amount("0")).sub(twice?.entryCash ?? 0).abs();
          expect(off.lte(payoff === "linear" ? 0 : UNIT)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});
