import { Decimal, type Price, type Quantity, ratio, type Usd } from "@ballast/money";
import { black76Call, black76Put } from "../../pricing/black76.f64.js";
import type { HedgeOffer, PlannerAccount, PlannerPosition } from "./account.js";
import { type HedgeInstrument, hedgesFor } from "./hedges.js";
import { plannerRequirement } from "./requirement.js";

/*
 * For tests and the benchmark only: accounts of naked shorts, strangles, verticals, calendars, covered calls and futures
 * spreads over one to five underlyings, options valued by Black-76 over 33 cells. A seed decides each of them.
 */

interface Asset {
  readonly spot: number;
  readonly range: number;
  readonly volatility: number;
  /** Dollars that move the price by one per cent. */
  readonly depth: number;
}

const ASSETS: Readonly<Record<string, Asset>> = {
  AVAX: { spot: 32, range: 0.24, volatility: 0.95, depth: 4e5 },
  BTC: { spot: 70_000, range: 0.16, volatility: 0.55, depth: 2e7 },
  ETH: { spot: 2_100, range: 0.18, volatility: 0.7, depth: 1e7 },
  SOL: { spot: 180, range: 0.22, volatility: 0.85, depth: 2e6 },
  XRP: { spot: 2.1, range: 0.24, volatility: 0.9, depth: 2e6 },
};
const EXPIRY_DAYS = [1, 3, 8, 22, 50, 78, 141, 232];
const MOVES = Array.from({ length: 11 }, (_, at) => (at - 5) / 5);

/** What a sample is made from; the rest follows from the seed. */
export interface SampleOptions {
  readonly legs: number;
  readonly seed: number;
  readonly guard?: string;
  readonly segments?: number;
  readonly target?: string;
  readonly costShareMax?: string;
  /** Equity as a share of maintenance margin; by default drawn evenly from 0.60 to 0.99. */
  readonly equityShare?: number;
  /** Lots as a share of the mean leg; by default none. */
  readonly lotShare?: number;
  readonly withHedges?: boolean;
}

