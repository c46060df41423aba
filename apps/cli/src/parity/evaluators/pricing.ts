import { pricing, quantile } from "@ballast/risk-core";
import { listAt, numberAt, textAt, UnreadableInput } from "../inputs.js";
import {
  type Answer,
  type Check,
  checked,
  checkWithin,
  computed,
  type Evaluators,
  type Json,
  type JsonObject,
  type ParityContext,
} from "../parity-case.js";
import { isObject } from "../split-document.js";

/*
 * Option prices, greeks and the normal distribution against references.
 *
 * The references of most sections are exact answers to the decimals as written; we are given the nearest floats. Where an
 * answer is steep in an input (delta seconds before expiry), that difference alone is of the size of the tolerance, so
 * half a unit in the last place of forward and strike is allowed beside it.
 */

const SECONDS_A_YEAR = 31_536_000;
const LAST_PLACE = 2 ** -52;

export const PRICING: Evaluators = {
  black76: ({ inputs, expected }) => {
    const terms = { ...optionTerms(inputs), rate: numberAt(inputs, "r") };
    const { forward, strike, expiryYears } = terms;
    const greeks = accepted(pricing.optionGreeks(terms));
    const { exerciseProbability: probItm, ...others } = greeks;
    const rootYears = Math.sqrt(expiryYears);
    const answer = compared(expected, { ...others, probItm }, (key, value) => {
      switch (key) {
        case "price":
          return 1e-12 * Math.max(forward, strike);
        case "gamma":
          return Math.max(1e-9 * Math.abs(value), 1e-14 / forward);
        case "vega":
          return 1e-12 * forward * rootYears + LAST_PLACE * forward * Math.abs(greeks.vanna);
        case "theta":
          return Math.max(1e-9 * Math.abs(value), 1e-11 * forward);
        case "rho":
          return 1e-12 * Math.max(forward, strike) * expiryYears;
        default:
          return 1e-12 + LAST_PLACE * forward * greeks.gamma;
      }
    });
    const opposite = terms.type === "call" ? "put" : "call";
    const other = accepted(pricing.priceOption({ ...terms, type: opposite }));
    const [call, put] = terms.type === "call" ? [greeks.price, other] : [other, greeks.price];
    const parity = pricing.exponential(-terms.rate * expiryYears) * (forward - strike);
    return withChecks(answer, [checkWithin("call − put", parity, call - put, 1e-12 * Math.max(forward, strike))]);
  },

  bsm: ({ inputs, expected }) => {
    const terms = spotTerms(inputs);
    const { carryRho: dividendRho, ...greeks } = accepted(
      pricing.spotOptionGreeks({ ...terms, strike: numberAt(inputs, "K") }),
    );
    return compared(expected, { ...greeks, dividendRho }, (key, value) =>
      key === "price" ? 1e-11 * terms.spot : Math.max(1e-8 * Math.abs(value), 1e-10),
    );
  },

  "inverse-option": ({ inputs, expected }) => {
    const terms = optionTerms(inputs);
    const greeks = accepted(pricing.inverseOptionGreeks(terms));
    const value = {
      priceCoin: greeks.price,
      deltaBs: greeks.delta,
      deltaNet: greeks.netDelta,
      dCoin_dF: greeks.slope,
      gammaUsd: greeks.gamma,
      dCoin_dVol: greeks.vega,
      dCoin_dT: -greeks.theta,
    };
    return compared(expected, value, (key, wanted) => {
      if (key === "priceCoin") return 1e-12;
      if (key === "deltaBs" || key === "deltaNet") return 1e-12 + LAST_PLACE * terms.forward * greeks.gamma;
      return 1e-9 * Math.abs(wanted);
    });
  },

  "implied-vol": ({ inputs, expected, raw }) => {
    const sigma = accepted(pricing.impliedVolatility(pricedOption(inputs)));
    return compared(expected, { sigma }, () => numberAt(raw, "tolAbs"));
  },

  "implied-vol.invalid": ({ inputs, raw }) => {
    const found = pricing.impliedVolatility(pricedOption(inputs));
    const got = found.ok ? String(found.value) : found.rejection.code;
    const expectedWords = `no volatility: ${textAt(raw, "why")}`;
    return checked(
      [{ path: "", passed: !found.ok, expected: expectedWords, got }],
      found.ok ? { sigma: found.value } : null,
    );
  },

  lookback: ({ inputs, expected }) => {
    const terms = { ...spotTerms(inputs), extreme: numberAt(inputs, "extremeToDate") };
    const style = textAt(inputs, "style");
    if (style !== "floating" && style !== "fixed") throw new UnreadableInput("style", "floating or fixed", style);
    const price = accepted(
      style === "floating"
        ? pricing.floatingLookback(terms)
        : pricing.fixedLookback({ ...terms, strike: numberAt(inputs, "K") }),
    );
    return compared(expected, { price }, withLegRounding(Math.max(terms.spot, terms.extreme)));
  },

  "asian-geometric": ({ inputs, expected }) => {
    const terms = { ...spotTerms(inputs), strike: numberAt(inputs, "K") };
    const price = accepted(
      inputs["fixings"] === "continuous"
        ? pricing.continuousGeometricAsian(terms)
        : pricing.discreteGeometricAsian(terms, { fixingYears: fixingYears(inputs) }),
    );
    return compared(expected, { price }, withLegRounding(Math.max(terms.spot, terms.strike)));
  },

  "normal.cdf": ({ inputs }) => {
    const x = numberAt(inputs, "x");
    const value = { cdf: pricing.cumulativeNormal(x), pdf: pricing.normalDensity(x) };
    const relative = x > -5 ? 1e-13 : 1e-10;
    return compared(answersAt(inputs, ["cdf", "pdf"]), value, (_, wanted) => relative * wanted);
  },

  "normal.quantile": ({ inputs }) => {
    const x = pricing.normalQuantile(numberAt(inputs, "p"));
    return compared(answersAt(inputs, ["x"]), { x }, (_, wanted) => 1e-12 * Math.max(1, Math.abs(wanted)));
  },

  "chain-consistency": ({ inputs, expected }, context) => {
    const { repriceErrors, parityErrors } = accepted(pricing.chainConsistency(publishedChain(inputs, context)));
    const value = {
      quotes: repriceErrors.length,
      repriceMedianAbs: quantile(repriceErrors, 0.5),
      repriceP99Abs: quantile(repriceErrors, 0.99),
      pairs: parityErrors.length,
      parityMedianAbs: quantile(parityErrors, 0.5),
      parityP99Abs: quantile(parityErrors, 0.99),
      parityMaxAbs: quantile(parityErrors, 1),
    };
    return compared(expected, value, (_, wanted) => 1e-6 * wanted);
  },

  BLACK76: ({ inputs }) => {
    const [forward, strike, discount] = [
      numberAt(inputs, "forward"),
      numberAt(inputs, "strike"),
      numberAt(inputs, "discount"),
    ];
    // The kernel and not the door: the source asks for the limits, a forward or a strike of zero.
    const deviation = numberAt(inputs, "vol") * Math.sqrt(numberAt(inputs, "secToExpiry") / SECONDS_A_YEAR);
    return computed({
      call: discount * pricing.black76Call(forward, strike, deviation),
      put: discount * pricing.black76Put(forward, strike, deviation),
      undiscountedCallDelta: pricing.black76CallDelta(forward, strike, deviation),
    });
  },

  SVI: ({ inputs }) => {
    const smile = {
      a: numberAt(inputs, "a"),
      b: numberAt(inputs, "b"),
      rho: numberAt(inputs, "rho"),
      m: numberAt(inputs, "m"),
      sigma: numberAt(inputs, "sigma"),
    };
    const at = {
      forward: numberAt(inputs, "forward"),
      strike: numberAt(inputs, "strike"),
      expiryYears: numberAt(inputs, "tau"),
    };
    return computed({ vol: accepted(pricing.sviVolatility(smile, at)) });
  },
};

