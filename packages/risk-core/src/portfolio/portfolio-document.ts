import {
  assetId,
  type AssetId,
  compareIds,
  ID_GRAMMAR,
  instrumentId,
  toUtcMillis,
  type UtcMillis,
} from "@ballast/model";
import {
  amount,
  Decimal,
  DECIMAL_BYTES_MAX,
  DECIMAL_GRAMMAR,
  price,
  printDecimal,
  quantity,
  rate,
  ratio,
  usd,
} from "@ballast/money";
import { z } from "zod";
import type { CollateralBalance, Holding, MarginContract, OptionStyle, Portfolio } from "./portfolio.js";

/*
 * A portfolio as a JSON document: what the command line reads, what a receipt carries, and what its JSON Schema
 * describes. Every amount is text in the decimal grammar; what a person would leave out may be left out. Reading checks
 * the form first, then the sense (nothing expired, nothing unknown, no price at zero), and says where and what.
 */

const decimalText = z
  .string()
  .max(DECIMAL_BYTES_MAX, { abort: true })
  .regex(DECIMAL_GRAMMAR, "expected a decimal string: at most 20 digits, then at most 18 after the point, no exponent")
  .meta({ id: "Decimal", description: "Decimal text, at most 20 digits before and 18 after the point." });
const idText = z.string().regex(ID_GRAMMAR, "expected 1 to 64 letters, digits, '.', '_' or '-'").meta({ id: "Id" });
const timeText = z.iso
  .datetime({ message: "expected a time in UTC, such as 2026-03-27T08:00:00Z" })
  .meta({ id: "Time", description: "RFC 3339 time in UTC." });
const share = decimalText.default("1");

const deltaOne = z.strictObject({
  id: idText,
  kind: z.enum(["spot", "perpetual", "future"]),
  payoff: z.enum(["linear", "inverse"]),
  underlying: idText,
  markPrice: decimalText,
  expiresAt: timeText.nullable().default(null),
  confidence: share,
  negativePrices: z.boolean().default(false),
});

const style = z.discriminatedUnion("name", [
  z.strictObject({ name: z.literal("european") }),
  z.strictObject({ name: z.literal("floating-lookback") }),
  z.strictObject({
    name: z.literal("geometric-average"),
    fixesAt: z.array(timeText).describe("Fixings still to come, ascending, none after expiry."),
    fixed: z
      .strictObject({ count: z.int().min(1), mean: decimalText })
      .nullable()
      .default(null),
  }),
]);

const option = z.strictObject({
  id: idText,
  kind: z.literal("option"),
  payoff: z.enum(["linear", "inverse"]),
  underlying: idText,
  right: z.enum(["call", "put"]),
  style: style.default({ name: "european" }),
  strike: decimalText.describe("Of a lookback: the lowest price so far for a call, the highest for a put."),
  expiresAt: timeText,
  volatility: decimalText.describe("Implied volatility for one year; 0.8 is 80 %."),
  confidence: share,
});

export const PORTFOLIO_DOCUMENT = z
  .strictObject({
    quote: idText.describe("The money that every price is in."),
    quotePrice: share.describe("Dollars for one unit of the quote."),
    numeraire: idText.optional().describe("What the figures are counted in; the quote unless said."),
    at: timeText,
    underlyings: z.record(
      idText,
      z.strictObject({ spot: decimalText, confidence: share, depth: decimalText.nullable().default(null) }),
    ),
    expiries: z
      .array(
        z.strictObject({
          underlying: idText,
          expiresAt: timeText,
          forward: decimalText,
          fixedForward: decimalText.default("0"),
          rate: decimalText.default("0"),
          confidence: share,
        }),
      )
      .default([]),
    contracts: z.array(z.discriminatedUnion("kind", [deltaOne, option])).default([]),
    balances: z
      .record(
        idText,
        z.strictObject({
          amount: decimalText,
          price: decimalText,
          confidence: share,
          movesWith: idText.nullable().default(null),
        }),
      )
      .default({}),
    holdings: z
      .array(
        z.strictObject({
          instrument: idText,
          quantity: decimalText,
          unrealisedProfit: decimalText.default("0").describe("In the quote, at the mark, not yet paid."),
        }),
      )
      .default([]),
    orders: z.array(z.strictObject({ instrument: idText, quantity: decimalText, limitPrice: decimalText })).default([]),
  })
  .meta({ id: "Portfolio", title: "Portfolio", description: "One pool of collateral, its positions and its market." });

/** How a document is written: what has a default may be missing. */
export type PortfolioDocument = z.input<typeof PORTFOLIO_DOCUMENT>;

