import { Decimal } from "@ballast/money";
import type { RateTier } from "./tier-table.js";

const tiers = (...rows: readonly (readonly [from: string, multiplier: string])[]): readonly RateTier[] =>
  rows.map(([from, multiplier]) => ({ from: new Decimal(from), rate: new Decimal(multiplier) }));

/**
 * Multipliers of the minimum charge (MR7) of OKX portfolio margin for BTC and ETH, by its raw amount in dollars: marginal,
 * so that the charge is `marginalCharge(raw, table)`. Source: announcements of December 2021 and January 2025.
 */
export const MINIMUM_CHARGE_TIERS = {
  "2021-12": tiers(
    ["0", "1"],
    ["10000", "2"],
    ["70000", "4"],
    ["170000", "6"],
    ["300000", "8"],
    ["470000", "10"],
    ["700000", "12"],
  ),
  "2025-01-15": tiers(
    ["0", "1"],
    ["250000", "2"],
    ["500000", "4"],
    ["1000000", "6"],
    ["2000000", "8"],
    ["3000000", "10"],
    ["4000000", "12"],
  ),
} as const;
