import type { HaircutTier, Instrument, MarginTier, RiskParameters } from "@ballast/model";
import { type Decimal, printDecimal } from "@ballast/money";
import type { Json } from "./fields.js";

/**
 * The parameter set as a JSON document that `loadRiskParameters` reads back to the same set. Every amount is a decimal
 * string; times are UTC text.
 *
 * @method MARGIN-6
 */
export function printRiskParameters(parameters: RiskParameters): Json {
  const { policy, ...liquidation } = parameters.liquidation;
  return {
    version: parameters.version,
    assets: [...parameters.assets.values()].map(({ id, scale }) => ({ id, scale })),
    instruments: [...parameters.instruments.values()].map(printInstrument),
    haircuts: printTiers(parameters.haircuts, (tier: HaircutTier) => printDecimals({ ...tier })),
    marginTiers: printTiers(parameters.marginTiers, (tier: MarginTier) => printDecimals({ ...tier })),
    liquidation: {
      ...printDecimals({ ...liquidation }),
      ...(policy === undefined ? {} : { policy: printDecimals({ ...policy }) }),
    },
    ...(parameters.portfolioMargin === undefined
      ? {}
      : { portfolioMargin: parameters.portfolioMargin as unknown as Json }),
  };
}

function printInstrument(instrument: Instrument): Json {
  const { id, kind, payoff, underlying, settlementAsset, contractSize, lotSize, tickSize } = instrument;
  const contract = { id, kind, payoff, underlying, settlementAsset };
  const sizes = printDecimals({ contractSize, lotSize, tickSize });
  return instrument.kind === "dated-future"
    ? { ...contract, ...sizes, expiresAt: new Date(instrument.expiresAt).toISOString() }
    : { ...contract, ...sizes };
}

function printTiers<Tier>(
  tiers: ReadonlyMap<string, readonly Tier[]>,
  print: (tier: Tier) => Record<string, string>,
): Record<string, Json> {
  return Object.fromEntries([...tiers].map(([id, rows]) => [id, rows.map(print)]));
}

function printDecimals(fields: Readonly<Record<string, Decimal>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, printDecimal(value)]));
}