/** Why a portfolio is not one. `path` is where in the document, as `contracts[3].strike`. */
export class PortfolioRefused extends Error {
  override readonly name = "PortfolioRefused";
  constructor(
    readonly code: PortfolioRefusal,
    readonly path: string,
    readonly expected: string,
  ) {
    super(`${path === "" ? "the document" : path}: expected ${expected}`);
  }
}

export type PortfolioRefusal =
  | "PORTFOLIO_MALFORMED"
  | "PORTFOLIO_TOO_LARGE"
  | "INSTRUMENT_UNKNOWN"
  | "INSTRUMENT_REPEATED"
  | "INSTRUMENT_EXPIRED"
  | "QUOTE_MISSING"
  | "PRICE_NOT_POSITIVE"
  | "VOLATILITY_NOT_POSITIVE"
  | "SHARE_OUT_OF_RANGE"
  | "FIXINGS_REFUSED";

/** Contracts and orders a portfolio may have; beyond it a scan would hold a server too long. */
export const PORTFOLIO_SIZE_MAX = 20_000;

/**
 * Reads a portfolio document.
 *
 * @throws PortfolioRefused with the code, the place and what was expected there; the first fault found.
 * @method PORTFOLIO-1
 */
export function readPortfolio(json: unknown): Portfolio {
  const parsed = PORTFOLIO_DOCUMENT.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new PortfolioRefused("PORTFOLIO_MALFORMED", pathOf(issue?.path ?? []), withoutExpected(issue?.message ?? ""));
  }
  const document = parsed.data;
  if (document.contracts.length + document.orders.length > PORTFOLIO_SIZE_MAX) {
    throw new PortfolioRefused(
      "PORTFOLIO_TOO_LARGE",
      "contracts",
      `at most ${PORTFOLIO_SIZE_MAX} contracts and orders`,
    );
  }
  const at = timeOf(document.at);
  const portfolio: Portfolio = {
    quote: assetId(document.quote),
    quotePrice: price(document.quotePrice),
    numeraire: assetId(document.numeraire ?? document.quote),
    at,
    underlyings: new Map(
      Object.entries(document.underlyings).map(([id, quoted]) => [
        assetId(id),
        {
          spot: price(quoted.spot),
          confidence: ratio(quoted.confidence),
          depth: quoted.depth === null ? null : usd(quoted.depth),
        },
      ]),
    ),
    expiries: document.expiries.map((quoted) => ({
      underlying: assetId(quoted.underlying),
      expiresAt: timeOf(quoted.expiresAt),
      forward: price(quoted.forward),
      fixedForward: price(quoted.fixedForward),
      rate: rate(quoted.rate),
      confidence: ratio(quoted.confidence),
    })),
    contracts: keyed(document.contracts.map(readContract), "contracts", ({ id }) => id),
    balances: new Map(
      Object.entries(document.balances).map(([id, balance]): [AssetId, CollateralBalance] => [
        assetId(id),
        {
          amount: amount(balance.amount),
          price: price(balance.price),
          confidence: ratio(balance.confidence),
          movesWith: balance.movesWith === null ? null : assetId(balance.movesWith),
        },
      ]),
    ),
    holdings: keyed(
      document.holdings.map(
        (holding): Holding => ({
          instrument: instrumentId(holding.instrument),
          quantity: quantity(holding.quantity),
          unrealisedProfit: amount(holding.unrealisedProfit),
        }),
      ),
      "holdings",
      ({ instrument }) => instrument,
    ),
    orders: document.orders.map((order) => ({
      instrument: instrumentId(order.instrument),
      quantity: quantity(order.quantity),
      limitPrice: price(order.limitPrice),
    })),
  };
  checkSense(portfolio);
  return portfolio;
}

