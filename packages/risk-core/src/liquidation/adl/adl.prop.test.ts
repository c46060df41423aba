import { describe, expect, test } from "@jest/globals";
import { Decimal, price, quantity, type Quantity, usd, type Usd } from "@ballast/money";
import fc from "fast-check";
import { type AdlNeed, type AfterAdl, allocateAdl } from "./allocate.js";
import { type AdlCandidate, rankAdl } from "./rank.js";

const MARK = new Decimal(7000);
const BANKRUPTCY = price("7070");
const LOT = quantity("0.1");

/** Shorts at a mark of 7,000 that may be closed one per cent above it; 6 % of notional is maintenance margin. */
const afterClosing: AfterAdl = ({ equity, maintenanceMargin }, units) => ({
  equity: equity.sub(units.mul(BANKRUPTCY.sub(MARK))) as Usd,
  maintenanceMargin: Decimal.max(0, maintenanceMargin.sub(units.mul(MARK).mul("0.06"))) as Usd,
});

function short(account: string, units: string, changed: Partial<AdlCandidate> = {}): AdlCandidate {
  const held = new Decimal(units);
  return {
    account,
    quantity: quantity(held.neg()),
    netDelta: quantity(held.neg()),
    unrealisedProfit: usd(held.mul(MARK).mul("0.1")),
    notional: usd(held.mul(MARK)),
    grossNotional: usd(held.mul(MARK)),
    equity: usd(held.mul(MARK).mul("0.2")),
    maintenanceMargin: usd(held.mul(MARK).mul("0.06")),
    isInLiquidation: false,
    ...changed,
  };
}

const need = (units: string): AdlNeed => ({ units: quantity(units), lotSize: LOT, bankruptcyPrice: BANKRUPTCY });
const dollars = (figure: number): Usd => usd(new Decimal(figure));
const closed = (plan: ReturnType<typeof allocateAdl>) =>
  plan.shares.reduce((sum, { units }) => sum.add(units), new Decimal(0));

describe("the line", () => {
  test("LIQUIDATION-26: profit share × leverage decides, with the reason beside it; losers and failing accounts are not in it", () => {
    const line = rankAdl([
      short("modest", "1"),
      short("bold", "1", { equity: dollars(700) }),
      short("loser", "1", { unrealisedProfit: dollars(-1) }),
      short("failing", "1", { isInLiquidation: true }),
      short("a-twin", "1"),
    ]);
    expect(
      line.map(({ candidate, rank, score, profitShare, leverage }) => [
        rank,
        candidate.account,
        score.toFixed(),
        profitShare.toFixed(),
        leverage.toFixed(),
      ]),
    ).toEqual([
      [1, "bold", "1", "0.1", "10"],
      [2, "a-twin", "0.5", "0.1", "5"],
      [3, "modest", "0.5", "0.1", "5"],
    ]);
  });

  test("LIQUIDATION-26: five lights for the first fifth, one for the last", () => {
    const line = rankAdl(
      Array.from({ length: 10 }, (_, at) => short(`holder-${at}`, "1", { equity: dollars(700 + at) })),
    );
    expect(line.map(({ lights }) => lights)).toEqual([5, 5, 4, 4, 3, 3, 2, 2, 1, 1]);
  });
});

