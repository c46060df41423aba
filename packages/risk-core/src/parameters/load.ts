import {
  type Asset,
  type AssetId,
  assetId,
  type EstimatesDocument,
  type HaircutTier,
  type Instrument,
  type InstrumentId,
  instrumentId,
  type LiquidationParameters,
  type LiquidationPolicyParameters,
  type MarginTier,
  type PortfolioMarginParameters,
  type RiskParameters,
  toUtcMillis,
  type UtcMillis,
} from "@ballast/model";
import { contractSize, price, quantity, ratio, usd } from "@ballast/money";
import { InvalidEstimates, readEstimates } from "../margin/presets/estimates-document.js";
import { InvalidParameters } from "./invalid-parameters.js";
import { decimal, entries, type Field, list, oneOf, refuse, strictObject, text, wholeNumber } from "./fields.js";

/*
 * A parameter set comes from outside (a file, a column, a form), decides who is liquidated, and is therefore read
 * strictly: every field named, none unknown, every amount a decimal string in the money grammar, every bound checked
 * here once so that nothing behind this door has to ask again. A refusal names the path of the field.
 */

const DOCUMENT = ["version", "assets", "instruments", "haircuts", "marginTiers", "liquidation"] as const;

/**
 * Returns the parameter set that a JSON document describes.
 *
 * @throws InvalidParameters naming the first field, in the order of the document's schema, that is not acceptable.
 * @method MARGIN-6
 */
export function loadRiskParameters(json: unknown): RiskParameters {
  const document = { value: json, path: "" };
  const withPortfolio = entries(document).some(([key]) => key === "portfolioMargin");
  const root: Readonly<Record<(typeof DOCUMENT)[number], Field>> & { readonly portfolioMargin?: Field } = strictObject(
    document,
    withPortfolio ? [...DOCUMENT, "portfolioMargin" as const] : DOCUMENT,
  );
  const version = wholeNumber(root.version, 1, Number.MAX_SAFE_INTEGER);
  const assets = byId(root.assets, readAsset);
  const instruments = byId(root.instruments, (field) => readInstrument(field, assets));
  const haircuts = readHaircuts(root.haircuts, assets);
  const marginTiers = readMarginTiers(root.marginTiers, instruments);
  const liquidation = readLiquidation(root.liquidation);
  const parameters = { version, assets, instruments, haircuts, marginTiers, liquidation };
  if (root.portfolioMargin === undefined) return parameters;
  return { ...parameters, portfolioMargin: readPortfolioMargin(root.portfolioMargin, assets, instruments) };
}

function byId<Item extends { readonly id: string }>(
  field: Field,
  read: (element: Field) => Item,
): ReadonlyMap<Item["id"], Item> {
  const items = new Map<Item["id"], Item>();
  for (const element of list(field)) {
    const item = read(element);
    if (items.has(item.id)) refuse({ ...element, path: `${element.path}.id` }, "an id that is not used before");
    items.set(item.id, item);
  }
  return items;
}

function readAsset(field: Field): Asset {
  const { id, scale } = strictObject(field, ["id", "scale"]);
  return { id: text(id, assetId, "an asset id"), scale: wholeNumber(scale, 0, 18) };
}

const CONTRACT = [
  "id",
  "kind",
  "payoff",
  "underlying",
  "settlementAsset",
  "contractSize",
  "lotSize",
  "tickSize",
] as const;

function readInstrument(field: Field, assets: ReadonlyMap<AssetId, Asset>): Instrument {
  const dated = entries(field).some(([key, { value }]) => key === "kind" && value === "dated-future");
  const found = strictObject(field, dated ? [...CONTRACT, "expiresAt" as const] : CONTRACT) as {
    readonly [Key in (typeof CONTRACT)[number]]: Field;
  } & { readonly expiresAt?: Field };
  const kind = oneOf(found.kind, ["perpetual", "dated-future"]);
  const contract = {
    id: text(found.id, instrumentId, "an instrument id"),
    payoff: oneOf(found.payoff, ["linear", "inverse"]),
    underlying: knownAsset(found.underlying, assets),
    settlementAsset: knownAsset(found.settlementAsset, assets),
    contractSize: contractSize(decimal(found.contractSize, { leastOpen: "0" })),
    lotSize: quantity(decimal(found.lotSize, { leastOpen: "0" })),
    tickSize: price(decimal(found.tickSize, { leastOpen: "0" })),
  };
  if (contract.payoff === "inverse" && contract.settlementAsset !== contract.underlying) {
    refuse(found.settlementAsset, "the underlying, because an inverse contract settles in its coin");
  }
  if (contract.payoff === "linear" && contract.settlementAsset === contract.underlying) {
    refuse(found.settlementAsset, "another asset than the underlying, because a linear contract settles in dollars");
  }
  if (kind === "perpetual") return { ...contract, kind };
  const expiresAt = found.expiresAt ?? refuse(field, "an expiry");
  return { ...contract, kind, expiresAt: text(expiresAt, readTime, "a UTC time such as 2020-06-26T08:00:00.000Z") };
}

