import { describe, expect, test } from "@jest/globals";
import { instrumentId } from "@ballast/model";
import { amount, Decimal, type Price, price, quantity } from "@ballast/money";
import { propertyRuns } from "@ballast/money/testing";
import fc from "fast-check";
import { assessPortfolio, levelNamed } from "../margin/assess-portfolio.js";
import { PRESETS } from "../margin/presets/index.js";
import { anyHeld, type BookText, COINS, documentOf, portfolioOf, SHORT_HISTORY } from "../portfolio/testing.js";
import { readPortfolio } from "../portfolio/portfolio-document.js";
import type { Portfolio } from "../portfolio/portfolio.js";
import { boundaryOf, jointBoundary } from "./boundary.js";
import { brokenCorrelations } from "./broken-correlation.js";
import { cheapestHedge } from "./cheapest-hedge.js";
import { savingOfPool } from "./hedge-saving.js";
import { afterFill, contractOf, inquire, withOrder } from "./inquiry.js";
import { largestOrder } from "./largest-order.js";
import { afterMove } from "./price-move.js";
import { smallestDeposit } from "./smallest-deposit.js";
import { innermost, outermost } from "./whole-search.js";

/*
 * An answer to an inverse question is right when the forward question says so: with it the level is met, and with one lot,
 * one unit or one tick more it is not. Every check here assesses the portfolio afresh, without the columns of the inquiry.
 */

const MODEL = SHORT_HISTORY;
const LOT = quantity("0.01");
const LEVEL = "initial";

const slackOf = (portfolio: Portfolio, level = LEVEL): Decimal =>
  levelNamed(assessPortfolio(portfolio, MODEL), level).slack;
const anyCash = fc.integer({ min: -100_000, max: 2_000_000 });
const anyBook = fc
  .record({ held: anyHeld, cash: anyCash })
  .map(({ held, cash }): BookText => ({ held, cash: String(cash) }));
/** Each case is some hundred assessments. */
const check = <Case>(cases: fc.Arbitrary<Case>, claim: (found: Case) => void, everyday = 5): void =>
  fc.assert(fc.property(cases, claim), propertyRuns(everyday));

describe("the largest order that fits", () => {
  const anyOrder = fc.record({
    book: anyBook,
    coin: fc.constantFrom(...COINS),
    kind: fc.constantFrom("PERPETUAL", "INVERSE", "2026-08-08-1.05-call", "2026-12-25-0.8-put"),
    side: fc.constantFrom("buy" as const, "sell" as const),
  });

  test("INVERSE-2: fits, filled and at rest, and one lot more does not", () => {
    check(anyOrder, ({ book, coin, kind, side }) => {
      const portfolio = portfolioOf(book);
      const inquiry = inquire(portfolio, MODEL, LEVEL);
      const instrument = `${coin}-${kind}`;
      const answer = largestOrder(inquiry, { instrument, side, lot: LOT, price: null });
      if (answer.kind !== "size") return expect(answer.kind).toBe("none");
      const contract = contractOf(portfolio, instrument);
      const mark = contract.kind === "option" ? null : contract.markPrice;
      const fits = (more: number): boolean => {
        const size = answer.quantity.add(LOT.mul(side === "buy" ? more : -more));
        // The mark of an option is the columns' own; what it costs cancels against what it is worth up to its last digit.
        if (mark === null) return (more === 0 ? answer.filled : answer.oneLotMore).slack.gte(0);
        const resting = slackOf(withOrder(portfolio, contract, size, mark));
        return (
          slackOf(afterFill(portfolio, contract, size, mark)).gte(0) &&
          (resting.gte(0) || resting.gte(inquiry.now.slack))
        );
      };
      expect(fits(0)).toBe(true);
      if (mark !== null) expect(fits(1)).toBe(false);
    });
  });

  test("INVERSE-2: an order that reduces risk fits an account that is below its level", () => {
    const portfolio = portfolioOf({ held: { "BTC-PERPETUAL": 10 }, cash: "100000" });
    const inquiry = inquire(portfolio, MODEL, LEVEL);
    expect(inquiry.now.slack.lt(0)).toBe(true);
    const question = { instrument: "BTC-PERPETUAL", lot: LOT, price: null };
    const sale = largestOrder(inquiry, { ...question, side: "sell" });
    if (sale.kind !== "size") throw new Error(`expected a size; found ${sale.kind}`);
    expect(sale.quantity.lt(-10)).toBe(true);
    expect(largestOrder(inquiry, { ...question, side: "buy" })).toEqual({ kind: "none" });
  });

  test("INVERSE-2: a model of size tiers answers as well", () => {
    const standard = PRESETS.get("ballast-standard")?.();
    if (standard === undefined) throw new Error("expected a preset");
    const inquiry = inquire(portfolioOf({ cash: "1000" }), standard, LEVEL);
    const answer = largestOrder(inquiry, { instrument: "BTC-PERPETUAL", side: "sell", lot: LOT, price: null });
    if (answer.kind !== "size") throw new Error(`expected a size; found ${answer.kind}`);
    expect(answer.filled.slack.gte(0) && answer.oneLotMore.slack.lt(0)).toBe(true);
  });

  test("INVERSE-2: a worse price fits less", () => {
    const inquiry = inquire(portfolioOf({ cash: "100000" }), MODEL, LEVEL);
    const lotsAt = (limit: string) => {
      const answer = largestOrder(inquiry, { instrument: "BTC-PERPETUAL", side: "buy", lot: LOT, price: price(limit) });
      return answer.kind === "size" ? answer.lots : NaN;
    };
    expect(lotsAt("110000")).toBeLessThan(lotsAt("100000"));
    expect(lotsAt("100000")).toBeLessThanOrEqual(lotsAt("90000"));
  });
});

