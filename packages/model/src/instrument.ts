import type { Amount, ContractSize, Price, Quantity } from "@ballast/money";
import { inverseContractValue, linearContractValue } from "@ballast/money";
import type { AssetId, InstrumentId } from "./ids.js";
import type { UtcMillis } from "./time.js";

/**
 * How profit is paid. `linear`: settlement asset × price difference. `inverse`: coin, as the difference of 1/price.
 */
export type Payoff = "linear" | "inverse";

interface Contract {
  readonly id: InstrumentId;
  readonly payoff: Payoff;
  /** The asset whose index price the contract follows. */
  readonly underlying: AssetId;
  /** What profit and fees are paid in. Linear: a dollar stablecoin. Inverse: the underlying itself. */
  readonly settlementAsset: AssetId;
  /** Linear: units of the underlying a contract. Inverse: dollars a contract. */
  readonly contractSize: ContractSize;
  /** Smallest quantity step, in contracts. */
  readonly lotSize: Quantity;
  /** Smallest price step. */
  readonly tickSize: Price;
}

export interface Perpetual extends Contract {
  readonly kind: "perpetual";
}

export interface DatedFuture extends Contract {
  readonly kind: "dated-future";
  readonly expiresAt: UtcMillis;
}

/** Everything that can be held as a position. */
export type Instrument = Perpetual | DatedFuture;

/**
 * Value of `quantity` contracts at a price, in the settlement asset, signed so that a long gains when the price rises.
 * Only differences mean something: unrealised profit is the value at the mark plus what the position has cost.
 *
 * @method POSITION-1 POSITION-2 POSITION-4
 */
export function contractValue(instrument: Instrument, quantity: Quantity, at: Price): Amount {
  return instrument.payoff === "linear"
    ? linearContractValue(quantity, instrument.contractSize, at)
    : inverseContractValue(quantity, instrument.contractSize, at);
}
