import {
  type Account,
  type AssetId,
  compareIds,
  type InstrumentId,
  type MarketSnapshot,
  type RiskParameters,
} from "@ballast/model";
import { negate, ONE, type Price, type Ratio, ratio, scale } from "@ballast/money";
import { isHouse } from "../decision/health.js";
import { netValuePrepared } from "../scan/assess-health.js";
import { type PreparedMarket, prepareMarket } from "../scan/prepared-market.js";
import type { StressDeficit } from "./fund.js";

/*
 * What the accounts would leave unpaid if prices jumped now, before anybody could act: what the insurance fund's target is
 * measured by. A jump is the honest question for a fund: a liquidation that still can sell is paid for by the account.
 */

/** Jumps of all coins together. The largest is what bitcoin lost within a day in March 2020. */
const TOGETHER = ["-0.4", "-0.2", "-0.1", "0.1", "0.2", "0.4"].map((move) => ratio(move));
/** Jumps of one coin alone, the others standing still: what comes between two legs. */
const ALONE = ["-0.4", "0.4"].map((move) => ratio(move));

/** A market after a jump: index prices and marks of one coin, or of all, moved by the same share. */
export interface StressScenario {
  /** Such as "ALL -0.4" or "ETH 0.4". */
  readonly id: string;
  /** Null: every coin that an instrument is on. */
  readonly of: AssetId | null;
  readonly move: Ratio;
  readonly market: PreparedMarket;
}

/**
 * The scenarios of the fund's target at a snapshot: six jumps of all coins together, and two of each coin alone.
 *
 * A coin without an index price has none. What no instrument is on (a stablecoin) stands still.
 *
 * @method LIQUIDATION-32
 */
export function stressScenarios(market: MarketSnapshot, parameters: RiskParameters): readonly StressScenario[] {
  const coins = [...new Set([...parameters.instruments.values()].map(({ underlying }) => underlying))]
    .filter((coin) => market.indexPrices.has(coin))
    .sort(compareIds);
  const scenario = (of: AssetId | null, move: Ratio): StressScenario => ({
    id: `${of ?? "ALL"} ${move.toFixed()}`,
    of,
    move,
    market: prepareMarket(
      afterJump(market, parameters, of === null ? new Set(coins) : new Set([of]), move),
      parameters,
    ),
  });
  return [
    ...TOGETHER.map((move) => scenario(null, move)),
    ...(coins.length > 1 ? coins.flatMap((coin) => ALONE.map((move) => scenario(coin, move))) : []),
  ];
}

function afterJump(
  market: MarketSnapshot,
  { instruments }: RiskParameters,
  coins: ReadonlySet<AssetId>,
  move: Ratio,
): MarketSnapshot {
  const factor = ONE.add(move) as Ratio;
  const moved = <Id>(prices: ReadonlyMap<Id, Price>, coinOf: (id: Id) => AssetId | undefined) =>
    new Map(
      [...prices].map(([id, price]) => {
        const coin = coinOf(id);
        return [id, coin !== undefined && coins.has(coin) ? scale(price, factor) : price] as const;
      }),
    );
  return {
    ...market,
    indexPrices: moved<AssetId>(market.indexPrices, (asset) => asset),
    markPrices: moved<InstrumentId>(market.markPrices, (id) => instruments.get(id)?.underlying),
  };
}

/** Nothing held but what is its own: no price makes it owe. */
function cannotOwe({ balances, positions }: Account): boolean {
  return positions.size === 0 && [...balances.values()].every((balance) => balance.gte(0));
}

/**
 * What one account would leave unpaid in each scenario that makes it bankrupt: its net value below zero, rounded up to 8 digits.
 * Its owner is the main account. Accounts of the house leave nothing to a fund.
 *
 * Cost: some ten microseconds a scenario that moves anything the account has.
 *
 * @throws MissingPrice when the snapshot lacks a price that the account needs.
 * @method LIQUIDATION-32
 */
export function stressDeficitsOf(
  account: Account,
  scenarios: readonly StressScenario[],
  { instruments }: RiskParameters,
): readonly StressDeficit[] {
  if (isHouse(account.kind) || cannotOwe(account)) return [];
  const coins = new Set<AssetId>(account.balances.keys());
  for (const id of account.positions.keys()) {
    const underlying = instruments.get(id)?.underlying;
    if (underlying !== undefined) coins.add(underlying);
  }
  return scenarios.flatMap(({ id, of, market }) => {
    if (of !== null && !coins.has(of)) return [];
    const netValue = netValuePrepared(account, market);
    return netValue.gte(0) ? [] : [{ scenario: id, owner: account.parent ?? account.id, deficit: negate(netValue) }];
  });
}
