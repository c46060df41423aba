import type { MarginModel } from "../model.js";
import {
  account,
  constant,
  evenMoves,
  expression,
  grid,
  PLAIN_SCAN,
  scanOf,
  sum,
  times,
  unit,
  UNROUNDED,
} from "./template.js";

/** Bybit unified portfolio margin: eleven prices by three volatilities, and the published contingencies. */
export function bybitPortfolio(): MarginModel {
  return {
    id: "bybit-pm",
    version: 1,
    title: "Bybit portfolio margin, the published parts",
    sources: ["Bybit API v5: asset/portfolio-margin", "Bybit help: portfolio margin, 2025-01-10 ranges"],
    notes: [
      "Coefficients of the option, vega, delta-spread and stablecoin contingencies are not published: not computed, zero.",
      "The perpetual contingency's factor is solved from one recorded response.",
      "One volatility step (0.2 points) is known from a recorded response and is used both ways.",
    ],
    scan: {
      ...PLAIN_SCAN,
      scenarios: grid("matrix", evenMoves(0.1, 5), [
        { points: 0.2, floor: 0.01 },
        "same",
        { points: -0.2, floor: 0.01 },
      ]),
    },
    figures: [
      unit("scan", scanOf("matrix")),
      unit("futures", { kind: "notional", of: ["perpetual", "future"], side: "both", at: "spot" }),
      account("contingency", expression(times("futures", constant("0.0003")))),
      account("maintenanceMargin", expression(sum("scan", "contingency"))),
    ],
    levels: [
      { name: "initial", requirement: times("maintenanceMargin", constant("1.2")), ...UNROUNDED },
      { name: "maintenance", requirement: "maintenanceMargin", ...UNROUNDED },
    ],
    orders: "ignored",
  };
}

/** Fully collateralised: the worst pay-off of every expiry, and the notional of everything delta-one. */
export function maxLoss(): MarginModel {
  const everything = sum("payoffs", "deltaOne");
  return {
    id: "max-loss",
    version: 1,
    title: "Fully collateralised, by the worst pay-off",
    sources: ["public tests of a max-loss option engine"],
    notes: ["Calls sold without cover are held against the forward: no pay-off bounds them, an owned unit does."],
    scan: { ...PLAIN_SCAN, scenarios: [] },
    figures: [
      unit("payoffs", {
        kind: "option-standard",
        requirement: "initial",
        side: "worst-payoff",
        otmMax: 0,
        otmMin: 0,
        flatCall: 0,
        flatPut: 0,
        putOfMark: 0,
        putFloor: 0,
        unpairedCall: 1,
      }),
      unit("deltaOne", { kind: "notional", of: ["perpetual", "future"], side: "both", at: "mark" }),
    ],
    levels: [{ name: "initial", requirement: everything, ...UNROUNDED }],
    orders: "ignored",
  };
}