function knownAsset(field: Field, assets: ReadonlyMap<AssetId, Asset>): AssetId {
  const id = text(field, assetId, "an asset id");
  return assets.has(id) ? id : refuse(field, "an asset of this document");
}

/** Reads exactly what `toISOString` writes, so that no two texts mean the same time. */
function readTime(written: string): UtcMillis {
  const time = toUtcMillis(Date.parse(written));
  if (new Date(time).toISOString() !== written) throw new RangeError("not in the canonical form");
  return time;
}

function readHaircuts(field: Field, assets: ReadonlyMap<AssetId, Asset>): ReadonlyMap<AssetId, readonly HaircutTier[]> {
  return new Map(
    entries(field).map(([key, tiers]) => {
      const asset = knownAsset({ value: key, path: tiers.path }, assets);
      return [asset, ascending(tiers, readHaircutTier, ["haircut"])];
    }),
  );
}

function readHaircutTier(field: Field): HaircutTier {
  const { from, haircut } = strictObject(field, ["from", "haircut"]);
  return { from: usd(decimal(from, { least: "0" })), haircut: ratio(decimal(haircut, { least: "0", most: "1" })) };
}

function readMarginTiers(
  field: Field,
  instruments: ReadonlyMap<InstrumentId, Instrument>,
): ReadonlyMap<InstrumentId, readonly MarginTier[]> {
  const found = new Map<InstrumentId, readonly MarginTier[]>();
  for (const [key, tiers] of entries(field)) {
    const id = text({ value: key, path: tiers.path }, instrumentId, "an instrument id");
    if (!instruments.has(id)) refuse(tiers, "an instrument of this document");
    found.set(id, ascending(tiers, readMarginTier, ["initialRate", "maintenanceRate"]));
  }
  for (const id of instruments.keys()) {
    if (!found.has(id)) refuse({ value: undefined, path: `${field.path}.${id}` }, "margin tiers for every instrument");
  }
  return found;
}

function readMarginTier(field: Field): MarginTier {
  const { from, initialRate, maintenanceRate } = strictObject(field, ["from", "initialRate", "maintenanceRate"]);
  const tier = {
    from: usd(decimal(from, { least: "0" })),
    initialRate: ratio(decimal(initialRate, { leastOpen: "0", most: "1" })),
    maintenanceRate: ratio(decimal(maintenanceRate, { leastOpen: "0", most: "1" })),
  };
  if (tier.maintenanceRate.gt(tier.initialRate)) refuse(maintenanceRate, "at most the initial rate");
  return tier;
}

/** Tiers from 0 upwards, each starting above the one before, with rates that do not fall. */
function ascending<Tier extends HaircutTier | MarginTier>(
  field: Field,
  read: (element: Field) => Tier,
  rates: readonly (keyof Tier & string)[],
): readonly Tier[] {
  const elements = list(field);
  const tiers = elements.map(read);
  for (const [at, tier] of tiers.entries()) {
    const path = elements[at]?.path ?? field.path;
    const before = tiers[at - 1];
    if (before === undefined) {
      if (!tier.from.isZero()) refuse({ value: tier, path: `${path}.from` }, "0 in the first tier");
      continue;
    }
    if (tier.from.lte(before.from)) refuse({ value: tier, path: `${path}.from` }, "more than in the tier before");
    for (const rate of rates) {
      const [now, then] = [tier[rate], before[rate]] as unknown as [Tier["from"], Tier["from"]];
      if (now.lt(then)) refuse({ value: tier, path: `${path}.${rate}` }, "at least as much as in the tier before");
    }
  }
  return tiers;
}

