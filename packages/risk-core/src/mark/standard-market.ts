import type { RiskParameters } from "@ballast/model";
import type { Json } from "../parameters/fields.js";
import { loadLiveMarketRules } from "./live-market-document.js";
import type { LiveMarketRules } from "./live-market-rules.js";

/*
 * The market rules that a new house starts with: every asset of its parameters from five venues of equal weight, and
 * every instrument marked against its own book and the index. A house that quotes in stablecoins, holds staked coins or
 * hears perpetuals of others says so in rules of its own.
 */

/** The venues that the standard rules know. */
export const STANDARD_SOURCES = ["venue-a", "venue-b", "venue-c", "venue-d", "venue-e"] as const;

/** Assets that are meant to be a dollar; their gate and their agreement are narrower. */
const PEGGED: readonly string[] = ["USDC", "USDT"];

const LIQUID = { deviationMax: "0.03", jumpMax: "0.1" };
const PEG = { deviationMax: "0.01", jumpMax: "0.02" };
const COMMON = {
  ownBook: "excluded",
  freshSourcesMin: 3,
  capWidth: "0.005",
  jumpPersistenceMs: 3_000,
  frozenMsMax: 900_000,
};
const SOURCE = {
  role: "venue",
  weight: "1",
  quotedIn: null,
  ageMsMax: 10_000,
  unchangedMsMax: null,
  priceMin: "0",
  priceMax: "1000000000",
};
const MARK = { anchor: null, bookAgeMsMax: 10_000, clampWidth: "0.02", memoryMs: 150_000 };
/** Paid every eight hours; premium sampled every minute. */
const FUNDING = {
  impact: "20000",
  windowMs: 28_800_000,
  sampleEveryMs: 60_000,
  samplesShareMin: "0.8",
  interestRate: "0.0001",
  dampener: "0.0005",
  intervalShare: "1",
  staticRate: "0",
  rateMax: "0.0075",
};
const DATED = {
  clampWidthPerYear: "0.3",
  settlement: { windowMs: 1_800_000, sampleEveryMs: 4_000, samplesShareMin: "0.8" },
};

/**
 * The standard rules for the assets and instruments of a parameter set.
 *
 * @method MARKET-11
 */
export function standardMarketRules({ assets, instruments }: RiskParameters): LiveMarketRules {
  const document: Json = {
    indices: Object.fromEntries(
      [...assets.keys()].map((asset) => [
        asset,
        {
          sources: STANDARD_SOURCES.map((id) => ({ id, ...SOURCE })),
          ...COMMON,
          ...(PEGGED.includes(asset) ? PEG : LIQUID),
        },
      ]),
    ),
    instruments: [...instruments.values()].map((instrument) => {
      const { id, kind, underlying } = instrument;
      if (kind === "perpetual") return { kind, id, underlying, ...MARK, funding: FUNDING };
      return { kind, id, underlying, ...MARK, ...DATED, expiresAt: new Date(instrument.expiresAt).toISOString() };
    }),
    stable: { perSecondMax: "0.0001", stepMsMax: 600_000 },
  };
  return loadLiveMarketRules(document);
}
