import { INSURANCE_FUND } from "@ballast/model";
import { type Usd, usd } from "@ballast/money";
import type { Session } from "./unit-of-work.js";

/** What is missing from accounts that owe more than they have, and what there is to pay it with. Dollars at the last verdicts. */
export interface FundCover {
  /** Net values below zero of everybody but the house, added up; ≥ 0. */
  readonly deficitsInProgress: Usd;
  /** Net value of the insurance fund; zero before it has been judged. */
  readonly fund: Usd;
}

/**
 * Reads the verdicts as they stand, without locking anybody: a verdict that changes a moment later is judged by the next
 * withdrawal. Cost: one pass over the verdicts.
 *
 * @method LIQUIDATION-25
 */
export async function readFundCover(session: Session): Promise<FundCover> {
  const { rows } = await session.query<{ deficits: string; fund: string }>({
    name: "fund-cover",
    text: `SELECT coalesce(-sum(health.net_value) FILTER (WHERE account.kind IN ('USER', 'MARKET_MAKER')), 0)::text AS deficits,
                  coalesce(max(health.net_value) FILTER (WHERE account.id = $1), 0)::text AS fund
             FROM account_health AS health
             JOIN account ON account.id = health.account_id
            WHERE account.id = $1 OR health.net_value < 0`,
    values: [INSURANCE_FUND],
  });
  const [row] = rows;
  return { deficitsInProgress: usd(row?.deficits ?? "0"), fund: usd(row?.fund ?? "0") };
}