/** A generator of numbers from 0 to 1, decided by `seed`. */
export function numbersOf(seed: number): () => number {
  let state = (Math.imul(seed, 2654435761) ^ 0x9e3779b9) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** An account below maintenance margin, the same for the same options. */
export function sampleAccount(options: SampleOptions): PlannerAccount {
  const { legs, seed, guard = "0", segments = 8, target = "1.1", costShareMax = "1" } = options;
  const next = numbersOf(seed * 7919 + legs);
  const names = Object.keys(ASSETS).slice(0, legs < 8 ? 1 : legs < 20 ? 2 : legs < 100 ? 3 : 5);
  const drawn: Leg[] = [];
  while (drawn.length < legs) drawn.push(...strategy(pick(names, next), next, legs));
  const positions = drawn.slice(0, legs).map((leg, at) => positionOf(leg, at, options.lotShare));
  const used = [...new Set(positions.map(({ underlying }) => underlying))];
  const withoutCash: PlannerAccount = {
    cash: decimal(0) as Usd,
    spots: new Map(used.map((name) => [name, decimal(assetOf(name).spot) as unknown as Price])),
    positions,
    hedges: [],
    rules: {
      target: ratio(target),
      offset: ratio("0.7"),
      shortOptionRate: ratio("0.003"),
      basisFloor: ratio("0.002"),
      basisYearly: ratio("0.02"),
      costShareMax: ratio(costShareMax),
      guard: ratio(guard),
      segments,
    },
  };
  const { equity, maintenance } = plannerRequirement(withoutCash);
  const share = options.equityShare ?? 0.6 + 0.39 * next();
  const cash = maintenance.mul(decimal(share)).sub(equity).toDecimalPlaces(8) as Usd;
  const account = { ...withoutCash, cash };
  return options.withHedges === true ? { ...account, hedges: hedgesFor(account, used.map(hedgeInstrument)) } : account;
}

interface Leg {
  readonly name: string;
  readonly kind: PlannerPosition["kind"];
  readonly years: number;
  readonly units: number;
  readonly mark: number;
  readonly delta: number;
  readonly half: number;
  readonly impact: number;
  readonly profits: Float64Array;
}

const pick = <Each>(list: readonly Each[], next: () => number): Each => list[Math.floor(next() * list.length)] as Each;
const assetOf = (name: string): Asset => ASSETS[name] as Asset;

function strategy(name: string, next: () => number, legs: number): readonly Leg[] {
  const { spot } = assetOf(name);
  const units = ((200_000 / spot) * (0.2 + next())) / Math.sqrt(legs / 10);
  const years = () => pick(EXPIRY_DAYS, next) / 365;
  const strike = (from: number, to: number) => spot * (from + (to - from) * next());
  const expiry = years();
  switch (Math.floor(next() * 6)) {
    case 0:
      return [option(name, next() < 0.5, strike(0.85, 1.25), expiry, -units)];
    case 1:
      return [
        option(name, true, strike(1.05, 1.3), expiry, -units),
        option(name, false, strike(0.75, 0.95), expiry, -units),
      ];
    case 2:
      return [option(name, true, strike(1, 1.1), expiry, -units), option(name, true, strike(1.12, 1.4), expiry, units)];
    case 3:
      return [
        option(name, false, strike(0.85, 1), expiry, -units),
        option(name, false, strike(0.85, 1), years(), units),
      ];
    case 4:
      return [linear(name, 0, units), option(name, true, strike(1, 1.15), expiry, -units)];
    default:
      return [linear(name, years(), units), linear(name, 0, -units * (0.7 + 0.6 * next()))];
  }
}

function linear(name: string, years: number, units: number): Leg {
  const { spot, range, depth } = assetOf(name);
  return {
    name,
    kind: "LINEAR",
    years,
    units,
    mark: 0,
    delta: 1,
    half: spot * 0.00055,
    impact: (0.5 * spot * spot * 0.01) / depth,
    profits: Float64Array.from(MOVES.flatMap((move) => Array.from({ length: 3 }, () => spot * move * range))),
  };
}

function option(name: string, isCall: boolean, strike: number, years: number, units: number): Leg {
  const { spot, range, volatility } = assetOf(name);
  const smile = volatility * (1 + 0.25 * Math.abs(Math.log(strike / spot)));
  const price = isCall ? black76Call : black76Put;
  const value = (at: number, sigma: number) => price(at, strike, sigma * Math.sqrt(years));
  const mark = value(spot, smile);
  const days = years * 365;
  const term = (30 / Math.max(days, 1)) ** (days < 30 ? 0.3 : 0.13);
  const shocked = [Math.max(0.5, smile * (1 + 0.5 * term)), smile, smile * Math.max(0.05, 1 - 0.25 * term)];
  const bump = spot * 1e-4;
  const half = 0.02 * mark + 0.0005 * spot;
  return {
    name,
    kind: "OPTION",
    years,
    units,
    mark,
    delta: (value(spot + bump, smile) - value(spot - bump, smile)) / (2 * bump),
    half,
    impact: half / 40,
    profits: Float64Array.from(
      MOVES.flatMap((move) => shocked.map((sigma) => value(spot * (1 + move * range), sigma) - mark)),
    ),
  };
}

const decimal = (figure: number) => new Decimal(figure.toFixed(9));

function positionOf(leg: Leg, at: number, lotShare: number | undefined): PlannerPosition {
  const { name, kind, years, units, mark, delta, half, impact, profits } = leg;
  const lotSize = lotShare === undefined ? null : decimal(Math.abs(units) * lotShare);
  const quantity = lotSize === null ? decimal(units) : decimal(units).div(lotSize).round().mul(lotSize);
  return {
    id: `${String(at).padStart(3, "0")}-${name}`,
    underlying: name,
    kind,
    years: decimal(years) as unknown as PlannerPosition["years"],
    quantity: quantity as unknown as Quantity,
    mark: decimal(mark) as unknown as Price,
    delta,
    halfSpread: decimal(half) as unknown as Usd,
    impact: decimal(impact) as unknown as Usd,
    profits,
    lotSize: lotSize as unknown as Quantity | null,
    unitsMax: null,
  };
}

function hedgeInstrument(name: string): HedgeInstrument {
  const { half, impact, profits, delta } = linear(name, 0, 1);
  return {
    id: `HEDGE-${name}`,
    underlying: name,
    halfSpread: decimal(half) as unknown as Usd,
    impact: decimal(impact) as unknown as Usd,
    delta,
    profits,
    lotSize: null,
  } satisfies Omit<HedgeOffer, "direction" | "unitsMax">;
}
