import type { HaircutEstimates, HybridEstimates } from "@ballast/model";
import { matrixRows } from "../../estimate/square-matrix.f64.js";
import { NoEstimate } from "../../estimate/no-estimate.js";
import {
  type AssetRate,
  BALLAST_BOOKS,
  calmCorrelation,
  haircutOf,
  horizonLogRate,
  jointHistory,
  longRate,
  PEG_PARTS,
  type RateStream,
} from "../../hybrid/index.js";
import { HOURS } from "./hybrid.js";

/*
 * From the rate stream of the market chapter to one day's estimates. Nothing is estimated here: the published rate, the
 * width, the joint days and the calm correlation are taken as they stand before the day, and cut to the digits that are
 * printed – what counts against the account upwards, the rest to the nearest.
 */

/** Collateral that is not an underlying: which asset it stands for (none: money), and how far it may slip from it. */
export interface CollateralClass {
  readonly stands: string | null;
  readonly peg: keyof typeof PEG_PARTS;
}

/** Tokens whose slip the method states a floor for (HYBRID-23). */
export const COLLATERAL_CLASSES: Readonly<Record<string, CollateralClass>> = {
  USDT: { stands: null, peg: "STABLECOIN" },
  USDC: { stands: null, peg: "STABLECOIN" },
  DAI: { stands: null, peg: "STABLECOIN" },
  STETH: { stands: "ETH", peg: "STAKED_ETHER" },
  WBETH: { stands: "ETH", peg: "STAKED_ETHER" },
  WBTC: { stands: "BTC", peg: "WRAPPED_BITCOIN" },
};

/** What is asked of the stream. */
export interface EstimateRequest {
  /** The day to cover: days since 1970, and as text. The stream has observed the days before it and nothing else. */
  readonly day: number;
  readonly date: string;
  readonly assets: readonly string[];
  /** Joint days at most, the latest. */
  readonly days: number;
  /** Significant digits; undefined: all. */
  readonly digits: number | undefined;
}

/**
 * The estimates of one day for some assets, from a stream of rates.
 *
 * Haircuts are the long rate of the horizon times the peg part, multiplied out (HYBRID-22), of every asset and of every
 * token that stands for one of them or for money.
 *
 * @throws NoEstimate for no assets, and for an asset that has no rate or was not seen on the day before.
 * @method MODEL-8
 */
export function estimatesFromHistory(stream: RateStream, request: EstimateRequest): HybridEstimates {
  const { day, date, assets, days, digits } = request;
  const { rates } = stream.ratesFor(day);
  const rateOf = (asset: string): AssetRate => {
    const rate = rates.get(asset);
    if (rate === undefined)
      throw new NoEstimate("SERIES_TOO_SHORT", { series: asset, needed: "a rate", found: "none" });
    if (rate.lastDay !== day - 1) {
      throw new NoEstimate("SERIES_TOO_SHORT", {
        series: asset,
        needed: `day ${day - 1}`,
        found: rate.lastDay ?? "none",
      });
    }
    return rate;
  };
  const published = assets.map((asset) => [asset, rateOf(asset)] as const);
  const joint = jointHistory(assets, stream.standardised);
  const calm = calmCorrelation(joint, BALLAST_BOOKS);
  const known = new Map(published.map(([asset, { limitedLogRate }]) => [asset, limitedLogRate]));
  return {
    day: date,
    underlyings: Object.fromEntries(
      published.map(([asset, { limitedLogRate, width }], at) => [
        asset,
        {
          logRate: cut(limitedLogRate, digits, "up"),
          width: cut(width, digits, "up"),
          moves: Array.from((joint.columns[at] as Float64Array).slice(-days), (move) => cut(move, digits, "nearest")),
        },
      ]),
    ),
    correlation:
      calm === undefined
        ? null
        : {
            underlyings: assets,
            rows: matrixRows(calm).map((row) => row.map((value) => cut(value, digits, "nearest"))),
          },
    haircuts: haircutsOf(known, digits, (base, peg) => haircutOf(base, peg)),
    pegs: haircutsOf(known, digits, (_, peg) => peg),
  };
}

function haircutsOf(
  known: ReadonlyMap<string, number>,
  digits: number | undefined,
  of: (base: number, peg: number) => number,
): HaircutEstimates {
  const classes: readonly (readonly [string, CollateralClass])[] = [
    ...[...known.keys()].map((asset) => [asset, { stands: asset, peg: "NONE" }] as const),
    ...Object.entries(COLLATERAL_CLASSES).filter(([, { stands }]) => stands === null || known.has(stands)),
  ];
  const at = (horizon: keyof typeof HOURS) =>
    Object.fromEntries(
      classes.map(([asset, { stands, peg }]) => {
        const base = stands === null ? 0 : longRate(horizonLogRate(known.get(stands) as number, HOURS[horizon]));
        return [asset, cut(of(base, PEG_PARTS[peg][horizon]), digits, "up")];
      }),
    );
  return { initial: at("initial"), maintenance: at("maintenance") };
}

/** A number at so many significant digits. */
function cut(value: number, digits: number | undefined, side: "up" | "nearest"): number {
  if (digits === undefined || value === 0) return value;
  const near = Number(value.toPrecision(digits));
  if (side === "nearest" || near >= value) return near;
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(value))) + 1 - digits);
  return Number((near + unit).toPrecision(digits));
}
