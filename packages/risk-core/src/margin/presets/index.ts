import type { HybridEstimates } from "@ballast/model";
import type { MarginModel } from "../model.js";
import { bybitPortfolio, maxLoss } from "./bybit.js";
import { DERIBIT_BTC, deribitPortfolio } from "./deribit.js";
import { DERIVE_MAINNET } from "./derive-mainnet.js";
import { derivePm1, derivePm2, deriveSrm } from "./derive.js";
import { ballastHybrid } from "./hybrid.js";
import { OKX_2025, okxPortfolio } from "./okx.js";
import { SPAN_SAMPLE, span16 } from "./span.js";
import { deribitStandard, TIERED_VENUES, tieredCross } from "./tiered.js";

/*
 * Every model by its id. Presets other than ours carry the parameters that were published when they were written down; each
 * says so in its notes.
 */

/** Presets that are complete by themselves, by id. */
export const PRESETS: ReadonlyMap<string, () => MarginModel> = new Map([
  ...TIERED_VENUES.map((venue) => [venue.id, () => tieredCross(venue)] as const),
  ["bybit-pm", bybitPortfolio],
  ["deribit-pm", () => deribitPortfolio(DERIBIT_BTC)],
  ["deribit-sm", deribitStandard],
  ["derive-pm1", () => derivePm1(DERIVE_MAINNET.pm1)],
  ["derive-pm2", () => derivePm2(DERIVE_MAINNET.pm2)],
  ["derive-srm", () => deriveSrm(DERIVE_MAINNET.srm)],
  ["max-loss", maxLoss],
  ["okx-pm", () => okxPortfolio(OKX_2025)],
  ["span-16", () => span16(SPAN_SAMPLE)],
]);

/** Presets that stand on a day's estimates, by id. */
export const ESTIMATED_PRESETS: ReadonlyMap<string, (estimates: HybridEstimates) => MarginModel> = new Map([
  ["ballast-hybrid", ballastHybrid],
]);