/** A door of risk-core said no to a case that has an answer. */
class Refused extends Error {
  override readonly name = "Refused";
  constructor(readonly code: string) {
    super("the engine has no answer to these inputs");
  }
}

function accepted<Value>(
  result: { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly rejection: { code: string } },
): Value {
  if (!result.ok) throw new Refused(result.rejection.code);
  return result.value;
}

/** Compares each number the file states with ours, within a bound that may depend on it. A null is kept apart. */
function compared(
  expected: Json,
  value: Readonly<Record<string, number>>,
  boundOf: (key: string, expected: number) => number,
): Answer {
  if (!isObject(expected)) return computed(value);
  const checks = Object.entries(expected).flatMap(([key, wanted]) =>
    typeof wanted === "number" ? [checkWithin(key, wanted, value[key] ?? NaN, boundOf(key, wanted))] : [],
  );
  return checks.length === 0 ? computed(value) : checked(checks, value);
}

/** The answers of a row that keeps them beside its inputs. */
function answersAt(row: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.map((key) => [key, row[key] ?? null]));
}

function withChecks(answer: Answer, more: readonly Check[]): Answer {
  return answer.kind === "checked" ? checked([...answer.checks, ...more], answer.value) : answer;
}

/**
 * Relative 1e-9, as the sections say; but a reference that was itself computed in float64, as a difference of legs, is no
 * better than the rounding of a leg.
 */