/** The canonical document of a portfolio: every field, maps and lists in ascending order. `readPortfolio` reads it back. */
export function printPortfolio(portfolio: Portfolio): PortfolioDocument {
  const ascending = <Item>(items: Iterable<Item>, key: (item: Item) => string): Item[] =>
    [...items].sort((left, right) => compareIds(key(left), key(right)));
  const entries = <Key extends string, Item>(map: ReadonlyMap<Key, Item>) => ascending(map, ([id]) => id);
  return {
    quote: portfolio.quote,
    quotePrice: printDecimal(portfolio.quotePrice),
    numeraire: portfolio.numeraire,
    at: printTime(portfolio.at),
    underlyings: Object.fromEntries(
      entries(portfolio.underlyings).map(([id, { spot, confidence, depth }]) => [
        id,
        {
          spot: printDecimal(spot),
          confidence: printDecimal(confidence),
          depth: depth === null ? null : printDecimal(depth),
        },
      ]),
    ),
    expiries: ascending(portfolio.expiries, ({ underlying, expiresAt }) => `${underlying} ${printTime(expiresAt)}`).map(
      (quoted) => ({
        underlying: quoted.underlying,
        expiresAt: printTime(quoted.expiresAt),
        forward: printDecimal(quoted.forward),
        fixedForward: printDecimal(quoted.fixedForward),
        rate: printDecimal(quoted.rate),
        confidence: printDecimal(quoted.confidence),
      }),
    ),
    contracts: entries(portfolio.contracts).map(([, contract]) => printContract(contract)),
    balances: Object.fromEntries(
      entries(portfolio.balances).map(([id, balance]) => [
        id,
        {
          amount: printDecimal(balance.amount),
          price: printDecimal(balance.price),
          confidence: printDecimal(balance.confidence),
          movesWith: balance.movesWith,
        },
      ]),
    ),
    holdings: entries(portfolio.holdings).map(([, holding]) => ({
      instrument: holding.instrument,
      quantity: printDecimal(holding.quantity),
      unrealisedProfit: printDecimal(holding.unrealisedProfit),
    })),
    orders: ascending(
      portfolio.orders.map((order) => ({
        instrument: order.instrument,
        quantity: printDecimal(order.quantity),
        limitPrice: printDecimal(order.limitPrice),
      })),
      ({ instrument, quantity, limitPrice }) => `${instrument} ${quantity} ${limitPrice}`,
    ),
  };
}

type ContractDocument = z.output<typeof PORTFOLIO_DOCUMENT>["contracts"][number];

function readContract(document: ContractDocument): MarginContract {
  const terms = {
    id: instrumentId(document.id),
    underlying: assetId(document.underlying),
    payoff: document.payoff,
    confidence: ratio(document.confidence),
  };
  return document.kind === "option"
    ? {
        ...terms,
        kind: "option",
        right: document.right,
        style: readStyle(document.style),
        strike: price(document.strike),
        expiresAt: timeOf(document.expiresAt),
        volatility: ratio(document.volatility),
      }
    : {
        ...terms,
        kind: document.kind,
        markPrice: price(document.markPrice),
        expiresAt: document.expiresAt === null ? null : timeOf(document.expiresAt),
        negativePrices: document.negativePrices,
      };
}

type StyleDocument = z.output<typeof style>;

function readStyle(document: StyleDocument): OptionStyle {
  if (document.name !== "geometric-average") return document;
  const { name, fixesAt, fixed } = document;
  return {
    name,
    fixesAt: fixesAt.map(timeOf),
    fixed: fixed === null ? null : { count: fixed.count, mean: price(fixed.mean) },
  };
}

function printStyle(style: OptionStyle): StyleDocument {
  if (style.name !== "geometric-average") return style;
  const { name, fixesAt, fixed } = style;
  return {
    name,
    fixesAt: fixesAt.map(printTime),
    fixed: fixed === null ? null : { count: fixed.count, mean: printDecimal(fixed.mean) },
  };
}

function printContract(contract: MarginContract): ContractDocument {
  const { id, underlying, payoff } = contract;
  const terms = { id, underlying, payoff, confidence: printDecimal(contract.confidence) };
  return contract.kind === "option"
    ? {
        ...terms,
        kind: "option",
        right: contract.right,
        style: printStyle(contract.style),
        strike: printDecimal(contract.strike),
        expiresAt: printTime(contract.expiresAt),
        volatility: printDecimal(contract.volatility),
      }
    : {
        ...terms,
        kind: contract.kind,
        markPrice: printDecimal(contract.markPrice),
        expiresAt: contract.expiresAt === null ? null : printTime(contract.expiresAt),
        negativePrices: contract.negativePrices,
      };
}

