import { ok, type Result, reject } from "@ballast/model";
import { black76Call, black76Put, exponential, impliedVolatility } from "../pricing/index.js";
import { type FitQuality, fitSmile, type FittedSmile } from "./fit-smile.f64.js";
import { type Smile, smileVariance } from "./smile.f64.js";
import { type ExpiryQuotes, type UnusableQuote, type VolPoint, volPoints } from "./vol-points.f64.js";

/*
 * A volatility for every strike and expiry, from the quotes of one moment.
 *
 * Each expiry has its own smile. Between expiries total variance must not fall at equal moneyness, or the later option would
 * be worth less than the earlier one. Where two smiles cross, the surface takes the higher of the earlier ones and its own:
 * an option is dearer the more variance it has, so that is the dearer of two prices at each strike; the dearer of two curves
 * that are convex in the strike is convex; and so what comes out has neither calendar nor butterfly arbitrage, at every
 * strike. How much an expiry was lifted is reported: it says that quotes contradict each other.
 *
 * So that it says nothing else, the fits go from the last expiry to the first, and a smile that stands above a later one
 * at strikes where only the later one is quoted is fitted again with the later one as a guide there. What an early smile
 * says far outside its own quotes is the shape of a formula, and must not lift an expiry that is quoted there. (On the six
 * chains of docs/method/mark.md formulas lifted nine expiries of 144, by up to ten points of volatility.)
 *
 * Between two expiries, and between now and the first, prices are mixed and not variances: a mixture of two call curves is
 * convex and lies between them, so there is no arbitrage there either. The mixture is chosen so that variance at the money
 * is linear in time. After the last expiry every strike gains the variance that the money does.
 */

/** One expiry of a surface. */
export interface SurfaceExpiry {
  readonly expiry: number;
  readonly expiryYears: number;
  readonly forward: number;
  readonly smile: Smile;
  readonly uncertainty: number;
  /** When its smile was fitted, on the caller's clock. */
  readonly fittedAtMs: number;
}

/** Expiries in ascending order. */
export interface VolSurface {
  readonly expiries: readonly SurfaceExpiry[];
}

/** How the smile of an expiry came about, for the record and for the alert. */
export interface ExpiryReport {
  readonly expiry: number;
  /** `last-good`: from an earlier surface; `none`: the surface has no smile for it. */
  readonly form: Smile["form"] | "last-good" | "none";
  readonly quality: FitQuality | null;
  readonly unusable: readonly UnusableQuote[];
  /** The most that an earlier expiry lifts this one inside its quoted range, as volatility. */
  readonly lifted: number;
}

export interface SurfaceRules {
  /** How old a smile may be that stands in for one that cannot be fitted. */
  readonly lastGoodMsMax: number;
}

/** The surface says nothing there. */
export interface VolatilityUnknown {
  readonly code: "VOLATILITY_UNKNOWN";
  readonly expiryYears: number;
}

/**
 * The surface of one moment, expiry by expiry: a fitted smile, or the last good one where no quote is usable, or none.
 *
 * @param expiries in any order, each once
 * @param before the surface of an earlier moment; its smiles keep their volatility as time passes
 *
 * Cost: some 0.2 ms an expiry of forty strikes.
 *
 * @method MARK-6 MARK-7 MARK-8
 */
export function fitSurface(
  expiries: readonly ExpiryQuotes[],
  before: VolSurface | null,
  nowMs: number,
  { lastGoodMsMax }: SurfaceRules,
): { readonly surface: VolSurface; readonly reports: readonly ExpiryReport[] } {
  const descending = [...expiries].sort((left, right) => right.expiryYears - left.expiryYears);
  const found: SurfaceExpiry[] = [];
  const reports: (Omit<ExpiryReport, "lifted"> & { readonly range: readonly number[] })[] = [];
  const quotedLater = new Set<number>();
  for (const quotes of descending) {
    const { expiry, expiryYears, forward } = quotes;
    const { points, unusable } = volPoints(quotes);
    const fitted = fitBelow(found[0], quotedLater, points, quotes);
    const smile = fitted === null ? lastGood(before, quotes, nowMs, lastGoodMsMax) : fresh(fitted, nowMs);
    const form = fitted?.smile.form ?? (smile === null ? "none" : "last-good");
    const range = points.map(({ logMoneyness }) => logMoneyness);
    for (const k of range) quotedLater.add(k);
    reports.unshift({ expiry, form, quality: fitted?.quality ?? null, unusable, range });
    if (smile !== null) found.unshift({ expiry, expiryYears, forward, ...smile });
  }
  return {
    surface: { expiries: found },
    reports: reports.map(({ range, ...report }) => ({ ...report, lifted: liftOf(found, report.expiry, range) })),
  };
}

/**
 * The volatility of a strike, given as log-moneyness, at an expiry: 1.00 is 100 % a year.
 *
 * Rejects with VOLATILITY_UNKNOWN when the surface is empty or there is no time left.
 *
 * @method MARK-7
 */
export function surfaceVolatility(
  surface: VolSurface,
  logMoneyness: number,
  expiryYears: number,
): Result<number, VolatilityUnknown> {
  const variance = surfaceVariance(surface, logMoneyness, expiryYears);
  return variance > 0 ? ok(Math.sqrt(variance / expiryYears)) : reject({ code: "VOLATILITY_UNKNOWN", expiryYears });
}

