import type { Scenario } from "../../scenario/scenario.js";
import type { InterCommodityRule } from "../components/spreads.f64.js";
import type { MarginModel } from "../model.js";
import {
  account,
  constant,
  expression,
  largest,
  NO_SHOCK,
  PLAIN_SCAN,
  scanOf,
  sum,
  times,
  unit,
  UNROUNDED,
} from "./template.js";

/*
 * Clearing-house scanning: sixteen scenarios, calendar charge, inter-commodity credit, short option minimum.
 */

export interface SpanParameters {
  /** Price scan range of each underlying, as a share of its price. */
  readonly scanRange: Readonly<Record<string, number>>;
  /** Volatility points, added and taken. */
  readonly volatilityRange: number;
  /** The extreme move in scan ranges, and the share of its loss that counts. */
  readonly extreme: { readonly ranges: number; readonly cover: number };
  readonly calendarShare: number;
  readonly pairs: InterCommodityRule["pairs"];
  /** Of spot, for each option sold. */
  readonly shortOptionMinimum: string;
  readonly maintenanceShare: string;
}

/** A sample set in the order of size that index products carry. */
export const SPAN_SAMPLE: SpanParameters = {
  scanRange: { BTC: 0.15, ETH: 0.18, SOL: 0.25 },
  volatilityRange: 0.1,
  extreme: { ranges: 2, cover: 0.35 },
  calendarShare: 0.01,
  pairs: [{ legs: ["BTC", "ETH"], ratio: [1, 25], share: 0.5 }],
  shortOptionMinimum: "0.005",
  maintenanceShare: "0.8",
};

/** Sixteen-scenario scanning of every underlying as a combined commodity. */
export function span16(parameters: SpanParameters): MarginModel {
  return {
    id: "span-16",
    version: 1,
    title: "Sixteen-scenario scanning",
    sources: ["CME SPAN pages", "L. G. McMillan, Options as a Strategic Investment"],
    notes: [
      "Calendar spreads are formed on net deltas of expiries at one rate; tier tables by contract month are not in the sources.",
      "Delivery charges are set by hand at the source and are not computed.",
      "Ranges, rates and pairs are a sample set: a clearing house publishes its own daily.",
    ],
    scan: {
      ...PLAIN_SCAN,
      scenarios: sixteen(parameters),
      volatilityShock: {
        ...NO_SHOCK,
        kind: "absolute",
        up: parameters.volatilityRange,
        down: parameters.volatilityRange,
      },
    },
    figures: [
      unit("scan", scanOf("array")),
      unit("calendar", { kind: "calendar-spread", share: parameters.calendarShare }),
      unit("shortOptions", { kind: "notional", of: ["option"], side: "short", at: "spot" }),
      unit("minimum", expression(times("shortOptions", constant(parameters.shortOptionMinimum)))),
      unit("commodity", expression(sum("scan", "calendar"))),
      account("credit", { kind: "inter-commodity", families: ["array"], pairs: parameters.pairs }),
      account("risk", expression(largest({ minus: ["commodity", "credit"] }, "minimum"))),
    ],
    levels: [
      { name: "initial", requirement: "risk", ...UNROUNDED },
      { name: "maintenance", requirement: times("risk", constant(parameters.maintenanceShare)), ...UNROUNDED },
    ],
    orders: "ignored",
  };
}

function sixteen({ scanRange, extreme }: SpanParameters): readonly Scenario[] {
  const moved = (share: number) =>
    Object.fromEntries(Object.entries(scanRange).map(([id, range]) => [id, 1 + share * range]));
  const thirds = [0, 1, -1, 2, -2, 3, -3].flatMap((third) =>
    (["up", "down"] as const).map(
      (volatility): Scenario => ({
        id: `${third > 0 ? "+" : ""}${third}/3 ${volatility}`,
        family: "array",
        price: { factors: moved(third / 3) },
        volatility,
        damping: 1,
        deadband: 0,
      }),
    ),
  );
  const extremes = ([1, -1] as const).map(
    (side): Scenario => ({
      id: `extreme ${side > 0 ? "up" : "down"}`,
      family: "array",
      price: { factors: moved(side * extreme.ranges) },
      volatility: "same",
      damping: extreme.cover,
      deadband: 0,
    }),
  );
  return [...thirds, ...extremes];
}
