import type { SizeTier } from "../components/tiered.js";
import type { Expression } from "../expression.js";
import type { MarginModel } from "../model.js";
import { constant, PLAIN_SCAN, sum, times, unit, UNROUNDED } from "./template.js";

/*
 * The cross margins without a scan: size tables, instrument by instrument, nothing offsets. Their liquidation prices follow
 * from the same tables (`venue/liquidation-price.ts`).
 */

/** What tells one venue's tiered cross margin from another's. */
export interface TieredVenue {
  readonly id: string;
  readonly title: string;
  readonly sources: readonly string[];
  readonly notes: readonly string[];
  /** Maintenance tiers by underlying, `*` for the rest. */
  readonly maintenance: Readonly<Record<string, readonly SizeTier[]>>;
  /** Initial tiers, or a multiple of maintenance. */
  readonly initial: Readonly<Record<string, readonly SizeTier[]>> | { readonly overMaintenance: string };
  readonly orders: "ignored" | "worst-side";
}

/** A tiered cross margin. Requirements are exact decimals and not rounded, as venues publish them. */
export function tieredCross(venue: TieredVenue): MarginModel {
  const maintenance = { kind: "tiered", tiers: venue.maintenance, orders: "ignored" } as const;
  const multiple = "overMaintenance" in venue.initial ? venue.initial.overMaintenance : null;
  const initialTiers =
    multiple === null ? (venue.initial as Readonly<Record<string, readonly SizeTier[]>>) : venue.maintenance;
  const initial: Expression = multiple === null ? "initialTiers" : times("initialTiers", constant(multiple as string));
  return {
    id: venue.id,
    version: 1,
    title: venue.title,
    sources: venue.sources,
    notes: ["Options are not sized by these tables.", ...venue.notes],
    scan: { ...PLAIN_SCAN, scenarios: [] },
    figures: [
      unit("initialTiers", { kind: "tiered", tiers: initialTiers, orders: venue.orders }),
      unit("maintenanceTiers", maintenance),
    ],
    levels: [
      { name: "initial", requirement: initial, ...UNROUNDED },
      { name: "maintenance", requirement: sum("maintenanceTiers"), ...UNROUNDED },
    ],
    orders: "ignored",
  };
}

const tier = (from: string, rate: string): SizeTier => ({ from, rate });
/** Maintenance is half of initial at the highest leverage of the tier. */
const halfOf = (tiers: readonly (readonly [from: string, leverage: number])[]): readonly SizeTier[] =>
  tiers.map(([from, leverage]) => tier(from, shareOf(1, 2 * leverage)));
const fullOf = (tiers: readonly (readonly [from: string, leverage: number])[]): readonly SizeTier[] =>
  tiers.map(([from, leverage]) => tier(from, shareOf(1, leverage)));
const shareOf = (numerator: number, denominator: number): string => (numerator / denominator).toFixed(6);

const HYPERLIQUID_LEVERAGE = {
  BTC: [
    ["0", 40],
    ["150000000", 20],
  ],
  ETH: [
    ["0", 25],
    ["100000000", 15],
  ],
  SOL: [
    ["0", 20],
    ["70000000", 10],
  ],
  XRP: [
    ["0", 20],
    ["40000000", 10],
  ],
  "*": [
    ["0", 10],
    ["20000000", 5],
  ],
} as const;

const byUnderlying = (of: (tiers: readonly (readonly [string, number])[]) => readonly SizeTier[]) =>
  Object.fromEntries(Object.entries(HYPERLIQUID_LEVERAGE).map(([id, tiers]) => [id, of(tiers)]));

const SAMPLE_TABLE =
  "The table is a sample in the venue's form: it changes monthly, so load the current one before a figure is used.";