function withLegRounding(leg: number) {
  return (_: string, wanted: number): number => Math.max(1e-9 * Math.abs(wanted), LAST_PLACE * leg);
}

function optionType(inputs: JsonObject): pricing.OptionType {
  const type = textAt(inputs, "type");
  if (type !== "call" && type !== "put") throw new UnreadableInput("type", "call or put", type);
  return type;
}

function optionTerms(inputs: JsonObject) {
  return {
    type: optionType(inputs),
    forward: numberAt(inputs, "F"),
    strike: numberAt(inputs, "K"),
    expiryYears: numberAt(inputs, "T"),
    volatility: numberAt(inputs, "sigma"),
  };
}

function spotTerms(inputs: JsonObject) {
  return {
    type: optionType(inputs),
    spot: numberAt(inputs, "S"),
    expiryYears: numberAt(inputs, "T"),
    volatility: numberAt(inputs, "sigma"),
    rate: numberAt(inputs, "r"),
    carryYield: numberAt(inputs, "q"),
  };
}

function pricedOption(inputs: JsonObject): pricing.PricedOption {
  return {
    type: optionType(inputs),
    forward: numberAt(inputs, "F"),
    strike: numberAt(inputs, "K"),
    expiryYears: numberAt(inputs, "T"),
    price: numberAt(inputs, "price"),
  };
}

function fixingYears(inputs: JsonObject): readonly number[] {
  return listAt(inputs, "fixingDays").map((day, at) => {
    if (typeof day !== "number") throw new UnreadableInput(`fixingDays[${at}]`, "a number of days", day);
    return day / 365;
  });
}

/** The options on one coin of a published chain. */
function publishedChain(inputs: JsonObject, { data }: ParityContext): readonly pricing.ChainQuote[] {
  const name = `deribit-chain-${textAt(inputs, "snapshot")}.csv`;
  const text = data(name);
  if (text === undefined) throw new UnreadableInput(name, "a market data file (option --data)", undefined);
  const [header = "", ...lines] = text.trim().split("\n");
  const columns = header.split(",");
  const currency = textAt(inputs, "currency");
  const rows = lines.map((line) => Object.fromEntries(line.split(",").map((cell, at) => [columns[at] ?? "", cell])));
  return rows
    .filter((row) => row["currency"] === currency)
    .map((row) => ({
      type: row["type"] === "C" ? "call" : "put",
      expiry: numberAt(row, "expiry_ts"),
      strike: numberAt(row, "strike"),
      forward: numberAt(row, "forward"),
      expiryYears: numberAt(row, "t_years"),
      volatility: numberAt(row, "mark_iv"),
      price: numberAt(row, "mark_price"),
    }));
}
