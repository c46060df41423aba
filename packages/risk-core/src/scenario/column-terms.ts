import type { AssetId, UtcMillis } from "@ballast/model";
import { type Price, toFloat64 } from "@ballast/money";
import type {
  ExpiryQuote,
  MarginContract,
  OptionContract,
  OptionStyle,
  Portfolio,
  UnderlyingQuote,
} from "../portfolio/portfolio.js";
import type { ContractTerms, PathStyle } from "./payoff.f64.js";

/*
 * From decimals to the float64 terms of a column: the border post *in* of the scan.
 */

const YEAR_MS = 365 * 86_400_000;
const DAY_MS = 86_400_000;

/** A quote that the columns need and the portfolio does not have. */
export class MissingQuote extends Error {
  override readonly name = "MissingQuote";
  readonly code = "QUOTE_MISSING";
  constructor(readonly of: string) {
    super(`expected a quote of ${of} in the portfolio; found none`);
  }
}

/** The quote of an underlying. @throws MissingQuote */
export function quoteOf(portfolio: Portfolio, underlying: AssetId): UnderlyingQuote {
  const quoted = portfolio.underlyings.get(underlying);
  if (quoted === undefined) throw new MissingQuote(underlying);
  return quoted;
}

/** Spot of an underlying in the quote. @throws MissingQuote */
export function spotOf(portfolio: Portfolio, underlying: AssetId): number {
  return toFloat64(quoteOf(portfolio, underlying).spot);
}

/** The quote of an option's expiry. @throws MissingQuote */
export function expiryOf(portfolio: Portfolio, { underlying, expiresAt }: OptionContract): ExpiryQuote {
  const found = portfolio.expiries.find((quoted) => quoted.underlying === underlying && quoted.expiresAt === expiresAt);
  if (found === undefined) throw new MissingQuote(`${underlying} expiring at ${expiresAt}`);
  return found;
}

/** The terms of a contract. @throws MissingQuote when an option's expiry has no quote. */
export function termsOf(contract: MarginContract, portfolio: Portfolio, discountOptions: boolean): ContractTerms {
  if (contract.kind !== "option") {
    return {
      ...spotTerms(contract.markPrice),
      kind: contract.kind,
      inverse: contract.payoff === "inverse",
      negativePrices: contract.negativePrices,
      ...(contract.expiresAt === null ? {} : timeTo(contract.expiresAt, portfolio.at)),
    };
  }
  const expiry = expiryOf(portfolio, contract);
  const time = timeTo(contract.expiresAt, portfolio.at);
  return {
    kind: "option",
    pathStyle: pathStyleOf(contract.style, portfolio.at),
    inverse: contract.payoff === "inverse",
    mark: toFloat64(expiry.forward),
    negativePrices: false,
    right: contract.right === "call" ? 1 : -1,
    strike: toFloat64(contract.strike),
    volatility: toFloat64(contract.volatility),
    ...time,
    forward: toFloat64(expiry.forward),
    fixedForward: toFloat64(expiry.fixedForward),
    discount: discountOptions ? Math.exp(-Math.max(0, toFloat64(expiry.rate)) * time.yearsToExpiry) : 1,
  };
}

/** The terms of an asset that is simply held. */
export function spotTerms(price: Price): ContractTerms {
  const mark = toFloat64(price);
  return {
    kind: "spot",
    pathStyle: null,
    inverse: false,
    mark,
    negativePrices: false,
    right: 0,
    strike: 0,
    volatility: 0,
    yearsToExpiry: 0,
    daysToExpiry: 0,
    forward: mark,
    fixedForward: 0,
    discount: 1,
  };
}

/** What an option's pay-off remembers of the path; null for a European one. */
function pathStyleOf(style: OptionStyle, at: UtcMillis): PathStyle | null {
  if (style.name === "european") return null;
  if (style.name === "floating-lookback") return { name: style.name };
  const { name, fixesAt, fixed } = style;
  return {
    name,
    fixingYears: fixesAt.map((fixing) => (fixing - at) / YEAR_MS),
    ...(fixed === null ? {} : { fixed: { count: fixed.count, geometricMean: toFloat64(fixed.mean) } }),
  };
}

/** Years of 365 days and days; an expiry that has passed has no time left. */
function timeTo(expiresAt: number, at: number): { readonly yearsToExpiry: number; readonly daysToExpiry: number } {
  const left = Math.max(0, expiresAt - at);
  return { yearsToExpiry: left / YEAR_MS, daysToExpiry: left / DAY_MS };
}
