import { Decimal } from "@ballast/money";
import { OKX_REDUCTION_TIERS } from "../margin/presets/okx.js";
import type { RateTier } from "./tier-table.js";

/**
 * Multipliers of the minimum charge (MR7) of OKX portfolio margin for BTC and ETH, by its raw amount in dollars: marginal,
 * so that the charge is `marginalCharge(raw, table)`. Source: announcements of December 2021 and January 2025.
 */
export const MINIMUM_CHARGE_TIERS = {
  "2021-12": OKX_REDUCTION_TIERS.map(({ from, multiple }) => tier(from, multiple)),
  "2025-01-15": [
    tier("0", "1"),
    tier("250000", "2"),
    tier("500000", "4"),
    tier("1000000", "6"),
    tier("2000000", "8"),
    tier("3000000", "10"),
    tier("4000000", "12"),
  ],
} as const satisfies Readonly<Record<string, readonly RateTier[]>>;

function tier(from: string, multiple: string): RateTier {
  return { from: new Decimal(from), rate: new Decimal(multiple) };
}