describe("the smallest deposit that cures", () => {
  const cent = amount("0.01");

  test("INVERSE-3: cures, and a cent less does not", () => {
    check(anyBook, (book) => {
      const portfolio = portfolioOf(book);
      const answer = smallestDeposit(portfolio, MODEL, LEVEL, { asset: "USDC", unit: cent, price: null });
      if (answer.kind === "already") return expect(slackOf(portfolio).gte(0)).toBe(true);
      if (answer.kind === "none") throw new Error("cash always cures");
      const cash = new Decimal(book.cash ?? 0).add(answer.amount);
      const curedBy = (less: string) => slackOf(portfolioOf({ ...book, cash: cash.sub(less).toFixed() })).gte(0);
      expect([curedBy("0"), curedBy("0.01")]).toEqual([true, false]);
    });
  });

  test("INVERSE-3: a haircut is paid for: 12.5 % of it makes the deposit larger by a seventh", () => {
    const portfolio = portfolioOf({ held: { "BTC-PERPETUAL": 1 }, cash: "0" });
    const [cash, tether] = ["USDC", "USDT"].map((asset) =>
      smallestDeposit(portfolio, MODEL, LEVEL, { asset, unit: cent, price: price("1") }),
    );
    if (cash?.kind !== "amount" || tether?.kind !== "amount") throw new Error("expected amounts");
    expect(tether.amount.mul("0.875").sub(cash.amount).abs().lte("0.01")).toBe(true);
  });

  test("INVERSE-3: coin cures the short of its own coin, one satoshi less does not", () => {
    const satoshi = amount("0.00000001");
    const book = { held: { "ETH-PERPETUAL": -10 }, cash: "0" };
    const answer = smallestDeposit(portfolioOf(book), MODEL, LEVEL, { asset: "ETH", unit: satoshi, price: null });
    if (answer.kind !== "amount") throw new Error(`expected an amount; found ${answer.kind}`);
    const slackWith = (eth: Decimal) =>
      slackOf(portfolioOf({ ...book, collateral: { ETH: [eth.toFixed(), "4000", "ETH"] } }));
    expect(slackWith(answer.amount).gte(0)).toBe(true);
    expect(slackWith(answer.amount.sub(satoshi)).lt(0)).toBe(true);
  });
});

