import { type AssetId, assertInvariant, type Instrument, type InstrumentId, type MarketSnapshot } from "@ballast/model";
import type { Price, Usd } from "@ballast/money";

/**
 * A price that a judgement needs is not in the snapshot. Thrown, because every caller that can meet it answers the
 * same: the rejection PRICE_MISSING, or "look again at the next snapshot".
 */
export class MissingPrice extends Error {
  override readonly name = "MissingPrice";
  readonly code = "PRICE_MISSING";
  constructor(
    readonly of: AssetId | InstrumentId,
    readonly kind: "INDEX" | "MARK" | "DEPTH",
    readonly sequence: number,
  ) {
    super(`expected a ${kind.toLowerCase()} of ${of} in snapshot ${sequence}; found none`);
  }
}

/**
 * Dollars for one unit of an asset, from the snapshot.
 *
 * @throws MissingPrice when the snapshot has no index of the asset.
 * @throws InvariantViolation when the price is not above zero.
 * @method COLLATERAL-1
 */
export function indexPriceOf(market: MarketSnapshot, asset: AssetId): Price {
  return positive(market.indexPrices.get(asset), asset, "INDEX", market);
}

/**
 * The mark of an instrument, from the snapshot.
 *
 * @throws MissingPrice when the snapshot has no mark of the instrument.
 * @throws InvariantViolation when the price is not above zero.
 * @method COLLATERAL-1
 */
export function markPriceOf(market: MarketSnapshot, instrument: Instrument): Price {
  return positive(market.markPrices.get(instrument.id), instrument.id, "MARK", market);
}

/**
 * Dollars of market orders that move an instrument by one per cent, from the snapshot.
 *
 * @throws MissingPrice when the snapshot has no depth of the instrument.
 * @throws InvariantViolation when it is not above zero.
 */
export function depthOf(market: MarketSnapshot, instrument: Instrument): Usd {
  return positive(market.depths.get(instrument.id), instrument.id, "DEPTH", market);
}

function positive<T extends Price | Usd>(
  found: T | undefined,
  of: AssetId | InstrumentId,
  kind: "INDEX" | "MARK" | "DEPTH",
  market: MarketSnapshot,
): T {
  if (found === undefined) throw new MissingPrice(of, kind, market.sequence);
  assertInvariant(found.isFinite() && found.gt(0), "COLLATERAL-1 prices are above zero", {
    of,
    kind,
    found: found.toFixed(),
  });
  return found;
}