describe("an allocation", () => {
  test("LIQUIDATION-27: inside a band everybody gives the same share; nobody is closed whole while a neighbour keeps all", () => {
    const plan = allocateAdl(need("3"), [short("a", "10"), short("b", "20"), ...quiet(8)], afterClosing);
    expect(
      plan.shares.map(({ candidate, units, counterfactual }) => [
        candidate.account,
        units.toFixed(),
        counterfactual.toFixed(),
      ]),
    ).toEqual([
      ["a", "1", "3"],
      ["b", "2", "0"],
    ]);
  });

  test("LIQUIDATION-27: a hedge stays while anybody has units that hedge nothing", () => {
    const hedged = short("hedged", "10", { netDelta: quantity("-2"), equity: dollars(7000) });
    const plan = allocateAdl(need("5"), [hedged, ...quiet(4)], afterClosing);
    const share = plan.shares.find(({ candidate }) => candidate.account === "hedged");
    // Alone in its band it gives what hedges nothing, and the next bands give the rest.
    expect([share?.units.toFixed(), share?.unitsHedged.toFixed()]).toEqual(["2", "0"]);
    expect(plan.unmet.isZero()).toBe(true);
  });

  const anyCandidate = fc
    .record({
      account: fc.string({ minLength: 1, maxLength: 3 }),
      units: fc.integer({ min: 1, max: 500 }),
      hedgedShare: fc.integer({ min: 0, max: 120 }),
      equityShare: fc.integer({ min: 1, max: 80 }),
      profitShare: fc.integer({ min: -5, max: 60 }),
      isInLiquidation: fc.boolean(),
    })
    .map(({ account, units, hedgedShare, equityShare, profitShare, isInLiquidation }) => {
      const held = new Decimal(units).div(10);
      return short(account, held.toFixed(), {
        netDelta: quantity(held.mul(hedgedShare - 100).div(100)),
        equity: usd(held.mul(MARK).mul(equityShare).div(100)),
        unrealisedProfit: usd(held.mul(MARK).mul(profitShare).div(100)),
        isInLiquidation,
      });
    });
  const anyLine = fc.uniqueArray(anyCandidate, { selector: ({ account }) => account, maxLength: 15 });
  const anyNeed = fc
    .integer({ min: 0, max: 30_000 })
    .map((hundredths) => need(new Decimal(hundredths).div(100).toFixed()));

  test("LIQUIDATION-27: closes the need and less than one lot more, or says what it could not", () => {
    fc.assert(
      fc.property(anyNeed, anyLine, (asked, line) => {
        const plan = allocateAdl(asked, line, afterClosing);
        const over = closed(plan).add(plan.unmet).sub(asked.units);
        expect(over.gte(0) && over.lt(LOT)).toBe(true);
      }),
    );
  });

  test("LIQUIDATION-27: nobody's equity over maintenance margin falls, and nobody gives more than it holds", () => {
    fc.assert(
      fc.property(anyNeed, anyLine, (asked, line) => {
        for (const { candidate, units, equityAfter, maintenanceMarginAfter } of allocateAdl(asked, line, afterClosing)
          .shares) {
          expect(units.gt(0) && units.lte(candidate.quantity.abs())).toBe(true);
          expect(units.mod(LOT).isZero()).toBe(true);
          expect(equityAfter.gte(0)).toBe(true);
          expect(equityAfter.mul(candidate.maintenanceMargin).gte(candidate.equity.mul(maintenanceMarginAfter))).toBe(
            true,
          );
        }
      }),
    );
  });

  test("LIQUIDATION-27: hedges are touched only when nobody has other units left to give", () => {
    fc.assert(
      fc.property(anyNeed, anyLine, (asked, line) => {
        const plan = allocateAdl(asked, line, afterClosing);
        fc.pre(plan.shares.some(({ unitsHedged }) => unitsHedged.gt(0)));
        for (const { unhedged, candidate } of rankAdl(line)) {
          const share = plan.shares.find((each) => each.candidate.account === candidate.account);
          const free = (share?.units ?? new Decimal(0)).sub(share?.unitsHedged ?? 0);
          const couldGive = wholeLots(Decimal.min(unhedged, harmless(candidate)));
          expect(free.gte(couldGive)).toBe(true);
        }
      }),
    );
  });

  test("LIQUIDATION-27: the order of rows changes nothing, and asking twice answers twice the same", () => {
    fc.assert(
      fc.property(anyNeed, anyLine, (asked, line) => {
        const print = (rows: typeof line) => JSON.stringify(allocateAdl(asked, rows, afterClosing));
        expect(print([...line].reverse())).toBe(print(line));
      }),
    );
  });

  test("LIQUIDATION-27: who is spared what a queue would have taken is written down", () => {
    fc.assert(
      fc.property(anyNeed, anyLine, (asked, line) => {
        const { shares, spared } = allocateAdl(asked, line, afterClosing);
        const queued = [...shares.map(({ counterfactual }) => counterfactual), ...spared.map(({ units }) => units)];
        const total = queued.reduce<Decimal>((sum, units) => sum.add(units), new Decimal(0));
        const supply = rankAdl(line).reduce<Decimal>(
          (sum, { candidate }) => sum.add(wholeLots(candidate.quantity.abs())),
          new Decimal(0),
        );
        const lots = asked.units.div(LOT).ceil().mul(LOT);
        expect(total.eq(Decimal.min(lots, supply))).toBe(true);
      }),
    );
  });
});

/** Holders that come last in every line. */
const quiet = (count: number) =>
  Array.from({ length: count }, (_, at) => short(`z-quiet-${at}`, "10", { unrealisedProfit: dollars(70) }));
const wholeLots = (units: Decimal) => units.div(LOT).floor().mul(LOT);

/** The most lots that do no harm, found by trying all of them. */
function harmless(candidate: AdlCandidate): Quantity {
  let most = new Decimal(0);
  for (let units = new Decimal(LOT); units.lte(candidate.quantity.abs()); units = units.add(LOT)) {
    const { equity, maintenanceMargin } = afterClosing(candidate, units as Quantity);
    if (equity.lt(0) || equity.mul(candidate.maintenanceMargin).lt(candidate.equity.mul(maintenanceMargin))) break;
    most = units;
  }
  return most as Quantity;
}