/** Total variance; NaN where the surface is empty or there is no time left. */
export function surfaceVariance({ expiries }: VolSurface, logMoneyness: number, expiryYears: number): number {
  if (!(expiryYears > 0)) return Number.NaN;
  let [variance, money, years] = [0, 0, 0];
  for (const { smile, expiryYears: later } of expiries) {
    const laterVariance = Math.max(variance, smileVariance(smile, logMoneyness));
    const laterMoney = Math.max(money, smileVariance(smile, 0));
    if (expiryYears === later) return laterVariance;
    if (expiryYears < later) {
      const share = (expiryYears - years) / (later - years);
      return mixedVariance(logMoneyness, [variance, laterVariance], [money, laterMoney], share);
    }
    [variance, money, years] = [laterVariance, laterMoney, later];
  }
  return years === 0 ? Number.NaN : variance + money * (expiryYears / years - 1);
}

type Pair = readonly [before: number, after: number];

/**
 * The variance of a mixture of two options of one strike, with the proportion at which the variance at the money is a share
 * of the way from one to the other. Where the option is worth nothing that a float can hold, a share of the way itself.
 */
function mixedVariance(
  logMoneyness: number,
  [before, after]: Pair,
  [moneyBefore, moneyAfter]: Pair,
  share: number,
): number {
  const straight = before + share * (after - before);
  const [low, high] = [moneyPrice(moneyBefore), moneyPrice(moneyAfter)];
  const middle = moneyPrice(moneyBefore + share * (moneyAfter - moneyBefore));
  const proportion = high > low ? (middle - low) / (high - low) : share;
  const strike = exponential(logMoneyness);
  // The option out of the money carries the variance; put and call mix in the same proportion.
  const isCall = logMoneyness >= 0;
  const worth = isCall ? black76Call : black76Put;
  const [first, second] = [worth(1, strike, Math.sqrt(before)), worth(1, strike, Math.sqrt(after))];
  const price = first + proportion * (second - first);
  const type = isCall ? "call" : "put";
  const deviation = impliedVolatility({ type, forward: 1, strike, expiryYears: 1, price });
  return deviation.ok ? deviation.value * deviation.value : straight;
}

/** An option at the money, as a share of the forward. */
function moneyPrice(totalVariance: number): number {
  return black76Call(1, 1, Math.sqrt(totalVariance));
}

/** The fit of an expiry, made again with guides where it stands above the next one at strikes that only later ones quote. */
function fitBelow(
  next: SurfaceExpiry | undefined,
  quotedLater: ReadonlySet<number>,
  points: readonly VolPoint[],
  { expiryYears, forward }: ExpiryQuotes,
): FittedSmile | null {
  const free = fitSmile(points, expiryYears);
  if (free?.smile.form !== "svi" || next === undefined) return free;
  const [low, high] = [(points[0] as VolPoint).logMoneyness, (points.at(-1) as VolPoint).logMoneyness];
  const above = [...quotedLater]
    .filter((k) => (k < low || k > high) && smileVariance(free.smile, k) > smileVariance(next.smile, k))
    .sort((left, right) => left - right);
  if (above.length === 0) return free;
  const every = Math.ceil(above.length / GUIDES_MAX);
  const places = above.filter((_, at) => at % every === 0 || at === above.length - 1);
  const guides = places.map((logMoneyness): VolPoint => {
    const volatility = GUIDE_SHARE * Math.sqrt(smileVariance(next.smile, logMoneyness) / expiryYears);
    return { strike: forward * exponential(logMoneyness), logMoneyness, volatility, halfSpread: 0 };
  });
  return fitSmile(points, expiryYears, guides);
}

const GUIDES_MAX = 8;
/** A guide stands a little below what it guides under. */
const GUIDE_SHARE = 0.97;

function fresh({ smile, uncertainty }: FittedSmile, nowMs: number) {
  return { smile, uncertainty, fittedAtMs: nowMs };
}

/** The smile that this expiry had, with the volatility it had: total variance shrinks as the time to expiry does. */
function lastGood(before: VolSurface | null, { expiry, expiryYears }: ExpiryQuotes, nowMs: number, ageMsMax: number) {
  const had = before?.expiries.find((other) => other.expiry === expiry);
  if (had === undefined || nowMs - had.fittedAtMs > ageMsMax) return null;
  const { smile, uncertainty, fittedAtMs } = had;
  return { smile: scaled(smile, expiryYears / had.expiryYears), uncertainty, fittedAtMs };
}

function scaled(smile: Smile, factor: number): Smile {
  switch (smile.form) {
    case "svi": {
      const { a, b, rho, m, sigma } = smile.svi;
      return { form: "svi", svi: { a: a * factor, b: b * factor, rho, m, sigma } };
    }
    case "quadratic": {
      const { level, slope, curvature } = smile;
      return { ...smile, level: level * factor, slope: slope * factor, curvature: curvature * factor };
    }
    case "flat":
      return { form: "flat", totalVariance: smile.totalVariance * factor };
  }
}

/** The most that earlier smiles stand above that of an expiry at its quoted strikes, as volatility. */
function liftOf(found: readonly SurfaceExpiry[], expiry: number, range: readonly number[]): number {
  const at = found.findIndex((other) => other.expiry === expiry);
  const own = found[at];
  if (own === undefined) return 0;
  const root = (variance: number): number => Math.sqrt(variance / own.expiryYears);
  const lifts = range.map((k) => {
    const earlier = Math.max(0, ...found.slice(0, at).map(({ smile }) => smileVariance(smile, k)));
    return root(earlier) - root(smileVariance(own.smile, k));
  });
  return Math.max(0, ...lifts);
}
