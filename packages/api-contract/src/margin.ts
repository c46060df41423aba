import { z } from "zod";
import { healthState } from "./accounts.js";
import { decimalText, idText, sequenceNumber } from "./wire.js";

/** What the figures were computed from. The same four values give the same figures. */
export const marginSnapshot = z
  .strictObject({
    marksSequence: sequenceNumber,
    parametersVersion: sequenceNumber,
    /** The account's last posting. */
    ledgerSequence: sequenceNumber,
    engineVersion: z.string(),
  })
  .meta({ id: "MarginSnapshot" });

/** Dollars, except `balance`, `unrealisedProfit` and `net`, which are in the asset. */
export const collateralRow = z
  .strictObject({
    asset: idText,
    balance: decimalText,
    unrealisedProfit: decimalText,
    net: decimalText,
    indexPrice: decimalText,
    /** What counts towards equity: after the haircut; a debt counts in full. */
    haircutValue: decimalText,
    /** The same without a haircut. */
    value: decimalText,
  })
  .meta({ id: "CollateralRow" });

/** `entryCash` in the settlement asset, the rest dollars. */
export const marginPosition = z
  .strictObject({
    instrument: idText,
    quantity: decimalText,
    entryCash: decimalText,
    markPrice: decimalText,
    notional: decimalText,
    unrealisedProfit: decimalText,
    initialMargin: decimalText,
    maintenanceMargin: decimalText,
    /** The mark at which nothing is left, all positions moving together against the account; null when there is none. */
    bankruptcyPrice: decimalText.nullable(),
  })
  .meta({ id: "MarginPosition" });

export const marginAnswer = z
  .strictObject({
    account: idText,
    snapshot: marginSnapshot,
    state: healthState,
    equity: decimalText,
    netValue: decimalText,
    equityWithoutProfit: decimalText,
    initialMargin: decimalText,
    maintenanceMargin: decimalText,
    /** Equity − initial margin; negative when it is short. */
    availableMargin: decimalText,
    /** Maintenance margin ÷ equity; null when equity is not positive. */
    marginUsage: decimalText.nullable(),
    collateral: z.array(collateralRow),
    positions: z.array(marginPosition),
  })
  .meta({ id: "Margin" });
export type MarginBody = z.infer<typeof marginAnswer>;

export const positionsAnswer = z
  .strictObject({ account: idText, snapshot: marginSnapshot, positions: z.array(marginPosition) })
  .meta({ id: "Positions" });
export type PositionsBody = z.infer<typeof positionsAnswer>;
