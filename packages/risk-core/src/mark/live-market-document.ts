import { type AssetId, assetId, type InstrumentId, instrumentId, toUtcMillis, type UtcMillis } from "@ballast/model";
import { rate, ratio, usd } from "@ballast/money";
import { type IndexRules, loadIndexRules } from "../market/index-rules.js";
import { decimal, entries, type Field, list, oneOf, strictObject, text, wholeNumber } from "../parameters/fields.js";
import type { LiveFundingRules } from "./live-funding.js";
import { type LiveMarketRules, liveMarketRules, type MarkedInstrument } from "./live-market-rules.js";

const DAY = 24 * 3_600_000;
const COMMON = ["kind", "id", "underlying", "anchor", "bookAgeMsMax", "clampWidth", "memoryMs"] as const;
const PERPETUAL = [...COMMON, "funding"] as const;
const FUNDING = [
  "impact",
  "windowMs",
  "sampleEveryMs",
  "samplesShareMin",
  "interestRate",
  "dampener",
  "intervalShare",
  "staticRate",
  "rateMax",
] as const;
const DATED = [...COMMON, "clampWidthPerYear", "expiresAt", "settlement"] as const;

/**
 * Returns the rules of a whole live market that a JSON document describes: the index of every asset, how every instrument
 * is marked, and the stable price.
 *
 * @throws InvalidParameters naming the first field that is not acceptable; MarketRulesMismatch where they do not fit together.
 * @method MARKET-11
 */
export function loadLiveMarketRules(json: unknown): LiveMarketRules {
  const root = strictObject({ value: json, path: "" }, ["indices", "instruments", "stable"]);
  const indices = new Map<AssetId, IndexRules>(
    entries(root.indices).map(([asset, { value, path }]) => [
      text({ value: asset, path }, assetId, "an asset id"),
      loadIndexRules(value, path),
    ]),
  );
  const stable = strictObject(root.stable, ["perSecondMax", "stepMsMax"]);
  return liveMarketRules(indices, list(root.instruments).map(readInstrument), {
    perSecondMax: ratio(decimal(stable.perSecondMax, { leastOpen: "0", most: "1" })),
    stepMsMax: wholeNumber(stable.stepMsMax, 1, DAY),
  });
}

function readInstrument(field: Field): MarkedInstrument {
  const kind = entries(field).find(([key]) => key === "kind")?.[1] ?? { value: undefined, path: `${field.path}.kind` };
  return oneOf(kind, ["perpetual", "dated-future"]) === "perpetual" ? readPerpetual(field) : readDatedFuture(field);
}

function readPerpetual(field: Field): MarkedInstrument {
  const found = strictObject(field, PERPETUAL);
  const { anchor } = found;
  return {
    kind: "perpetual",
    ...readContract(found),
    anchor: anchor.value === null ? null : anchor.value === "funding" ? "funding" : readAsset(anchor),
    rules: readMemory(found),
    funding: found.funding.value === null ? null : readFunding(found.funding),
  };
}

function readFunding(field: Field): LiveFundingRules {
  const found = strictObject(field, FUNDING);
  const windowMs = wholeNumber(found.windowMs, 1, DAY);
  const share = (of: Field) => rate(decimal(of, { least: "-1", most: "1" }));
  return {
    impact: usd(decimal(found.impact, { leastOpen: "0", most: "1000000000" })),
    windowMs,
    sampleEveryMs: wholeNumber(found.sampleEveryMs, 1, windowMs),
    samplesShareMin: ratio(decimal(found.samplesShareMin, { leastOpen: "0", most: "1" })),
    interestRate: share(found.interestRate),
    dampener: rate(decimal(found.dampener, { least: "0", most: "1" })),
    intervalShare: ratio(decimal(found.intervalShare, { leastOpen: "0", most: "1" })),
    staticRate: share(found.staticRate),
    rateMax: rate(decimal(found.rateMax, { leastOpen: "0", most: "1" })),
  };
}

function readDatedFuture(field: Field): MarkedInstrument {
  const found = strictObject(field, DATED);
  const settlement = strictObject(found.settlement, ["windowMs", "sampleEveryMs", "samplesShareMin"]);
  const windowMs = wholeNumber(settlement.windowMs, 1, DAY);
  return {
    kind: "dated-future",
    ...readContract(found),
    anchor: found.anchor.value === null ? null : readAsset(found.anchor),
    expiresAt: text(found.expiresAt, readTime, "a UTC time such as 2020-06-26T08:00:00.000Z"),
    rules: {
      ...readMemory(found),
      clampWidthPerYear: ratio(decimal(found.clampWidthPerYear, { least: "0", most: "10" })),
    },
    settlement: {
      windowMs,
      sampleEveryMs: wholeNumber(settlement.sampleEveryMs, 1, windowMs),
      samplesShareMin: ratio(decimal(settlement.samplesShareMin, { leastOpen: "0", most: "1" })),
    },
  };
}

interface ContractFields {
  readonly id: Field;
  readonly underlying: Field;
  readonly bookAgeMsMax: Field;
}

function readContract({ id, underlying, bookAgeMsMax }: ContractFields) {
  return {
    id: text(id, instrumentId, "an instrument id") satisfies InstrumentId,
    underlying: readAsset(underlying),
    bookAgeMsMax: wholeNumber(bookAgeMsMax, 1, DAY),
  };
}

function readMemory({ clampWidth, memoryMs }: { readonly clampWidth: Field; readonly memoryMs: Field }) {
  return {
    clampWidth: ratio(decimal(clampWidth, { leastOpen: "0", mostOpen: "1" })),
    memoryMs: wholeNumber(memoryMs, 1, DAY),
  };
}

function readAsset(field: Field): AssetId {
  return text(field, assetId, "an asset id");
}

/** Reads exactly what `toISOString` writes, so that no two texts mean the same time. */
function readTime(written: string): UtcMillis {
  const time = toUtcMillis(Date.parse(written));
  if (new Date(time).toISOString() !== written) throw new RangeError("not in the canonical form");
  return time;
}
