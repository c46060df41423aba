import type { AssetId, InstrumentId, UtcMillis } from "@ballast/model";
import { placesOf, type Places } from "../market/column.js";
import type { IndexRules } from "../market/index-rules.js";
import type { DatedFutureMarkRules } from "./dated-future-mark.js";
import type { LiveFundingRules } from "./live-funding.js";
import type { PerpetualMarkRules } from "./perpetual-mark.js";
import type { SamplingRules } from "./regular-samples.js";
import type { StablePriceRules } from "./stable-price.js";

interface MarkedContract {
  readonly id: InstrumentId;
  /** The index that the contract follows. */
  readonly underlying: AssetId;
  /** How old the own book may be; an older one says nothing. */
  readonly bookAgeMsMax: number;
}

export interface MarkedPerpetual extends MarkedContract {
  readonly kind: "perpetual";
  /** The index of other venues' perpetuals; or the funding still to be paid; null for neither. */
  readonly anchor: AssetId | "funding" | null;
  readonly rules: PerpetualMarkRules;
  /** Null: nobody pays anybody. */
  readonly funding: LiveFundingRules | null;
}

export interface MarkedDatedFuture extends MarkedContract {
  readonly kind: "dated-future";
  readonly expiresAt: UtcMillis;
  /** The index of other venues' futures of this expiry; null for none. */
  readonly anchor: AssetId | null;
  readonly rules: DatedFutureMarkRules;
  readonly settlement: SamplingRules;
}

export type MarkedInstrument = MarkedPerpetual | MarkedDatedFuture;

/** Everything a live market is told once, with what follows from it worked out. */
export interface LiveMarketRules {
  readonly assets: readonly AssetId[];
  /** Parallel to `assets`. */
  readonly indices: readonly IndexRules[];
  readonly assetPlaces: Places<AssetId>;
  readonly instruments: readonly MarkedInstrument[];
  readonly instrumentPlaces: Places<InstrumentId>;
  /** For each asset: itself and every asset that a source of it, directly or not, quotes in; what comes first stands first. */
  readonly cascades: readonly (readonly number[])[];
  /** For each asset: the instruments whose mark it is part of. */
  readonly followers: readonly (readonly number[])[];
  /** All assets, each after those it is quoted in. */
  readonly order: readonly number[];
  readonly stable: StablePriceRules;
}

/** Rules of a market that do not fit together. */
export class MarketRulesMismatch extends Error {
  override readonly name = "MarketRulesMismatch";
  readonly code = "MARKET_RULES_MISMATCH";
}

/**
 * Works out who depends on whom.
 *
 * @throws MarketRulesMismatch when something follows an index that is not there, an instrument stands there twice, or
 * assets are quoted in each other in a circle.
 * @method MARKET-11
 */
export function liveMarketRules(
  indices: ReadonlyMap<AssetId, IndexRules>,
  instruments: readonly MarkedInstrument[],
  stable: StablePriceRules,
): LiveMarketRules {
  const assets = [...indices.keys()];
  const assetPlaces = placesOf(assets);
  const instrumentPlaces = placesOf(instruments.map(({ id }) => id));
  if (instrumentPlaces.size !== instruments.length) throw new MarketRulesMismatch("an instrument stands there twice");
  const rules = [...indices.values()];
  const quotedIn = rules.map(({ sources }, at) =>
    sources.flatMap((source) =>
      source.quotedIn === null ? [] : [placeOf(assetPlaces, source.quotedIn, assets[at] as AssetId)],
    ),
  );
  const order = afterWhatTheyAreQuotedIn(quotedIn, assets);
  const followers = assets.map((): number[] => []);
  for (const [at, { id, underlying, anchor }] of instruments.entries()) {
    const followed = new Set([placeOf(assetPlaces, underlying, id)]);
    if (anchor !== null && anchor !== "funding") followed.add(placeOf(assetPlaces, anchor, id));
    for (const asset of followed) (followers[asset] as number[]).push(at);
  }
  const cascades = assets.map((_, asset) => cascadeOf(asset, quotedIn, order));
  return {
    assets,
    indices: rules,
    assetPlaces,
    instruments,
    instrumentPlaces,
    cascades,
    followers,
    order,
    stable,
  };
}

function placeOf(places: Places<AssetId>, asset: AssetId, wantedBy: string): number {
  const at = places.get(asset);
  if (at === undefined) throw new MarketRulesMismatch(`${wantedBy} follows ${asset}, which has no index`);
  return at;
}

/** Every asset after all it is quoted in. */
function afterWhatTheyAreQuotedIn(quotedIn: readonly (readonly number[])[], assets: readonly AssetId[]): number[] {
  const order: number[] = [];
  const state = new Map<number, "open" | "done">();
  const visit = (asset: number): void => {
    if (state.get(asset) === "done") return;
    if (state.get(asset) === "open") throw new MarketRulesMismatch(`${assets[asset]} is quoted in itself, in a circle`);
    state.set(asset, "open");
    for (const unit of quotedIn[asset] ?? []) visit(unit);
    state.set(asset, "done");
    order.push(asset);
  };
  assets.forEach((_, asset) => visit(asset));
  return order;
}

/** The asset itself, and everything that has to be looked at again when its price changes, in order. */
function cascadeOf(asset: number, quotedIn: readonly (readonly number[])[], order: readonly number[]): number[] {
  const reached = new Set([asset]);
  for (const other of order) if (quotedIn[other]?.some((unit) => reached.has(unit))) reached.add(other);
  return order.filter((other) => reached.has(other));
}
