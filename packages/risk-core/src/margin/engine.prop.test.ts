import { describe, expect, test } from "@jest/globals";
import { Decimal } from "@ballast/money";
import { propertyRuns } from "@ballast/money/testing";
import fc from "fast-check";
import type { Portfolio } from "../portfolio/portfolio.js";
import { anyHeld, anyOrders, type BookText, documentOf, portfolioOf, SHORT_HISTORY } from "../portfolio/testing.js";
import { printPortfolio, readPortfolio } from "../portfolio/portfolio-document.js";
import { BOOK_VIEWS, type BookMargin } from "../hybrid/index.js";
import { marketColumns } from "../scenario/columns.js";
import type { ScannedBook } from "../scenario/scanned-book.js";
import { assessPortfolio, levelNamed, type PortfolioMargin } from "./assess-portfolio.js";
import { viewedBook, type ViewedBook } from "./components/book-views.f64.js";
import { SPAN_SAMPLE, span16 } from "./presets/span.js";
import { marginReceipt, printReceipt, recomputeReceipt } from "./receipt.js";

/*
 * What a risk officer would sign of a margin model, asked of our own. The engine knows no model, so what holds here because
 * of the engine (order, names, cash, receipts) holds of every preset.
 */

const MODEL = SHORT_HISTORY;
/** How many cases each property sees; a night has more: `npm run -s properties`. */
const RUNS = propertyRuns(40);
/** The same for properties of receipts, which carry the whole model. */
const RECEIPTS = propertyRuns(8);
const NEARLY = new Decimal("1e-7");

/** One market, so one set of columns for all. */
const COLUMNS = marketColumns(portfolioOf({}), MODEL.scan);
const marginOf = (book: BookText, explain = false): PortfolioMargin =>
  assessPortfolio(portfolioOf(book), MODEL, { columns: COLUMNS, explain });
const initial = (margin: PortfolioMargin): Decimal => levelNamed(margin, "initial").requirement;
const maintenance = (margin: PortfolioMargin): Decimal => levelNamed(margin, "maintenance").requirement;
/** What the five views of a level say of a scanned book. */
const viewsIn = (level: string, book: ScannedBook): ViewedBook => {
  const rule = MODEL.figures.find(({ name }) => name === `${level}Views`)?.rule;
  if (rule?.kind !== "book-views") throw new Error(`expected views; found ${rule?.kind}`);
  return viewedBook(rule, book, [...book.market.units.keys()]);
};
/** The most that one loses and the other gains of an underlying that falls, at what a gain counts for more than it is. */
const netting = (one: ViewedBook, other: ViewedBook): number => {
  let sum = 0;
  for (const leg of one.legs) {
    const met = other.legs.find(({ underlying }) => underlying === leg.underlying);
    if (met === undefined) continue;
    const falls = [
      [leg.lossOnFall, met.lossOnFall],
      ...(leg.inside ?? []).flatMap(({ share, loss }, at) => (share > 0 ? [[loss, met.inside?.[at]?.loss ?? 0]] : [])),
    ] as [number, number][];
    const nets = falls.map(([left, right]) => (left * right < 0 ? Math.min(Math.abs(left), Math.abs(right)) : 0));
    sum += Math.expm1(leg.logRate) * Math.max(...nets);
  }
  return sum;
};
const times = (held: Readonly<Record<string, number>>, factor: number): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(held).map(([id, quantity]) => [id, quantity * factor]));
const check = (claim: (held: Readonly<Record<string, number>>) => void, runs = RUNS): void =>
  fc.assert(fc.property(anyHeld, claim), runs);

