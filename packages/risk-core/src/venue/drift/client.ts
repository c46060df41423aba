import { magnitudeOf, wholeMax, wholeMin } from "../whole-numbers.js";
import { perpProfit, perpRequirement, type PerpPosition } from "./account.js";
import { BASE, type MarginKind, PRICE, perpMarginRatio, RATIO } from "./weights.js";

/*
 * The figures of Drift's published client for an account of one quote token and perpetuals. It is a second implementation
 * of the margin rules and differs from the first: profit is not capped when opening.
 */

export interface ClientAccount {
  /** Quote units, signed. */
  readonly quote: bigint;
  readonly perp: readonly PerpPosition[];
}

const ORDER_MARGIN = 10_000n;
const PLAIN = { ratioMin: 0n, isHighLeverage: false } as const;

/** Requirement, collateral and what is free of it (not below zero). */
export function clientMargin({ quote, perp }: ClientAccount, kind: MarginKind) {
  const margins = perp.map(
    (position) => perpRequirement(position, kind, PLAIN).margin + position.openOrders * ORDER_MARGIN,
  );
  const requirement = margins.reduce((sum, margin) => sum + margin, wholeMax(-quote, 0n));
  const collateral = perp.reduce((sum, position) => sum + perpProfit(position), wholeMax(quote, 0n));
  return { requirement, collateral, free: wholeMax(collateral - requirement, 0n) };
}

/**
 * Hundredths of collateral that maintenance margin leaves, rounded to the nearest, 0…100.
 *
 * @method TIERS-23
 */
export function clientHealth(account: ClientAccount): bigint {
  const { requirement, collateral } = clientMargin(account, "maintenance");
  if (requirement === 0n && collateral >= 0n) return 100n;
  if (collateral <= 0n) return 0n;
  const doubled = (200n * (collateral - requirement) + collateral) / (2n * collateral);
  return wholeMin(wholeMax(doubled, 0n), 100n);
}

/**
 * Price at which the free collateral of the account is used up by one position alone, orders left out: the oracle's where
 * none is free, −1 where no positive price does it.
 *
 * @method TIERS-23
 */
export function clientLiquidationPrice(account: ClientAccount, at: number): bigint {
  const position = account.perp[at];
  if (position === undefined) return -1n;
  const bare = account.perp.map((each) => ({ ...each, openBids: 0n, openAsks: 0n, openOrders: 0n }));
  const { free } = clientMargin({ ...account, perp: bare }, "maintenance");
  const ratio = perpMarginRatio(position.market, magnitudeOf(position.base), "maintenance", false);
  const scaled = (ratio * PRICE) / RATIO;
  const delta = ((position.base > 0n ? PRICE - scaled : PRICE + scaled) * position.base) / BASE;
  if (delta === 0n) return -1n;
  const price = position.market.price - (free * PRICE) / delta;
  return price < 0n ? -1n : price;
}