/** What no form can say: that everything held is listed, alive, quoted, and has a price and a volatility. */
function checkSense(portfolio: Portfolio): void {
  const { contracts, underlyings, expiries, at } = portfolio;
  const positive = (value: Decimal, path: string) => {
    if (value.lte(0)) throw new PortfolioRefused("PRICE_NOT_POSITIVE", path, "a price above zero");
  };
  const inShare = (value: Decimal, path: string) => {
    if (value.lt(0) || value.gt(1)) throw new PortfolioRefused("SHARE_OUT_OF_RANGE", path, "a share from 0 to 1");
  };
  const quoted = (id: AssetId, path: string) => {
    if (!underlyings.has(id)) throw new PortfolioRefused("QUOTE_MISSING", path, `${id} among the underlyings`);
  };
  positive(portfolio.quotePrice, "quotePrice");
  if (portfolio.numeraire !== portfolio.quote) quoted(portfolio.numeraire, "numeraire");
  for (const [id, { spot, confidence, depth }] of underlyings) {
    positive(spot, `underlyings.${id}.spot`);
    inShare(confidence, `underlyings.${id}.confidence`);
    if (depth !== null) positive(depth, `underlyings.${id}.depth`);
  }
  for (const [index, { forward, fixedForward, confidence, underlying }] of expiries.entries()) {
    const path = `expiries[${index}]`;
    quoted(underlying, `${path}.underlying`);
    positive(forward, `${path}.forward`);
    inShare(confidence, `${path}.confidence`);
    if (fixedForward.lt(0) || fixedForward.gt(forward)) {
      throw new PortfolioRefused("PRICE_NOT_POSITIVE", `${path}.fixedForward`, "a part of the forward");
    }
  }
  for (const [index, contract] of [...contracts.values()].entries()) {
    const path = `contracts[${index}]`;
    quoted(contract.underlying, `${path}.underlying`);
    inShare(contract.confidence, `${path}.confidence`);
    if (contract.expiresAt !== null && contract.expiresAt <= at) {
      throw new PortfolioRefused(
        "INSTRUMENT_EXPIRED",
        `${path}.expiresAt`,
        "an expiry after the time of the portfolio",
      );
    }
    if (contract.kind !== "option") {
      if (!contract.negativePrices || contract.payoff === "inverse") positive(contract.markPrice, `${path}.markPrice`);
      continue;
    }
    positive(contract.strike, `${path}.strike`);
    if (contract.style.name === "geometric-average") checkFixings(contract.style, contract.expiresAt, at, path);
    if (contract.volatility.lte(0)) {
      throw new PortfolioRefused("VOLATILITY_NOT_POSITIVE", `${path}.volatility`, "a volatility above zero");
    }
    const { underlying, expiresAt } = contract;
    if (!expiries.some((expiry) => expiry.underlying === underlying && expiry.expiresAt === expiresAt)) {
      throw new PortfolioRefused("QUOTE_MISSING", `${path}.expiresAt`, "an entry in expiries for this expiry");
    }
  }
  for (const [id, balance] of portfolio.balances) {
    positive(balance.price, `balances.${id}.price`);
    inShare(balance.confidence, `balances.${id}.confidence`);
    if (balance.movesWith !== null) quoted(balance.movesWith, `balances.${id}.movesWith`);
  }
  const listed = [
    ...[...portfolio.holdings.keys()].map((id, index) => [id, `holdings[${index}].instrument`] as const),
    ...portfolio.orders.map(({ instrument }, index) => [instrument, `orders[${index}].instrument`] as const),
  ];
  for (const [id, path] of listed) {
    if (!contracts.has(id)) throw new PortfolioRefused("INSTRUMENT_UNKNOWN", path, `${id} among the contracts`);
  }
  for (const [index, { limitPrice }] of portfolio.orders.entries()) positive(limitPrice, `orders[${index}].limitPrice`);
}

/** Fixings to come stand in order between now and expiry, and there is something to average. */
function checkFixings(
  { fixesAt, fixed }: Extract<OptionStyle, { readonly name: "geometric-average" }>,
  expiresAt: UtcMillis,
  at: UtcMillis,
  path: string,
): void {
  const inOrder = fixesAt.every((fixing, place) => fixing >= (fixesAt[place - 1] ?? at) && fixing <= expiresAt);
  if (!inOrder || (fixesAt.length === 0 && fixed === null)) {
    throw new PortfolioRefused("FIXINGS_REFUSED", `${path}.style`, "fixings in order, between now and expiry");
  }
  if (fixed?.mean.lte(0)) {
    throw new PortfolioRefused("PRICE_NOT_POSITIVE", `${path}.style.fixed.mean`, "a price above zero");
  }
}

function keyed<Key extends string, Item>(
  items: readonly Item[],
  path: string,
  keyOf: (item: Item) => Key,
): ReadonlyMap<Key, Item> {
  const map = new Map<Key, Item>();
  for (const [index, item] of items.entries()) {
    const key = keyOf(item);
    if (map.has(key)) throw new PortfolioRefused("INSTRUMENT_REPEATED", `${path}[${index}]`, `${key} once`);
    map.set(key, item);
  }
  return map;
}

const timeOf = (text: string): UtcMillis => toUtcMillis(Date.parse(text));
const printTime = (at: UtcMillis): string => new Date(at).toISOString();

/** `["contracts", 3, "strike"]` as `contracts[3].strike`. */
export function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("")
    .replace(/^\./, "");
}

/** Messages of the schema say "expected …" or "Invalid input: expected …"; ours begin after it. */
export function withoutExpected(message: string): string {
  return message.replace(/^(Invalid input: )?expected /, "");
}
