import { floorDivide } from "../whole-numbers.js";
import { fundingOwed, type Market, MILLION, notionalOf, positionRequirement } from "./market.js";

/*
 * The risk of a dYdX account, and the rule by which one that is under water may still trade. Ratios are compared by
 * multiplying across, so nothing rounds and an account without requirement has its place in the order.
 */

export interface Position {
  readonly market: string;
  /** Base quantums, signed. */
  readonly quantums: bigint;
  /** Quote quantums held by the position itself. */
  readonly quoteBalance: bigint;
  readonly fundingIndex: bigint;
}

export interface Subaccount {
  readonly usdc: bigint;
  readonly positions: readonly Position[];
}

export type Markets = ReadonlyMap<string, Market>;

/** Quote quantums. */
export interface Risk {
  readonly netCollateral: bigint;
  readonly initialMargin: bigint;
  readonly maintenanceMargin: bigint;
}

/**
 * Net collateral and requirements of an account: cash, funding owed rounded down once, and of each position its signed
 * notional and its own quote balance. Markets do not offset each other.
 *
 * @method TIERS-20
 */
export function riskOf({ usdc, positions }: Subaccount, markets: Markets): Risk {
  let [owed, netCollateral, initialMargin, maintenanceMargin] = [0n, usdc, 0n, 0n];
  for (const { market: name, quantums, quoteBalance, fundingIndex } of positions) {
    const market = marketOf(markets, name);
    const requirement = positionRequirement(market, quantums);
    owed += fundingOwed(market, quantums, fundingIndex);
    netCollateral += notionalOf(market, quantums) + quoteBalance;
    initialMargin += requirement.initial;
    maintenanceMargin += requirement.maintenance;
  }
  return { netCollateral: netCollateral + floorDivide(owed, MILLION), initialMargin, maintenanceMargin };
}

/** A market that the account holds and nobody described. */
export class UnknownMarket extends Error {
  override readonly name = "UnknownMarket";
  readonly code = "MARKET_UNKNOWN";
  constructor(readonly market: string) {
    super(`expected a market among those given; found ${market}`);
  }
}

/** @throws UnknownMarket when there is none of that name. */
export function marketOf(markets: Markets, name: string): Market {
  const market = markets.get(name);
  if (market === undefined) throw new UnknownMarket(name);
  return market;
}

export const meetsInitial = ({ netCollateral, initialMargin }: Risk): boolean => netCollateral >= initialMargin;
export const meetsMaintenance = ({ netCollateral, maintenanceMargin }: Risk): boolean =>
  netCollateral >= maintenanceMargin;

/**
 * May an account be liquidated? Equality is safe, and so is an account that has nothing to maintain.
 *
 * @method TIERS-20
 */
export function isLiquidatable({ netCollateral, maintenanceMargin }: Risk): boolean {
  return maintenanceMargin > 0n && maintenanceMargin > netCollateral;
}

/** What is compared. */
type Ranked = Pick<Risk, "netCollateral" | "maintenanceMargin">;

/**
 * Which of two accounts is riskier: 1 the first, −1 the second, 0 neither. By net collateral ÷ maintenance margin,
 * multiplied across; at a tie the higher maintenance margin is riskier, or, where neither has any, the lower collateral.
 *
 * @method TIERS-20
 */
export function compareRisk(first: Ranked, second: Ranked): -1 | 0 | 1 {
  const [left, right] = [
    first.netCollateral * second.maintenanceMargin,
    second.netCollateral * first.maintenanceMargin,
  ];
  if (left !== right) return left < right ? 1 : -1;
  if (first.maintenanceMargin === 0n && second.maintenanceMargin === 0n) {
    return order(second.netCollateral, first.netCollateral);
  }
  return order(first.maintenanceMargin, second.maintenanceMargin);
}

const order = (a: bigint, b: bigint): -1 | 0 | 1 => (a === b ? 0 : a > b ? 1 : -1);

/** What became of an update. */
export type Transition = "Success" | "NewlyUndercollateralized" | "StillUndercollateralized";

/**
 * Is an update allowed? Always when initial margin is met after it. Otherwise only one that is no riskier: maintenance
 * margin does not rise and net collateral ÷ maintenance margin does not fall; with nothing left to maintain, net collateral
 * must rise. So "reduce only while under water" follows from arithmetic, without looking at orders.
 *
 * @method TIERS-20
 */
export function transitionOf(before: Risk, after: Risk): Transition {
  if (meetsInitial(after)) return "Success";
  const refusal = meetsInitial(before) ? "NewlyUndercollateralized" : "StillUndercollateralized";
  if (after.maintenanceMargin > before.maintenanceMargin) return refusal;
  if (after.maintenanceMargin === 0n) return after.netCollateral > before.netCollateral ? "Success" : refusal;
  return compareRisk(after, before) > 0 ? refusal : "Success";
}