/** The tiered cross family; tables are samples of what each venue publishes, and say so. */
export const TIERED_VENUES: readonly TieredVenue[] = [
  {
    id: "ballast-standard",
    title: "Ballast standard cross margin",
    sources: ["docs/method/margin.md"],
    notes: ["The pipeline computes the same from risk parameters (MARGIN-2, MARGIN-3)."],
    maintenance: { "*": [tier("0", "0.01"), tier("500000", "0.015"), tier("2000000", "0.025")] },
    initial: { "*": [tier("0", "0.02"), tier("500000", "0.03"), tier("2000000", "0.05")] },
    orders: "worst-side",
  },
  {
    id: "binance-cross",
    title: "Binance USD-margined cross",
    sources: ["Binance leverage brackets, October 2024 (BTCUSDT, first brackets)"],
    notes: [SAMPLE_TABLE, "Order cost (initial margin plus open loss) is a rule of its own: venue/binance.ts."],
    maintenance: {
      "*": [tier("0", "0.004"), tier("50000", "0.005"), tier("600000", "0.01"), tier("3000000", "0.025")],
    },
    initial: { "*": [tier("0", "0.008"), tier("50000", "0.01"), tier("600000", "0.02"), tier("3000000", "0.05")] },
    orders: "worst-side",
  },
  {
    id: "bybit-cross",
    title: "Bybit unified cross",
    sources: ["Bybit margin parameters"],
    notes: [SAMPLE_TABLE],
    maintenance: { "*": [tier("0", "0.005"), tier("2000000", "0.01"), tier("10000000", "0.02")] },
    initial: { overMaintenance: "2" },
    orders: "worst-side",
  },
  {
    id: "okx-cross",
    title: "OKX multi-currency cross",
    sources: ["OKX position tiers"],
    notes: [SAMPLE_TABLE, "OKX applies a tier's rate to the whole position; its edges are smoothed here, never lower."],
    maintenance: { "*": [tier("0", "0.004"), tier("5000000", "0.006"), tier("20000000", "0.01")] },
    initial: { "*": [tier("0", "0.01"), tier("5000000", "0.02"), tier("20000000", "0.04")] },
    orders: "worst-side",
  },
  {
    id: "gate-cross",
    title: "Gate cross",
    sources: ["Gate risk limits"],
    notes: [SAMPLE_TABLE],
    maintenance: { "*": [tier("0", "0.005"), tier("1000000", "0.0075"), tier("5000000", "0.015")] },
    initial: { overMaintenance: "2" },
    orders: "worst-side",
  },
  {
    id: "hyperliquid-cross",
    title: "Hyperliquid cross",
    sources: ["Hyperliquid documentation, margin tiers, August 2026"],
    notes: [
      "Transfers require the larger of initial margin and a tenth of notional: a rule on withdrawals, not done here.",
    ],
    maintenance: byUnderlying(halfOf),
    initial: byUnderlying(fullOf),
    orders: "worst-side",
  },
  {
    id: "bitmex-cross",
    title: "BitMEX cross",
    sources: ["BitMEX risk limits (XBTUSD: base 200 XBT, step 150 XBT)"],
    notes: ["Steps are in coin at the source; here they are dollars at 50,000 a coin, a sample.", SAMPLE_TABLE],
    maintenance: {
      "*": [tier("0", "0.005"), tier("10000000", "0.01"), tier("17500000", "0.015"), tier("25000000", "0.02")],
    },
    initial: {
      "*": [tier("0", "0.01"), tier("10000000", "0.015"), tier("17500000", "0.02"), tier("25000000", "0.025")],
    },
    orders: "worst-side",
  },
  {
    id: "paradex-cross",
    title: "Paradex cross",
    sources: ["Paradex documentation, cross margin requirement"],
    notes: ["Open size of a side is what position and orders of that side make together.", SAMPLE_TABLE],
    maintenance: { "*": [tier("0", "0.01")] },
    initial: { "*": [tier("0", "0.02")] },
    orders: "worst-side",
  },
  {
    id: "dydx-cross",
    title: "dYdX v4 cross",
    sources: ["dYdX liquidity tiers"],
    notes: [
      SAMPLE_TABLE,
      "Open-interest scaling of initial margin needs the market's open interest and is not done here.",
    ],
    maintenance: { BTC: [tier("0", "0.012")], ETH: [tier("0", "0.012")], "*": [tier("0", "0.03")] },
    initial: { BTC: [tier("0", "0.02")], ETH: [tier("0", "0.02")], "*": [tier("0", "0.05")] },
    orders: "worst-side",
  },
  {
    id: "binance-pm",
    title: "Binance portfolio margin, classic",
    sources: ["Binance FAQ: portfolio margin maintenance ratio"],
    notes: [
      "No offset at the source: a hedged book pays the tiers of both legs.",
      "The scenario variant (PM Pro SPAN) publishes one number for each risk unit and no algorithm: not computed.",
      SAMPLE_TABLE,
    ],
    maintenance: {
      "*": [tier("0", "0.004"), tier("50000", "0.005"), tier("600000", "0.01"), tier("3000000", "0.025")],
    },
    initial: { "*": [tier("0", "0.05")] },
    orders: "worst-side",
  },
];

/** Deribit's standard margin of linear perpetuals: a rate that rises with size. */
export function deribitStandard(): MarginModel {
  const rates = (bases: Readonly<Record<string, string>>, slopes: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(bases).map(([id, base]) => [id, { base, perUnit: slopes[id] ?? "0" }]));
  const slopes = { BTC: "0.00005", ETH: "0.00005", SOL: "0.000005", "*": "0.000005" };
  return {
    id: "deribit-sm",
    version: 1,
    title: "Deribit standard margin",
    sources: ["Deribit support: linear perpetual"],
    notes: [
      "Option requirements of the standard model are known from third parties only; they are not computed here.",
      "The rate of ETH is taken as BTC's: the page read states BTC- and SOL-style contracts.",
    ],
    scan: { ...PLAIN_SCAN, scenarios: [] },
    figures: [
      unit("initial", {
        kind: "size-rate",
        rates: rates({ BTC: "0.02", ETH: "0.02", SOL: "0.04", "*": "0.04" }, slopes),
        orders: "worst-side",
      }),
      unit("maintenance", {
        kind: "size-rate",
        rates: rates({ BTC: "0.01", ETH: "0.01", SOL: "0.02", "*": "0.02" }, slopes),
        orders: "ignored",
      }),
    ],
    levels: [
      { name: "initial", requirement: "initial", ...UNROUNDED },
      { name: "maintenance", requirement: "maintenance", ...UNROUNDED },
    ],
    orders: "ignored",
  };
}