describe("the boundary", () => {
  const tick = price("0.5");

  test("INVERSE-4: the slack changes sign between the price and one tick nearer", () => {
    check(
      fc.tuple(anyBook, fc.constantFrom(...COINS)),
      ([book, coin]) => {
        const portfolio = portfolioOf(book);
        const inquiry = inquire(portfolio, MODEL, "maintenance");
        for (const boundary of boundaryOf(inquiry, coin, tick)) {
          if (boundary.kind === "already") expect(inquiry.now.slack.lt(0)).toBe(true);
          if (boundary.kind !== "price") continue;
          const [[id, at]] = [...boundary.prices] as [[Parameters<typeof portfolio.underlyings.get>[0], Price]];
          const spot = portfolio.underlyings.get(id)?.spot as Price;
          const slackAt = (reached: Decimal) =>
            slackOf(afterMove(portfolio, new Map([[id, reached.div(spot)]])), "maintenance");
          const nearer = boundary.side === "fall" ? at.add(tick) : at.sub(tick);
          expect([slackAt(at).lt(0), slackAt(nearer).gte(0)]).toEqual([true, true]);
        }
      },
      3,
    );
  });

  test("INVERSE-4: a long in one contract is liquidated where equity meets margin, and never by a rise", () => {
    const portfolio = portfolioOf({ held: { "BTC-PERPETUAL": 1 }, cash: "20000" });
    const [fall, rise] = boundaryOf(inquire(portfolio, MODEL, "maintenance"), "BTC", tick);
    expect(rise?.kind).toBe("none");
    if (fall?.kind !== "price") throw new Error("expected a price");
    expect(fall.missed.slack.lt(0) && fall.lastMet.slack.gte(0)).toBe(true);
    expect(fall.ticks).toBeGreaterThan(1);
  });

  test("INVERSE-5: along the joint move the slack changes sign at the boundary, and nothing held has none", () => {
    const portfolio = portfolioOf({ held: { "BTC-PERPETUAL": 3, "ETH-INVERSE": -100_000 }, cash: "80000" });
    const found = jointBoundary(inquire(portfolio, MODEL, "maintenance")).filter(({ kind }) => kind === "price");
    expect(found.length).toBeGreaterThan(0);
    for (const boundary of found) {
      if (boundary.kind !== "price") continue;
      expect([boundary.missed.slack.lt(0), boundary.lastMet.slack.gte(0)]).toEqual([true, true]);
      expect(boundary.prices.size).toBe(COINS.length);
    }
    const nothing = jointBoundary(inquire(portfolioOf({ cash: "1" }), MODEL, "maintenance"));
    expect(nothing.map(({ kind }) => kind)).toEqual(["none", "none"]);
  });

  test("INVERSE-4: moved prices value a book as one that was bought there", () => {
    const half = new Decimal("0.5");
    const moved = afterMove(
      portfolioOf({ held: { "BTC-PERPETUAL": 2, "BTC-INVERSE": -1000 }, cash: "0" }),
      new Map([[...portfolioOf({}).underlyings.keys()].map((id) => [id, half] as const)[0] as [never, Decimal]]),
    );
    const profit = (id: string) => moved.holdings.get(instrumentId(id))?.unrealisedProfit.toFixed();
    // Two coins lose 50,000 each; a thousand dollars short of an inverse contract gain 1/50000 − 1/100000 coins a dollar.
    expect([profit("BTC-PERPETUAL"), profit("BTC-INVERSE")]).toEqual(["-100000", "500"]);
  });
});

describe("the cheapest hedge", () => {
  const perpetuals = (held: Readonly<Record<string, number>>, cash: string): Portfolio => {
    const document = documentOf({ held, cash });
    return readPortfolio({
      ...document,
      contracts: document.contracts?.filter(({ id }) => id.endsWith("PERPETUAL")),
      expiries: [],
    });
  };

  test("INVERSE-6: frees what is wanted after its cost, one lot less does not, and no listed one is cheaper", () => {
    const inquiry = inquire(perpetuals({ "BTC-PERPETUAL": 10 }, "300000"), MODEL, LEVEL);
    const wanted = new Decimal("20000");
    const { hedges, most } = cheapestHedge(inquiry, wanted, () => LOT);
    expect(most).toBeNull();
    expect(hedges[0]).toMatchObject({ instrument: "BTC-PERPETUAL" });
    for (const [at, { quantity: size, frees, cost }] of hedges.entries()) {
      expect([size.lt(0), frees.gte(wanted), cost.gt(0)]).toEqual([true, true, true]);
      expect(cost.gte(hedges[at - 1]?.cost ?? 0)).toBe(true);
    }
    const [best] = hedges;
    const contract = contractOf(inquiry.portfolio, "BTC-PERPETUAL");
    const less = (best?.quantity ?? LOT).add(LOT);
    const freed = slackOf(afterFill(inquiry.portfolio, contract, less, price("100000"))).sub(inquiry.now.slack);
    expect(freed.sub(best?.cost ?? 0).lt(wanted)).toBe(true);
  });

  test("INVERSE-6: where no hedge frees so much, the one that frees most is named", () => {
    const inquiry = inquire(perpetuals({ "BTC-PERPETUAL": 1 }, "300000"), MODEL, LEVEL);
    const { hedges, most } = cheapestHedge(inquiry, new Decimal("1000000"), () => LOT);
    expect(hedges).toEqual([]);
    expect(most?.instrument).toBe("BTC-PERPETUAL");
    expect(most?.quantity.add(1).abs().lte("0.05")).toBe(true);
  });

  test("INVERSE-6 INVERSE-7: what would take an hour is refused", () => {
    const [template] = documentOf({}).contracts ?? [];
    const contracts = Array.from(
      { length: 501 },
      (_, at) => ({ ...template, id: `BTC-${at}` }) as NonNullable<typeof template>,
    );
    const holdings = contracts.map(({ id }) => ({ instrument: id, quantity: "1" }));
    const inquiry = inquire(readPortfolio({ ...documentOf({}), contracts, expiries: [], holdings }), MODEL, LEVEL);
    const refused = expect.objectContaining({ code: "BOOK_TOO_LARGE" });
    expect(() => cheapestHedge(inquiry, new Decimal(1), () => LOT)).toThrow(refused as unknown as Error);
    expect(() => savingOfPool(inquiry)).toThrow(refused as unknown as Error);
  });

  test("INVERSE-6: an empty book has nothing to free", () => {
    const { hedges, most } = cheapestHedge(inquire(perpetuals({}, "1000"), MODEL, LEVEL), new Decimal(1), () => LOT);
    expect([hedges, most]).toEqual([[], null]);
  });
});

