import { z } from "zod";
import { pageOf, pageQueryShape } from "./page.js";
import { decimalText, idText, jsonValue, sequenceNumber, timeText } from "./wire.js";

export const caseStage = z.enum(["REDUCE", "TAKEOVER", "CLOSED"]).meta({ id: "CaseStage" });
export type CaseStageText = z.infer<typeof caseStage>;
export const caseOutcome = z
  .enum(["RECOVERED", "REDUCED", "TAKEN_OVER", "BANKRUPT_FUND", "BANKRUPT_ADL", "BANKRUPT_SOCIALISED"])
  .meta({ id: "CaseOutcome" });

/** One breach of one account; `epoch` counts the account's breaches from 1. */
export const liquidationRow = z
  .strictObject({
    account: idText,
    epoch: z.int().min(1),
    stage: caseStage,
    outcome: caseOutcome.nullable(),
    openedSequence: sequenceNumber,
    workedSequence: sequenceNumber,
    closedSequence: sequenceNumber.nullable(),
    steps: z.int(),
    openedAt: timeText,
    closedAt: timeText.nullable(),
  })
  .meta({ id: "Liquidation" });
export type LiquidationRow = z.infer<typeof liquidationRow>;

export const liquidationsQuery = z.strictObject({ ...pageQueryShape, stage: caseStage.optional() });
export const liquidationsAnswer = pageOf(liquidationRow).meta({ id: "LiquidationsPage" });

export const venueFillRow = z
  .strictObject({
    id: z.string(),
    maker: idText,
    quantity: decimalText,
    price: decimalText,
    markPrice: decimalText,
  })
  .meta({ id: "VenueFill" });

export const venueOrderRow = z
  .strictObject({
    clientOrderId: z.string(),
    leg: z.int(),
    instrument: idText,
    /** Signed as a trade of the account: negative sells. */
    quantity: decimalText,
    fills: z.array(venueFillRow),
  })
  .meta({ id: "VenueOrder" });

export const liquidationStepRow = z
  .strictObject({
    step: z.int(),
    kind: z.enum(["REDUCE", "TAKEOVER", "DISPOSE"]),
    status: z.enum(["INTENT", "DONE"]),
    sequence: sequenceNumber,
    plan: jsonValue,
    result: jsonValue,
    orders: z.array(venueOrderRow),
  })
  .meta({ id: "LiquidationStep" });

export const liquidationAnswer = z
  .strictObject({ ...liquidationRow.shape, stepList: z.array(liquidationStepRow) })
  .meta({ id: "LiquidationDetail" });
export type LiquidationBody = z.infer<typeof liquidationAnswer>;
