import type { RiskParameters } from "@ballast/model";
import { DEFAULT_ESTIMATES } from "../margin/presets/estimates-default.js";
import { estimatesAmong } from "../margin/presets/estimates-document.js";
import type { Json } from "./fields.js";
import { loadRiskParameters } from "./load.js";

/*
 * The parameter set that a new house starts with. The figures are ours, of the size that exchanges publish: 50 times
 * initial leverage on the first dollars of a liquid contract, five times on the last, and collateral that counts for
 * less the more of it has to be sold. Portfolio accounts stand on the estimates that come with the house: rates of one day, for
 * trying things out, which a house that margins real money replaces every day by a version of its own.
 */

const liquidMargin: Json = [
  { from: "0", initialRate: "0.02", maintenanceRate: "0.01" },
  { from: "500000", initialRate: "0.03", maintenanceRate: "0.015" },
  { from: "2000000", initialRate: "0.05", maintenanceRate: "0.025" },
  { from: "10000000", initialRate: "0.1", maintenanceRate: "0.05" },
  { from: "50000000", initialRate: "0.2", maintenanceRate: "0.1" },
];

const thinMargin: Json = [
  { from: "0", initialRate: "0.04", maintenanceRate: "0.02" },
  { from: "250000", initialRate: "0.05", maintenanceRate: "0.025" },
  { from: "1000000", initialRate: "0.08", maintenanceRate: "0.04" },
  { from: "5000000", initialRate: "0.15", maintenanceRate: "0.075" },
  { from: "20000000", initialRate: "0.25", maintenanceRate: "0.125" },
];

const DOCUMENT: Json = {
  version: 1,
  assets: [
    { id: "USDC", scale: 6 },
    { id: "BTC", scale: 8 },
    { id: "ETH", scale: 8 },
  ],
  instruments: [
    {
      id: "BTC_USDC-PERPETUAL",
      kind: "perpetual",
      payoff: "linear",
      underlying: "BTC",
      settlementAsset: "USDC",
      contractSize: "0.001",
      lotSize: "1",
      tickSize: "0.5",
    },
    {
      id: "ETH_USDC-PERPETUAL",
      kind: "perpetual",
      payoff: "linear",
      underlying: "ETH",
      settlementAsset: "USDC",
      contractSize: "0.01",
      lotSize: "1",
      tickSize: "0.05",
    },
    {
      id: "BTC-PERPETUAL",
      kind: "perpetual",
      payoff: "inverse",
      underlying: "BTC",
      settlementAsset: "BTC",
      contractSize: "10",
      lotSize: "1",
      tickSize: "0.5",
    },
    {
      id: "ETH-PERPETUAL",
      kind: "perpetual",
      payoff: "inverse",
      underlying: "ETH",
      settlementAsset: "ETH",
      contractSize: "1",
      lotSize: "1",
      tickSize: "0.05",
    },
    {
      id: "BTC_USDC-26JUN20",
      kind: "dated-future",
      payoff: "linear",
      underlying: "BTC",
      settlementAsset: "USDC",
      contractSize: "0.001",
      lotSize: "1",
      tickSize: "0.5",
      expiresAt: "2020-06-26T08:00:00.000Z",
    },
  ],
  haircuts: {
    USDC: [
      { from: "0", haircut: "0" },
      { from: "10000000", haircut: "0.01" },
    ],
    BTC: [
      { from: "0", haircut: "0.05" },
      { from: "1000000", haircut: "0.1" },
      { from: "10000000", haircut: "0.2" },
      { from: "50000000", haircut: "0.5" },
    ],
    ETH: [
      { from: "0", haircut: "0.075" },
      { from: "1000000", haircut: "0.15" },
      { from: "5000000", haircut: "0.3" },
      { from: "20000000", haircut: "0.6" },
    ],
  },
  marginTiers: {
    "BTC_USDC-PERPETUAL": liquidMargin,
    "ETH_USDC-PERPETUAL": liquidMargin,
    "BTC-PERPETUAL": liquidMargin,
    "ETH-PERPETUAL": liquidMargin,
    "BTC_USDC-26JUN20": thinMargin,
  },
  liquidation: {
    target: "1.25",
    takeoverBelow: "0.25",
    feeRate: "0.002",
    takeoverFeeRate: "0.004",
    halfSpread: "0.0002",
    depthShareMax: "0.25",
    disposalDepthShare: "0.1",
  },
  portfolioMargin: { quote: "USDC", estimates: estimatesAmong(DEFAULT_ESTIMATES, ["BTC", "ETH"]) as unknown as Json },
};

/**
 * The default parameter set, version 1: USDC, BTC and ETH as collateral, four perpetuals and one dated future. A fresh
 * value on every call, read through the same door as any other document.
 *
 * @method MARGIN-6
 */
export function standardParameters(): RiskParameters {
  return loadRiskParameters(DOCUMENT);
}
