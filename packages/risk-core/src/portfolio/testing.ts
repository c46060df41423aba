import { assetId, type HybridEstimates, instrumentId } from "@ballast/model";
import { amount, price, quantity, ratio } from "@ballast/money";
import fc from "fast-check";
import type { MarginModel } from "../margin/model.js";
import { ballastHybrid } from "../margin/presets/hybrid.js";
import type { Portfolio } from "./portfolio.js";
import { type PortfolioDocument, readPortfolio } from "./portfolio-document.js";

/*
 * For tests only: portfolios written as documents, and arbitraries of them. Quantities are small whole multiples, so that a
 * doubled or a split book is exactly that.
 */

export const AT = "2026-08-01T08:00:00Z";
const NEAR = "2026-08-08T08:00:00Z";
const FAR = "2026-12-25T08:00:00Z";

const SPOT = { BTC: 100_000, ETH: 4_000, SOL: 200 } as const;
type Coin = keyof typeof SPOT;
export const COINS = Object.keys(SPOT) as readonly Coin[];

/** Estimates for three coins: rates of a quiet summer, and 150 joint days from a small fixed generator. */
export const ESTIMATES: HybridEstimates = {
  day: "2026-08-01",
  underlyings: {
    BTC: { logRate: 0.12, width: 0.03, moves: jointMoves(0) },
    ETH: { logRate: 0.18, width: 0.044, moves: jointMoves(1) },
    SOL: { logRate: 0.22, width: 0.054, moves: jointMoves(2) },
  },
  correlation: {
    underlyings: ["BTC", "ETH", "SOL"],
    rows: [
      [1, 0.8, 0.7],
      [0.8, 1, 0.75],
      [0.7, 0.75, 1],
    ],
  },
  haircuts: { initial: { ETH: 0.16, USDT: 0.125 }, maintenance: { ETH: 0.1, USDT: 0.04 } },
  pegs: { initial: { ETH: 0, USDT: 0.125 }, maintenance: { ETH: 0, USDT: 0.04 } },
};

/**
 * Our own model with twelve of the joint days, and content with so few: a case takes a tenth of the time, and nothing of the
 * model is left out.
 */
export const SHORT_HISTORY: MarginModel = withShortHistory(12);

function withShortHistory(days: number): MarginModel {
  const { underlyings, ...estimates } = ESTIMATES;
  const short = Object.entries(underlyings).map(([id, { moves, ...own }]) => [
    id,
    { ...own, moves: moves.slice(0, days) },
  ]);
  const model = ballastHybrid({ ...estimates, underlyings: Object.fromEntries(short) as typeof underlyings });
  const figures = model.figures.map((figure) =>
    figure.rule.kind === "book-views" ? { ...figure, rule: { ...figure.rule, jointFrom: days } } : figure,
  );
  return { ...model, figures };
}

/** Standardised moves with a common part, from a linear congruence: the same in every run. */
function jointMoves(coin: number): readonly number[] {
  let state = 20_200_312;
  const next = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647 - 0.5;
  };
  return Array.from({ length: 150 }, () => {
    const common = (next() + next() + next()) * 2;
    const own = [next(), next(), next()].map((draw) => draw * 2)[coin] ?? 0;
    return 0.8 * common + own;
  });
}

/** Every contract that the arbitraries hold: of each coin a linear and an inverse perpetual, a future, and four options. */
const CONTRACTS: NonNullable<PortfolioDocument["contracts"]> = COINS.flatMap((coin) => {
  const spot = SPOT[coin];
  const option = (right: "call" | "put", expiresAt: string, moneyness: number, volatility: string) => ({
    id: `${coin}-${expiresAt.slice(0, 10)}-${moneyness}-${right}`,
    kind: "option" as const,
    payoff: "linear" as const,
    underlying: coin,
    right,
    strike: String(spot * moneyness),
    expiresAt,
    volatility,
  });
  return [
    { id: `${coin}-PERPETUAL`, kind: "perpetual", payoff: "linear", underlying: coin, markPrice: String(SPOT[coin]) },
    { id: `${coin}-INVERSE`, kind: "perpetual", payoff: "inverse", underlying: coin, markPrice: String(SPOT[coin]) },
    {
      id: `${coin}-FUTURE`,
      kind: "future",
      payoff: "linear",
      underlying: coin,
      markPrice: String(spot * 1.02),
      expiresAt: FAR,
    },
    option("call", NEAR, 1.05, "0.6"),
    option("put", NEAR, 0.95, "0.65"),
    option("call", FAR, 1.2, "0.55"),
    option("put", FAR, 0.8, "0.6"),
  ];
});