const LIQUIDATION = [
  "target",
  "takeoverBelow",
  "feeRate",
  "takeoverFeeRate",
  "halfSpread",
  "depthShareMax",
  "disposalDepthShare",
] as const;

const POLICY = [
  "dailyVolatility",
  "stormVolatility",
  "target",
  "targetFast",
  "targetStorm",
  "fastSpeed",
  "displacementMax",
  "displacementMin",
] as const;

function readLiquidation(field: Field): LiquidationParameters {
  const hasPolicy = entries(field).some(([key]) => key === "policy");
  const found = strictObject(field, hasPolicy ? [...LIQUIDATION, "policy" as const] : LIQUIDATION) as {
    readonly [Key in (typeof LIQUIDATION)[number]]: Field;
  } & { readonly policy?: Field };
  return {
    target: ratio(decimal(found.target, { leastOpen: "1", most: "10" })),
    takeoverBelow: ratio(decimal(found.takeoverBelow, { least: "0", mostOpen: "1" })),
    feeRate: ratio(decimal(found.feeRate, { least: "0", mostOpen: "1" })),
    takeoverFeeRate: ratio(decimal(found.takeoverFeeRate, { least: "0", mostOpen: "1" })),
    halfSpread: ratio(decimal(found.halfSpread, { least: "0", mostOpen: "1" })),
    depthShareMax: ratio(decimal(found.depthShareMax, { leastOpen: "0", most: "1" })),
    disposalDepthShare: ratio(decimal(found.disposalDepthShare, { leastOpen: "0", most: "1" })),
    ...(found.policy === undefined ? {} : { policy: readPolicy(found.policy) }),
  };
}

function readPolicy(field: Field): LiquidationPolicyParameters {
  const found = strictObject(field, POLICY);
  const share = { least: "0", most: "1" } as const;
  const target = { leastOpen: "1", most: "10" } as const;
  const policy = {
    dailyVolatility: ratio(decimal(found.dailyVolatility, { least: "0", most: "10" })),
    stormVolatility: ratio(decimal(found.stormVolatility, { least: "0", most: "10" })),
    target: ratio(decimal(found.target, target)),
    targetFast: ratio(decimal(found.targetFast, target)),
    targetStorm: ratio(decimal(found.targetStorm, target)),
    fastSpeed: ratio(decimal(found.fastSpeed, share)),
    displacementMax: ratio(decimal(found.displacementMax, share)),
    displacementMin: ratio(decimal(found.displacementMin, { leastOpen: "0", most: "1" })),
  };
  if (policy.displacementMin.gt(policy.displacementMax)) {
    refuse(found.displacementMin, "at most displacementMax, which a step would otherwise pass");
  }
  return policy;
}

/**
 * Estimates that leave nothing out which an account may hold, so that no portfolio account can ever meet an underlying without
 * a rate or collateral without a haircut.
 */
function readPortfolioMargin(
  field: Field,
  assets: ReadonlyMap<AssetId, Asset>,
  instruments: ReadonlyMap<InstrumentId, Instrument>,
): PortfolioMarginParameters {
  const found = strictObject(field, ["quote", "estimates"]);
  const quote = knownAsset(found.quote, assets);
  const underlyings = new Set([...instruments.values()].map(({ underlying }) => underlying));
  if (underlyings.has(quote)) refuse(found.quote, "an asset that no contract follows");
  const estimates = readEstimatesField(found.estimates);
  const missing = (path: string, what: string): never =>
    refuse({ value: undefined, path: `${found.estimates.path}.${path}` }, what);
  for (const id of underlyings) {
    if (estimates.underlyings[id] === undefined) missing(`underlyings.${id}`, "a rate for every underlying");
  }
  for (const level of ["initial", "maintenance"] as const) {
    for (const id of assets.keys()) {
      if (id === quote || estimates.haircuts[level][id] !== undefined) continue;
      missing(`haircuts.${level}.${id}`, "a haircut for every asset but the quote");
    }
  }
  return { quote, estimates };
}

function readEstimatesField({ value, path }: Field): EstimatesDocument {
  try {
    return readEstimates(value);
  } catch (cause) {
    if (!(cause instanceof InvalidEstimates)) throw cause;
    const place = cause.path === "" ? path : `${path}.${cause.path}`;
    throw Object.assign(new InvalidParameters(place, cause.expected), { cause });
  }
}
