import { type Account, type AssetId, compareIds, type MarketSnapshot, type RiskParameters } from "@ballast/model";
import { add, sub, type Usd, valueOf, ZERO_USD } from "@ballast/money";
import { indexPriceOf, markPriceOf } from "../mark/prices.js";
import { instrumentOf } from "../position/marked-position.js";
import { unrealisedProfit } from "../position/unrealised-profit.js";

/**
 * The market in which the new risk of an account is judged a second time: assets at what they count for as collateral where
 * that is less, and, for each underlying, all instruments at their stable marks where the account has less profit at those.
 * Null where nothing differs.
 *
 * One choice for each underlying, not for each position: of two positions that hedge each other neither may be judged at a
 * price that the other does not see. And not one choice for all: what a stable mark forgives in one underlying must not
 * pay for what has been pumped in another.
 *
 * @throws MissingPrice when the snapshot lacks a price that the account needs.
 * @method DECISION-7
 */
export function creditMarket(
  market: MarketSnapshot,
  account: Account,
  parameters: RiskParameters,
): MarketSnapshot | null {
  const cautious = cautiousUnderlyings(market, account, parameters);
  if ((market.creditPrices?.size ?? 0) === 0 && cautious.length === 0) return null;
  const made = CREDIT_MARKETS.get(market) ?? new Map<string, MarketSnapshot>();
  CREDIT_MARKETS.set(market, made);
  const choice = cautious.join(" ");
  const known = made.get(choice);
  if (known !== undefined) return known;
  const credit = cautiousMarket(market, new Set(cautious), parameters);
  made.set(choice, credit);
  return credit;
}

/** One for each living snapshot and choice, so that what is prepared for it (`scan`, `portfolio-account`) is prepared once. */
const CREDIT_MARKETS = new WeakMap<MarketSnapshot, Map<string, MarketSnapshot>>();

/** Underlyings in which the account has less profit at stable marks than at marks, in order of id. */
function cautiousUnderlyings(
  market: MarketSnapshot,
  { positions }: Account,
  parameters: RiskParameters,
): readonly AssetId[] {
  const { stableMarks } = market;
  if (stableMarks === undefined || stableMarks.size === 0) return [];
  const gained = new Map<AssetId, Usd>();
  for (const position of positions.values()) {
    const instrument = instrumentOf(parameters, position.instrument);
    const { id, underlying, settlementAsset } = instrument;
    const stable = stableMarks.get(id);
    if (stable === undefined) continue;
    const atStable = unrealisedProfit(instrument, position, stable);
    const more = sub(atStable, unrealisedProfit(instrument, position, markPriceOf(market, instrument)));
    const dollars = valueOf(more, indexPriceOf(market, settlementAsset));
    gained.set(underlying, add(gained.get(underlying) ?? ZERO_USD, dollars));
  }
  return [...gained].flatMap(([underlying, more]) => (more.lt(0) ? [underlying] : [])).sort(compareIds);
}

function cautiousMarket(
  market: MarketSnapshot,
  cautious: ReadonlySet<AssetId>,
  { instruments }: RiskParameters,
): MarketSnapshot {
  const { indexPrices, markPrices, creditPrices, stableMarks } = market;
  const stable = [...(stableMarks ?? [])].filter(([id]) => {
    const underlying = instruments.get(id)?.underlying;
    return underlying !== undefined && cautious.has(underlying);
  });
  return {
    ...market,
    indexPrices: creditPrices === undefined ? indexPrices : new Map([...indexPrices, ...creditPrices]),
    markPrices: stable.length === 0 ? markPrices : new Map([...markPrices, ...stable]),
  };
}