describe("saving and broken correlation", () => {
  test("INVERSE-7: savings add up, and a position alone saves nothing", () => {
    check(anyHeld, (held) => {
      const pool = savingOfPool(inquire(portfolioOf({ held, cash: "1000" }), MODEL, LEVEL));
      const adds = pool.hedges.reduce((sum, hedge) => sum.add(hedge.adds), new Decimal(0));
      expect(pool.saving.eq(pool.isolated.sub(adds))).toBe(true);
      if (pool.hedges.length === 1) expect(pool.hedges[0]?.isolated.eq(pool.requirement)).toBe(true);
    });
  });

  test("INVERSE-7: a short against a long frees margin as it lies there", () => {
    const held = { "BTC-PERPETUAL": 2, "BTC-INVERSE": -100_000 };
    const { hedges, saving } = savingOfPool(inquire(portfolioOf({ held, cash: "0" }), MODEL, LEVEL));
    expect(hedges.find(({ instrument }) => instrument === "BTC-INVERSE")?.frees.gt(0)).toBe(true);
    expect(saving.gt(0)).toBe(true);
  });

  test("INVERSE-1: no correlation asks for more of a book of futures than the worst signs, which leave no credit for correlation", () => {
    const straight = anyHeld.map((held) =>
      Object.fromEntries(Object.entries(held).filter(([id]) => !/call|put/u.test(id))),
    );
    check(straight, (held) => {
      const portfolio = portfolioOf({ held });
      const broken = brokenCorrelations(portfolio, MODEL, assessPortfolio(portfolio, MODEL), LEVEL);
      const worst = broken.find(({ regime }) => regime === "WORST_SIGNS");
      for (const { views } of broken) {
        const most = worst?.views.requirement ?? NaN;
        expect(views.requirement).toBeLessThanOrEqual(most + 1e-9 * Math.abs(most));
      }
      if (worst !== undefined) expect(worst.views.credit).toBeLessThanOrEqual(1e-9 * worst.views.noOffset);
    });
  });
});

describe("searches over whole numbers", () => {
  test("INVERSE-2: the outermost edge holds and its successor does not, even of an interval between powers of two", () => {
    check(
      fc.tuple(fc.integer({ min: 1, max: 100_000 }), fc.nat({ max: 100_000 })),
      ([from, length]) => {
        const holds = (n: number) => n >= from && n <= from + length;
        expect(outermost(holds, (n) => -Math.abs(n - from - length / 2))).toBe(from + length);
      },
      200,
    );
    expect(
      outermost(
        () => true,
        () => 0,
      ),
    ).toBe("unbounded");
    expect(
      outermost(
        () => false,
        (n) => -n,
      ),
    ).toBeNull();
  });

  test("INVERSE-3: the innermost edge holds and its predecessor does not", () => {
    check(fc.nat({ max: 1e12 }), (from) => expect(innermost((n) => n >= from)).toBe(from), 200);
    expect(innermost(() => false)).toBeNull();
  });
});
