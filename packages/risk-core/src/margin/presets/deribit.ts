import type { Scenario } from "../../scenario/scenario.js";
import type { MarginModel } from "../model.js";
import {
  account,
  constant,
  evenMoves,
  expression,
  grid,
  NO_SHOCK,
  PLAIN_SCAN,
  sum,
  times,
  UNROUNDED,
} from "./template.js";

/*
 * Deribit's portfolio margin: an extended risk matrix for each settlement currency, plus roll and delta shocks.
 */

/** The published parameters; moves and shares as numbers, amounts added to the margin as decimal text. */
export interface DeribitPortfolioParameters {
  readonly priceRange: number;
  readonly bucketsPerSide: number;
  readonly volatilityUp: number;
  readonly volatilityDown: number;
  readonly shortTermPower: number;
  readonly longTermPower: number;
  readonly upVolatilityFloor: number;
  readonly extendedFactor: number;
  readonly extendedMoves: readonly number[];
  /** Dollars by which a result of the extended table is drawn towards zero, before its scaling by move and range. */
  readonly extendedDampener: number;
  readonly rollFloor: number;
  readonly rollPerYear: number;
  readonly deltaThreshold: number;
  readonly deltaPerUnit: number;
  readonly deltaShareMax: number;
  /** Cross-collateral accounts: how much of a currency's gain sets off another's loss. Null in segregated accounts. */
  readonly gains: Readonly<Record<string, { readonly share: number; readonly cap: number }>> | null;
  readonly maintenanceFactor: string;
  /** Spot, market-maker protection and open-order margin, computed outside the matrix. */
  readonly outside: { readonly spot: string; readonly protection: string; readonly orders: string };
}

/** The parameters published for BTC, as of 2024-06. */
export const DERIBIT_BTC: DeribitPortfolioParameters = {
  priceRange: 0.16,
  bucketsPerSide: 4,
  volatilityUp: 0.5,
  volatilityDown: 0.25,
  shortTermPower: 0.3,
  longTermPower: 0.13,
  upVolatilityFloor: 0.5,
  extendedFactor: 1,
  extendedMoves: [-0.66, -0.33, 0.5, 1, 2, 3, 4, 5],
  extendedDampener: 100_000,
  rollFloor: 0.01,
  rollPerYear: 0.075,
  deltaThreshold: 20_000_000,
  deltaPerUnit: 0.00005,
  deltaShareMax: 0.1,
  gains: null,
  maintenanceFactor: "0.8",
  outside: { spot: "0", protection: "0", orders: "0" },
};

/** Portfolio margin of one settlement currency, or of a cross-collateral account where `gains` are given. */
export function deribitPortfolio(parameters: DeribitPortfolioParameters): MarginModel {
  const { outside } = parameters;
  const matrix = sum("worst", "roll", "delta");
  return {
    id: "deribit-pm",
    version: 1,
    title: "Deribit portfolio margin",
    sources: ["Deribit support: portfolio margin, cross collateral", "Deribit API: private/pme/simulate"],
    notes: [
      "The correlation contingency of cross-collateral accounts is not published: it is not computed, and counts as zero.",
      "The delta shock follows a third party's reading; no published example lies above its threshold.",
      "The roll shock is linear in time here; the published examples lie on its floor and decide nothing.",
      "Spot, market-maker protection and open-order margin lie outside the matrix and are given to it.",
    ],
    scan: {
      ...PLAIN_SCAN,
      scenarios: [
        ...grid("matrix", evenMoves(parameters.priceRange, parameters.bucketsPerSide), ["up", "same", "down"]),
        ...parameters.extendedMoves.map((move) => extended(move, parameters)),
      ],
      volatilityShock: {
        ...NO_SHOCK,
        up: parameters.volatilityUp,
        down: parameters.volatilityDown,
        shortTermPower: parameters.shortTermPower,
        longTermPower: parameters.longTermPower,
        upVolatilityFloor: parameters.upVolatilityFloor,
      },
    },
    figures: [
      account("scan", { kind: "scan-loss", families: ["matrix", "extended"], gains: parameters.gains }),
      account("worst", expression({ rounded: { of: "scan", scale: 9, side: "nearest" } })),
      account("roll", {
        kind: "roll",
        of: ["perpetual", "future"],
        floor: parameters.rollFloor,
        perYear: parameters.rollPerYear,
        at: "units",
      }),
      account("delta", {
        kind: "delta-shock",
        threshold: parameters.deltaThreshold,
        perUnit: parameters.deltaPerUnit,
        shareMax: parameters.deltaShareMax,
      }),
      account("riskMatrix", expression(matrix)),
    ],
    levels: [
      {
        name: "initial",
        requirement: sum("riskMatrix", constant(outside.spot), constant(outside.protection), constant(outside.orders)),
        ...UNROUNDED,
      },
      { name: "maintenance", requirement: times("riskMatrix", constant(parameters.maintenanceFactor)), ...UNROUNDED },
    ],
    orders: "ignored",
  };
}

/**
 * A move of the extended table. Its result is scaled back to the edge of the matrix – a future loses there what it loses
 * at the edge – and drawn towards zero, so that a small book pays nothing for it.
 */
function extended(
  move: number,
  { extendedDampener, extendedFactor, priceRange }: DeribitPortfolioParameters,
): Scenario {
  const edge = 1 + Math.sign(move) * priceRange;
  const reach = Math.abs(move) / priceRange;
  return {
    id: `extended ${move > 0 ? "+" : ""}${Math.round(move * 100)}% up`,
    family: "extended",
    price: { factor: 1 + move },
    volatility: "up",
    damping: (extendedFactor / reach) * ((1 + move) / edge),
    deadband: ((reach - 1) * extendedDampener) / edge,
  };
}
