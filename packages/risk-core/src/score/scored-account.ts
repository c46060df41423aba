import {
  type Account,
  type AssetId,
  compareIds,
  contractValue,
  type InstrumentId,
  type MarginSummary,
  type MarketSnapshot,
  type RiskParameters,
} from "@ballast/model";
import { type Quantity, quantity, sub, toFloat64 } from "@ballast/money";
import { MissingEstimate } from "../margin/components/missing-estimate.js";
import { COLLATERAL_CLASSES } from "../margin/presets/estimates-from-history.f64.js";
import { depthOf, indexPriceOf, markPriceOf, MissingPrice } from "../mark/prices.js";
import { instrumentOf } from "../position/marked-position.js";
import type { EstimatedRisk } from "./estimated-risk.f64.js";
import { type MarketRisk, type PoolExposure, type RiskScore, riskScore } from "./risk-score.f64.js";
import type { ScoreRule } from "./score-rule.js";

/*
 * From an account of the house to what the score sees of it: the border post of this chapter. What does not depend on the
 * account is converted once for a snapshot, so that a house of thousands is a look-up for each position.
 *
 * The delta of a position is what a relative move of its underlying changes in dollars. An inverse contract is dollars
 * against coins: its delta is its dollars, and the coins it has won or lost so far are collateral like any other.
 */

/** What a score is computed at. */
export interface ScoreSetting {
  readonly market: MarketSnapshot;
  readonly parameters: RiskParameters;
  readonly estimated: EstimatedRisk;
  readonly rule: ScoreRule;
  /** Contracts that one side holds, of each instrument in which anybody holds any. */
  readonly openInterest: ReadonlyMap<InstrumentId, Quantity>;
}

/** A score with everything it was computed from. */
export interface ScoredAccount {
  readonly pool: PoolExposure;
  readonly risk: MarketRisk;
  readonly score: RiskScore;
}

/** Scores accounts at one snapshot. */
export interface ScoredMarket {
  /**
   * The score of an account whose margin is known.
   *
   * Cost: some ten microseconds for two underlyings.
   *
   * @throws MissingPrice for a price or a depth that the account needs; MissingEstimate for something held that moves with
   *   an underlying of which nothing is estimated.
   */
  score(account: Account, summary: MarginSummary): ScoredAccount;
}

interface Contract {
  readonly underlying: AssetId;
  readonly settlement: AssetId;
  /** Dollars of one contract long for a relative move of one. */
  readonly delta: number;
  /** Value of one contract at the mark, in the settlement asset: with its entry cash, its profit. */
  readonly value: number;
}

/**
 * Prepares a snapshot for scores.
 *
 * Liquidity is what orders of the largest allowed share of the one-per-cent depth may take in a day, each instrument's book
 * being full again after the refill. The open interest is at least what the account itself holds: it may have been counted a
 * moment earlier.
 *
 * @method SCORE-10
 */
export function scoredMarket(setting: ScoreSetting): ScoredMarket {
  const contractOf = remembered((id: InstrumentId) => contract(id, setting));
  const marketOf = remembered((underlying: AssetId) => underlyingMarket(underlying, setting, contractOf));
  const riskOf = remembered((joined: string) => setting.estimated.of(joined === "" ? [] : joined.split(" ")));
  return {
    score(account, summary) {
      const { deltas, gross } = exposures(account, setting, contractOf);
      const underlyings = [...deltas.keys()].sort(compareIds);
      const risk = riskOf(underlyings.join(" "));
      const markets = underlyings.map(marketOf);
      const pool: PoolExposure = {
        underlyings,
        deltas: underlyings.map((underlying) => deltas.get(underlying) as number),
        slack: toFloat64(sub(summary.equity, summary.maintenanceMargin)),
        netValue: toFloat64(summary.netValue),
        dailyLiquidity: markets.map(({ dailyLiquidity }) => dailyLiquidity),
        openInterestShare: underlyings.map((underlying, at) => {
          const held = gross.get(underlying) ?? 0;
          return held === 0 ? 0 : held / Math.max(held, (markets[at] as UnderlyingMarket).openInterest);
        }),
      };
      return { pool, risk, score: riskScore(pool, risk, setting.rule.horizonDays) };
    },
  };
}

