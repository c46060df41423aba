import { type AssetId, assetId } from "@ballast/model";
import { price, type Price, ratio, type Ratio } from "@ballast/money";
import { decimal, type Field, list, oneOf, refuse, strictObject, text, wholeNumber } from "../parameters/fields.js";
import { unitsOf } from "./price-units.js";

declare const source: unique symbol;
/** A place that prices come from: a venue, the house's own book, the contract that redeems a token. */
export type SourceId = string & { readonly [source]: "source" };

/**
 * What a source is to the index.
 *
 * - `venue`: somebody else's market; the index stands on these.
 * - `redemption`: what the issuer pays for a wrapped or staked asset; it is heard like a venue, and caps what collateral counts.
 * - `own-book`: the house's own market; it is never heard in the median, see `IndexRules.ownBook`.
 */
export type SourceRole = "venue" | "redemption" | "own-book";

export interface SourceRule {
  readonly id: SourceId;
  readonly role: SourceRole;
  /** Its part of the weighted average, above zero; only the proportions matter. */
  readonly weight: Ratio;
  /** The same in units. */
  readonly weightUnits: bigint;
  /** The asset in which it quotes, where that is not the dollar: its price is multiplied by that asset's index. */
  readonly quotedIn: AssetId | null;
  /** How old its last quote may be. */
  readonly ageMsMax: number;
  /** How long it may repeat one and the same price before it counts as stuck; null: for ever (pegged assets do). */
  readonly unchangedMsMax: number | null;
  /** The ends of what the feed can say: a value at or beyond an end is where the feed stops, not a price. */
  readonly priceMin: Price;
  readonly priceMax: Price;
}

/** How one index is made from its sources. All times are on a monotonic clock. */
export interface IndexRules {
  /** In a fixed order; at least as many venues and redemptions as `freshSourcesMin`. */
  readonly sources: readonly SourceRule[];
  /** `capped`: the own book is a term of the average, inside the cap. `excluded`: it is not. It is never in the median. */
  readonly ownBook: "excluded" | "capped";
  /** Fewer fresh sources freeze the index. At least 3: two cannot outvote one. */
  readonly freshSourcesMin: number;
  /** A source further from the median than this share of it does not agree. */
  readonly deviationMax: Ratio;
  /** The average takes no source as further from the median than this share of it. Not above `deviationMax`. */
  readonly capWidth: Ratio;
  /** A move from the last good value beyond this share of it has to persist. */
  readonly jumpMax: Ratio;
  /** How long a move of `jumpMax` has to persist; a larger one proportionally longer. */
  readonly jumpPersistenceMs: number;
  /** After this time frozen, only a person can bring the index back. */
  readonly frozenMsMax: number;
  /** How many sources there are beside the own book. */
  readonly heardMax: number;
  /** The shares above in units, and the weight of all sources beside the own book. */
  readonly units: {
    readonly weight: bigint;
    readonly deviationMax: bigint;
    readonly capWidth: bigint;
    readonly jumpMax: bigint;
  };
}

const SOURCE_GRAMMAR = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Returns the text as the name of a source. @throws MalformedSource */
export function sourceId(name: string): SourceId {
  if (typeof name !== "string" || !SOURCE_GRAMMAR.test(name)) throw new MalformedSource();
  return name as SourceId;
}

/** A name that is not usable for a source. */
export class MalformedSource extends Error {
  override readonly name = "MalformedSource";
  readonly code = "SOURCE_MALFORMED";
  constructor() {
    super("expected a source: 1 to 64 letters, digits, '.', '_' or '-', starting with a letter or digit");
  }
}

const HOUR = 3_600_000;
const RULES = [
  "sources",
  "ownBook",
  "freshSourcesMin",
  "deviationMax",
  "capWidth",
  "jumpMax",
  "jumpPersistenceMs",
  "frozenMsMax",
] as const;
const SOURCE = ["id", "role", "weight", "quotedIn", "ageMsMax", "unchangedMsMax", "priceMin", "priceMax"] as const;

/**
 * Returns the rules of one index that a JSON document describes.
 *
 * @param path where the document stands in a larger one, for the refusal
 * @throws InvalidParameters naming the first field that is not acceptable.
 * @method MARKET-1
 */
export function loadIndexRules(json: unknown, path = ""): IndexRules {
  const root = strictObject({ value: json, path }, RULES);
  const sources = list(root.sources).map(readSource);
  const names = new Set<SourceId>();
  for (const [at, { id }] of sources.entries()) {
    if (names.has(id))
      refuse({ value: id, path: `${root.sources.path}[${at}].id` }, "a source that is not named before");
    names.add(id);
  }
  const heard = sources.filter(({ role }) => role !== "own-book");
  if (heard.length < 3) refuse(root.sources, "at least three sources beside the own book");
  const deviationMax = ratio(decimal(root.deviationMax, { leastOpen: "0", mostOpen: "1" }));
  const capWidth = ratio(decimal(root.capWidth, { leastOpen: "0", most: deviationMax.toFixed() }));
  const jumpMax = ratio(decimal(root.jumpMax, { leastOpen: "0", most: "1" }));
  return {
    sources,
    ownBook: oneOf(root.ownBook, ["excluded", "capped"]),
    freshSourcesMin: wholeNumber(root.freshSourcesMin, 3, heard.length),
    deviationMax,
    capWidth,
    jumpMax,
    jumpPersistenceMs: wholeNumber(root.jumpPersistenceMs, 1, HOUR),
    frozenMsMax: wholeNumber(root.frozenMsMax, 1, HOUR),
    heardMax: heard.length,
    units: {
      weight: heard.reduce((sum, { weightUnits }) => sum + weightUnits, 0n),
      deviationMax: unitsOf(deviationMax),
      capWidth: unitsOf(capWidth),
      jumpMax: unitsOf(jumpMax),
    },
  };
}

function readSource(field: Field): SourceRule {
  const found = strictObject(field, SOURCE);
  const weight = ratio(decimal(found.weight, { leastOpen: "0" }));
  const priceMin = price(decimal(found.priceMin, { least: "0" }));
  return {
    id: text(found.id, sourceId, "a name for a source"),
    role: oneOf(found.role, ["venue", "redemption", "own-book"]),
    weight,
    weightUnits: unitsOf(weight),
    quotedIn: found.quotedIn.value === null ? null : text(found.quotedIn, assetId, "an asset id or null"),
    ageMsMax: wholeNumber(found.ageMsMax, 1, 24 * HOUR),
    unchangedMsMax: found.unchangedMsMax.value === null ? null : wholeNumber(found.unchangedMsMax, 1, 24 * HOUR),
    priceMin,
    priceMax: price(decimal(found.priceMax, { leastOpen: priceMin.toFixed() })),
  };
}
