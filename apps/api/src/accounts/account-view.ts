import { type AccountHealthBody, type AccountRow, printTime } from "@ballast/api-contract";
import type { Account } from "@ballast/model";
import { printDecimal } from "@ballast/money";
import type { AccountListing, HealthRecord } from "@ballast/store";
import { marginUsage } from "../margin/margin-usage.js";

/** One line of a list of accounts, as it goes out. */
export function accountRow(listing: AccountListing): AccountRow {
  return {
    id: listing.id,
    kind: listing.kind,
    name: listing.name,
    parent: listing.parent,
    marginMode: listing.marginMode,
    frozen: listing.frozen,
    openCase: listing.openCase,
    health: listing.health === null ? null : healthBody(listing.health),
  };
}

/** The stored verdict on an account. A usage means nothing once equity is gone, so it is left out then. */
export function healthBody(health: HealthRecord): AccountHealthBody {
  const { summary } = health;
  return {
    state: health.state,
    marksSequence: health.sequence,
    equity: printDecimal(summary.equity),
    netValue: printDecimal(summary.netValue),
    initialMargin: printDecimal(summary.initialMargin),
    maintenanceMargin: printDecimal(summary.maintenanceMargin),
    marginUsage: marginUsage(summary),
    assessedAt: printTime(health.assessedAt),
  };
}

/** What an account holds, by asset and instrument in order of id. */
export function holdings(account: Account) {
  return {
    balances: [...account.balances].map(([asset, amount]) => ({ asset, amount: printDecimal(amount) })),
    positions: [...account.positions.values()].map((position) => ({
      instrument: position.instrument,
      quantity: printDecimal(position.quantity),
      entryCash: printDecimal(position.entryCash),
    })),
  };
}