/** Net and gross dollars by underlying; an underlying that is held in any way is in `deltas`, at zero if it nets to that. */
function exposures(account: Account, setting: ScoreSetting, contractOf: (id: InstrumentId) => Contract) {
  const deltas = new Map<AssetId, number>();
  const gross = new Map<AssetId, number>();
  const coins = new Map<AssetId, number>();
  if (!canOwe(account)) return { deltas, gross };
  const add = (to: Map<AssetId, number>, of: AssetId, more: number) => to.set(of, (to.get(of) ?? 0) + more);
  for (const { instrument, quantity: held, entryCash } of account.positions.values()) {
    const { underlying, settlement, delta, value } = contractOf(instrument);
    const contracts = toFloat64(held);
    add(deltas, underlying, contracts * delta);
    add(gross, underlying, Math.abs(contracts * delta));
    add(coins, settlement, contracts * value + toFloat64(entryCash));
  }
  for (const [asset, balance] of account.balances) add(coins, asset, toFloat64(balance));
  for (const [asset, held] of coins) {
    const underlying = movesWith(asset, setting);
    if (underlying !== null) add(deltas, underlying, held * toFloat64(indexPriceOf(setting.market, asset)));
  }
  return { deltas, gross };
}

/** Without a position and without a debt there is nothing that could be owed, however what it holds moves. */
const canOwe = ({ positions, balances }: Account): boolean =>
  positions.size > 0 || [...balances.values()].some((balance) => balance.isNegative());

/** The underlying that an asset moves with; null for money. */
function movesWith(asset: AssetId, { estimated }: ScoreSetting): AssetId | null {
  if (estimated.underlyings.has(asset)) return asset;
  const known = Object.hasOwn(COLLATERAL_CLASSES, asset) ? COLLATERAL_CLASSES[asset] : undefined;
  if (known === undefined) throw new MissingEstimate("rate", asset);
  return known.stands as AssetId | null;
}

function contract(id: InstrumentId, { market, parameters }: ScoreSetting): Contract {
  const instrument = instrumentOf(parameters, id);
  const { underlying, settlementAsset } = instrument;
  const mark = markPriceOf(market, instrument);
  const value = toFloat64(contractValue(instrument, ONE_CONTRACT, mark));
  const delta =
    instrument.payoff === "linear"
      ? value * toFloat64(indexPriceOf(market, settlementAsset))
      : -value * toFloat64(mark);
  return { underlying, settlement: settlementAsset, delta, value };
}

const ONE_CONTRACT = quantity("1");

interface UnderlyingMarket {
  readonly dailyLiquidity: number;
  /** Of one side, in dollars. */
  readonly openInterest: number;
}

function underlyingMarket(
  underlying: AssetId,
  { market, parameters, openInterest, rule }: ScoreSetting,
  contractOf: (id: InstrumentId) => Contract,
): UnderlyingMarket {
  const listed = [...parameters.instruments.values()].filter((instrument) => instrument.underlying === underlying);
  const share = toFloat64(parameters.liquidation.depthShareMax);
  const refills = 24 / rule.refillHours;
  let [dailyLiquidity, held] = [0, 0];
  for (const instrument of listed) {
    if (market.depths.has(instrument.id)) dailyLiquidity += toFloat64(depthOf(market, instrument)) * share * refills;
    const contracts = openInterest.get(instrument.id);
    if (contracts !== undefined) held += toFloat64(contracts) * contractOf(instrument.id).delta;
  }
  if (dailyLiquidity === 0) throw new MissingPrice(underlying, "DEPTH", market.sequence);
  return { dailyLiquidity, openInterest: held };
}

function remembered<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new Map<Key, Value>();
  return (key) => {
    const found = made.get(key);
    if (found !== undefined) return found;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}
