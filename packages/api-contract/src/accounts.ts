import { z } from "zod";
import { pageOf, pageQueryShape } from "./page.js";
import { assetAmount, decimalText, idText, nameText, sequenceNumber, timeText } from "./wire.js";

/** How many accounts one request may open. */
export const ACCOUNTS_BATCH_MAX = 500;

export const accountKind = z.enum(["USER", "MARKET_MAKER", "INSURANCE_FUND", "HOUSE"]).meta({ id: "AccountKind" });
/** STANDARD: every position for itself. PORTFOLIO: all together, by scenarios and with credit for what is hedged. */
export const marginMode = z.enum(["STANDARD", "PORTFOLIO"]).meta({ id: "MarginMode" });
export const healthState = z.enum(["HEALTHY", "MARGIN_CALL", "LIQUIDATABLE", "BANKRUPT"]).meta({ id: "HealthState" });
export type HealthStateText = z.infer<typeof healthState>;

export const newAccount = z
  .strictObject({
    id: idText,
    kind: z.enum(["USER", "MARKET_MAKER"]),
    name: nameText,
    /** The account this one becomes a sub-account of; null for a main account. */
    parent: idText.nullable(),
    /** STANDARD unless said. */
    marginMode: marginMode.optional(),
  })
  .meta({ id: "NewAccount" });
export type NewAccountBody = z.infer<typeof newAccount>;

export const openAccountsRequest = z
  .strictObject({ accounts: z.array(newAccount).min(1).max(ACCOUNTS_BATCH_MAX) })
  .meta({ id: "OpenAccountsRequest", description: "Opens all of them or none." });
export type OpenAccountsRequest = z.infer<typeof openAccountsRequest>;

export const openAccountsAnswer = z.strictObject({ opened: z.int() }).meta({ id: "OpenAccountsAnswer" });
export type OpenAccountsAnswer = z.infer<typeof openAccountsAnswer>;

export const marginModeRequest = z
  .strictObject({ marginMode })
  .meta({ id: "MarginModeRequest", description: "Margins the account by another model from now on." });
export type MarginModeRequest = z.infer<typeof marginModeRequest>;

/** The account as it stands in its mode. Dollars. */
export const marginModeAnswer = z
  .strictObject({
    account: idText,
    marginMode,
    equity: decimalText,
    initialMargin: decimalText,
    maintenanceMargin: decimalText,
  })
  .meta({ id: "MarginModeAnswer" });
export type MarginModeAnswer = z.infer<typeof marginModeAnswer>;

/** The latest verdict on an account. Dollars; `marginUsage` = maintenance margin ÷ equity, null when equity is not positive. */
export const accountHealth = z
  .strictObject({
    state: healthState,
    marksSequence: sequenceNumber,
    equity: decimalText,
    netValue: decimalText,
    initialMargin: decimalText,
    maintenanceMargin: decimalText,
    marginUsage: decimalText.nullable(),
    assessedAt: timeText,
  })
  .meta({ id: "AccountHealth" });
export type AccountHealthBody = z.infer<typeof accountHealth>;

export const accountRow = z
  .strictObject({
    id: idText,
    kind: accountKind,
    name: z.string(),
    parent: idText.nullable(),
    marginMode,
    /** Stopped by a person until its books have been checked. */
    frozen: z.boolean(),
    /** Epoch of its open liquidation. */
    openCase: z.int().nullable(),
    /** Null before the account was judged for the first time. */
    health: accountHealth.nullable(),
  })
  .meta({ id: "AccountRow" });
export type AccountRow = z.infer<typeof accountRow>;

/** `usage` lists the account nearest to liquidation first; `id` by identifier. */
export const accountSort = z.enum(["id", "usage"]);
export const accountsQuery = z.strictObject({
  ...pageQueryShape,
  state: healthState.optional(),
  kind: accountKind.optional(),
  sort: accountSort.optional(),
});
export const accountsAnswer = pageOf(accountRow).meta({ id: "AccountsPage" });

/** An open position. `entryCash`: what the open contracts have cost, signed as cash, in the settlement asset. */
export const positionRow = z
  .strictObject({ instrument: idText, quantity: decimalText, entryCash: decimalText })
  .meta({ id: "Position" });

export const accountAnswer = z
  .strictObject({
    ...accountRow.shape,
    /** The account's main account, itself and its sub-accounts. */
    relatives: z.array(idText),
    balances: z.array(assetAmount),
    positions: z.array(positionRow),
  })
  .meta({ id: "Account" });
export type AccountBody = z.infer<typeof accountAnswer>;