describe("whatever a portfolio holds", () => {
  test("MODEL-1: the order of positions, orders and balances changes no bit", () => {
    const reversed = ({ contracts, holdings, balances, orders, ...rest }: Portfolio): Portfolio => ({
      ...rest,
      contracts: new Map([...contracts].reverse()),
      holdings: new Map([...holdings].reverse()),
      balances: new Map([...balances].reverse()),
      orders: [...orders].reverse(),
    });
    fc.assert(
      fc.property(anyHeld, anyOrders, (held, orders) => {
        const portfolio = portfolioOf({ held, orders, cash: "1000" });
        const [left, right] = [portfolio, reversed(portfolio)].map((form) => printReceipt(marginReceipt(form, MODEL)));
        expect(left).toBe(right);
      }),
      RECEIPTS,
    );
  });

  test("MODEL-1: what the underlyings are called changes no requirement", () => {
    // Another name is another place in the order of sums, so the last bits may differ and nothing else.
    const renamed = (text: string) => text.replaceAll("BTC", "Z1").replaceAll("SOL", "A1");
    const model = JSON.parse(renamed(JSON.stringify(MODEL))) as typeof MODEL;
    const columns = marketColumns(readPortfolio(JSON.parse(renamed(JSON.stringify(documentOf({}))))), model.scan);
    check((held) => {
      const document: unknown = JSON.parse(renamed(JSON.stringify(documentOf({ held }))));
      const margin = assessPortfolio(readPortfolio(document), model, { columns });
      expect(
        initial(margin)
          .sub(initial(marginOf({ held })))
          .abs()
          .lte(NEARLY),
      ).toBe(true);
    });
  });

  test("SCENARIO-9: one more scenario, of any kind, never lowers a scan loss", () => {
    const scenario = { id: "more", family: "array", volatility: "same", damping: 1, deadband: 0 } as const;
    const span = span16(SPAN_SAMPLE);
    fc.assert(
      fc.property(anyHeld, fc.double({ min: 0.2, max: 4, noNaN: true }), (held, factor) => {
        const more = {
          ...span,
          scan: { ...span.scan, scenarios: [...span.scan.scenarios, { ...scenario, price: { factor } }] },
        };
        const [before, after] = [span, more].map((model) =>
          assessPortfolio(portfolioOf({ held }), model).figures.get("scan"),
        );
        expect(after?.value.gte(before?.value ?? NaN)).toBe(true);
      }),
      RUNS,
    );
  });

  test("MODEL-4 MODEL-7: initial margin is at least maintenance margin, and that at least zero; nothing needs nothing", () => {
    check((held) => {
      const margin = marginOf({ held });
      expect(initial(margin).gte(maintenance(margin)) && maintenance(margin).gte(0)).toBe(true);
      if (Object.keys(held).length === 0) expect(initial(margin).isZero()).toBe(true);
    });
  });

  test("MODEL-1: a dollar of cash is a dollar of slack, and changes no requirement", () => {
    fc.assert(
      fc.property(anyHeld, fc.integer({ min: -1_000_000, max: 1_000_000 }), (held, dollars) => {
        const [poor, rich] = ["0", String(dollars)].map((cash) => levelNamed(marginOf({ held, cash }), "initial"));
        expect(rich?.requirement.eq(poor?.requirement ?? NaN)).toBe(true);
        expect(rich?.slack.sub(poor?.slack ?? NaN).eq(dollars)).toBe(true);
      }),
      RUNS,
    );
  });

  test("SCENARIO-9 MODEL-6: a hedged book never needs more than its positions one by one, but for what closing it all costs", () => {
    check((held) => {
      const withoutClosing = (margin: PortfolioMargin) =>
        initial(margin).sub(margin.figures.get("closing")?.value ?? 0);
      const alone = Object.entries(held).map(([id, quantity]) =>
        withoutClosing(marginOf({ held: { [id]: quantity } })),
      );
      const sum = alone.reduce((total, one) => total.add(one), new Decimal(0));
      expect(withoutClosing(marginOf({ held })).lte(sum.add(NEARLY))).toBe(true);
    });
  });

  test("HYBRID-25: two books in one never need more than apart, but for what nets on a fall and what closing it all costs", () => {
    const sumOf = (one: Readonly<Record<string, number>>, other: Readonly<Record<string, number>>) => {
      const sum: Record<string, number> = { ...one };
      for (const [id, quantity] of Object.entries(other)) sum[id] = (sum[id] ?? 0) + quantity;
      return sum;
    };
    fc.assert(
      fc.property(anyHeld, anyHeld, (left, right) => {
        const [one, other, both] = [left, right, sumOf(left, right)].map((held) => marginOf({ held })) as [
          PortfolioMargin,
          PortfolioMargin,
          PortfolioMargin,
        ];
        for (const [level, maximum] of [
          ["initial", initial],
          ["maintenance", maintenance],
        ] as const) {
          const [apart, another, pool] = [one, other, both].map((margin) => viewsIn(level, margin.book)) as [
            ViewedBook,
            ViewedBook,
            ViewedBook,
          ];
          const requirements = apart.margin.requirement + another.margin.requirement;
          const { CALM, ...views } = pool.margin.views;
          for (const demand of Object.values(views)) expect(demand).toBeLessThanOrEqual(requirements + 1e-6);
          const nets = netting(apart, another);
          expect(CALM).toBeLessThanOrEqual(apart.margin.views.CALM + another.margin.views.CALM + nets + 1e-6);
          const withoutClosing = (margin: PortfolioMargin) =>
            maximum(margin).sub(margin.figures.get("closing")?.value ?? 0);
          const sum = withoutClosing(one).add(withoutClosing(other));
          expect(withoutClosing(both).lte(sum.add(nets).add("1e-6"))).toBe(true);
        }
      }),
      RUNS,
    );
  });

  test("HYBRID-26: a pure loss, in whatever scenarios, lowers no view", () => {
    const losses = fc.array(
      fc.record({ where: fc.double({ min: 0, max: 0.999, noNaN: true }), loss: fc.nat(100_000) }),
      {
        minLength: 1,
        maxLength: 60,
      },
    );
    fc.assert(
      fc.property(anyHeld, losses, (held, added) => {
        const { book } = marginOf({ held });
        const cells = Float64Array.from(book.cells);
        for (const { where, loss } of added) {
          const at = Math.floor(where * cells.length);
          cells[at] = (cells[at] as number) - loss;
        }
        for (const level of ["initial", "maintenance"]) {
          const [before, after] = [viewsIn(level, book), viewsIn(level, { ...book, cells, cellsHeld: cells })].map(
            ({ margin }) => margin,
          ) as [BookMargin, BookMargin];
          for (const view of BOOK_VIEWS) {
            expect(after.views[view]).toBeGreaterThanOrEqual(before.views[view] - 1e-6);
          }
          expect(after.requirement).toBeGreaterThanOrEqual(before.requirement - 1e-6);
        }
      }),
      RUNS,
    );
  });

  test("HYBRID-15: at least what the book loses when every underlying goes the same part of its rate, at any volatility", () => {
    const { scenarios } = COLUMNS.rule;
    check((held) => {
      const { book } = marginOf({ held });
      for (const level of ["initial", "maintenance"] as const) {
        const { margin } = viewsIn(level, book);
        for (const [at, { family }] of scenarios.entries()) {
          if (!family.startsWith(`${level}-fall`) && !family.startsWith(`${level}-rise`)) continue;
          let loss = 0;
          for (const unit of COLUMNS.units.keys()) loss -= book.cells[unit * scenarios.length + at] as number;
          expect(margin.requirement).toBeGreaterThanOrEqual(loss - 1e-6);
        }
      }
    });
  });

  test("ADDON-11: one per cent more of everything needs at most five per cent more margin, and never less", () => {
    check((held) => {
      const [now, more] = [marginOf({ held }), marginOf({ held: times(held, 1.01) })];
      expect(initial(more).lte(initial(now).mul("1.05").add(NEARLY))).toBe(true);
      expect(initial(more).add(NEARLY).gte(initial(now))).toBe(true);
    });
  });

  test("ADDON-11: nobody saves by splitting a book in two", () => {
    check((held) => {
      const half = marginOf({ held: times(held, 0.5) });
      expect(
        initial(half)
          .mul(2)
          .lte(initial(marginOf({ held })).add(NEARLY)),
      ).toBe(true);
    });
  });

  test("ORDERS-1 ORDERS-2: an open order never lowers a requirement, whichever of them fills", () => {
    fc.assert(
      fc.property(anyHeld, anyOrders, (held, orders) => {
        const [without, withOrders] = [marginOf({ held }), marginOf({ held, orders })];
        for (const level of ["initial", "maintenance"]) {
          const [before, after] = [without, withOrders].map((margin) => levelNamed(margin, level).requirement);
          expect(after?.gte(before ?? NaN)).toBe(true);
        }
      }),
      RUNS,
    );
  });

  test("RECEIPT-1 RECEIPT-3: a receipt computes itself again, to the byte", () => {
    fc.assert(
      fc.property(anyHeld, anyOrders, (held, orders) => {
        const receipt = marginReceipt(portfolioOf({ held, orders, cash: "12345.678" }), MODEL);
        const text = printReceipt(receipt);
        expect(printReceipt(recomputeReceipt(JSON.parse(text) as typeof receipt))).toBe(text);
      }),
      RECEIPTS,
    );
  });

  test("RECEIPT-2: what the positions add sums to the requirement", () => {
    check((held) => {
      for (const { requirement, parts } of marginOf({ held }, true).levels) {
        const sum = [...parts.values()].reduce((total, part) => total.add(part), new Decimal(0));
        expect(sum.eq(requirement)).toBe(true);
      }
    });
  });

  test("PORTFOLIO-1: a printed portfolio reads back as itself", () => {
    fc.assert(
      fc.property(anyHeld, anyOrders, (held, orders) => {
        const printed = printPortfolio(readPortfolio(documentOf({ held, orders })));
        expect(printPortfolio(portfolioOf({ held, orders }))).toEqual(printed);
        expect(printPortfolio(readPortfolio(printed))).toEqual(printed);
      }),
      RUNS,
    );
  });
});