const MARKET = {
  quote: "USDC",
  at: AT,
  underlyings: Object.fromEntries(COINS.map((coin) => [coin, { spot: String(SPOT[coin]), depth: "50000000" }])),
  expiries: COINS.flatMap((coin) => [
    { underlying: coin, expiresAt: NEAR, forward: String(SPOT[coin] * 1.001) },
    { underlying: coin, expiresAt: FAR, forward: String(SPOT[coin] * 1.02) },
  ]),
  contracts: CONTRACTS,
} satisfies Partial<PortfolioDocument>;

/** Signed quantities of contracts by id; cash in the quote, other collateral as `[amount, price]`. */
export interface BookText {
  readonly held?: Readonly<Record<string, number>>;
  readonly cash?: string;
  readonly collateral?: Readonly<Record<string, readonly [amount: string, price: string, movesWith?: string]>>;
  readonly orders?: readonly (readonly [instrument: string, quantity: number, limitPrice: string])[];
}

/** The document of a portfolio in the market of this file. */
export function documentOf({ held = {}, cash = "0", collateral = {}, orders = [] }: BookText): PortfolioDocument {
  return {
    ...MARKET,
    balances: {
      USDC: { amount: cash, price: "1" },
      ...Object.fromEntries(
        Object.entries(collateral).map(([asset, [amount, price, movesWith]]) => [
          asset,
          { amount, price, movesWith: movesWith ?? null },
        ]),
      ),
    },
    holdings: Object.entries(held)
      .filter(([, quantity]) => quantity !== 0)
      .map(([instrument, quantity]) => ({ instrument, quantity: decimalOf(quantity) })),
    orders: orders.map(([instrument, quantity, limitPrice]) => ({
      instrument,
      quantity: decimalOf(quantity),
      limitPrice,
    })),
  };
}

/**
 * The portfolio of such a document, the same as `readPortfolio` makes of it (PORTFOLIO-1). The market is read once: reading it
 * for every book would take ten times as long as the margin.
 */
export function portfolioOf({ held = {}, cash = "0", collateral = {}, orders = [] }: BookText): Portfolio {
  const balances: NonNullable<BookText["collateral"]> = { USDC: [cash, "1"], ...collateral };
  const holdings = Object.entries(held).filter(([, size]) => size !== 0);
  return {
    ...EMPTY,
    balances: new Map(
      Object.entries(balances).map(([asset, [size, worth, movesWith]]) => [
        assetId(asset),
        {
          amount: amount(size),
          price: price(worth),
          confidence: ratio("1"),
          movesWith: movesWith === undefined ? null : assetId(movesWith),
        },
      ]),
    ),
    holdings: new Map(
      holdings.map(([id, size]) => {
        const instrument = instrumentId(id);
        return [instrument, { instrument, quantity: quantity(decimalOf(size)), unrealisedProfit: amount("0") }];
      }),
    ),
    orders: orders.map(([id, size, limitPrice]) => ({
      instrument: instrumentId(id),
      quantity: quantity(decimalOf(size)),
      limitPrice: price(limitPrice),
    })),
  };
}

const EMPTY = readPortfolio(documentOf({}));

function decimalOf(quantity: number): string {
  return quantity.toFixed(9);
}

/** Up to six positions; sizes between a hundredth and ten coins' worth, inverse ones in dollars. */
export const anyHeld: fc.Arbitrary<Readonly<Record<string, number>>> = fc
  .uniqueArray(
    fc.record({
      at: fc.nat({ max: CONTRACTS.length - 1 }),
      lots: fc.integer({ min: -1000, max: 1000 }).filter((lots) => lots !== 0),
    }),
    { selector: ({ at }) => at, minLength: 0, maxLength: 6 },
  )
  .map((positions) =>
    Object.fromEntries(
      positions.map(({ at, lots }) => {
        const { id, payoff, kind } = CONTRACTS[at] as (typeof CONTRACTS)[number];
        return [id, payoff === "inverse" && kind !== "option" ? lots * 100 : lots / 100];
      }),
    ),
  );

/** Orders near the mark on the perpetuals and options of this market. */
export const anyOrders: fc.Arbitrary<NonNullable<BookText["orders"]>> = fc.array(
  fc
    .record({
      coin: fc.constantFrom(...COINS),
      lots: fc.integer({ min: -500, max: 500 }).filter((lots) => lots !== 0),
      off: fc.integer({ min: -50, max: 50 }),
    })
    .map(({ coin, lots, off }) => [`${coin}-PERPETUAL`, lots / 100, String(SPOT[coin] * (1 + off / 1000))] as const),
  { maxLength: 4 },
);
