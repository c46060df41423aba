import { PAUSABLE_STAGES } from "@ballast/model";
import { z } from "zod";
import { pageOf, pageQueryShape } from "./page.js";
import { assetAmount, decimalText, idText, jsonValue, sequenceNumber, timeText } from "./wire.js";

export const caseStage = z.enum(["REDUCE", "TAKEOVER", "CLOSED"]).meta({ id: "CaseStage" });
export type CaseStageText = z.infer<typeof caseStage>;
export const caseOutcome = z
  .enum(["RECOVERED", "REDUCED", "AUCTIONED", "TAKEN_OVER", "BANKRUPT_FUND", "BANKRUPT_ADL", "BANKRUPT_SOCIALISED"])
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
    /** After this moment no venue may accept it. */
    deadline: timeText,
    /** How it ended; null until that is known. */
    outcome: z.enum(["FILLED", "PARTIAL", "UNFILLED", "REJECTED", "NEVER_ARRIVED"]).nullable(),
    reason: z.string().nullable(),
    fills: z.array(venueFillRow),
  })
  .meta({ id: "VenueOrder" });

export const liquidationStepRow = z
  .strictObject({
    step: z.int(),
    kind: z.enum(["REDUCE", "AUCTION", "TAKEOVER", "DISPOSE"]),
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

// What people may do -------------------------------------------------------------------------------------------------------

export const pausableStage = z.enum(PAUSABLE_STAGES).meta({ id: "PausableStage" });
export const stageParams = z.strictObject({ stage: pausableStage });

export const pauseRequest = z
  .strictObject({ stage: pausableStage, reason: z.string().min(1).max(500) })
  .meta({ id: "PauseRequest" });
export type PauseRequest = z.infer<typeof pauseRequest>;

/** Nothing needs to be said besides what the address says. */
export const nothing = z.strictObject({}).meta({ id: "Nothing" });

/** How a pause stands after somebody has spoken; the second signature, by another person, ends it. */
export const pauseAnswer = z
  .strictObject({ stage: pausableStage, state: z.enum(["PAUSED", "FIRST_SIGNATURE", "RESUMED"]) })
  .meta({ id: "PauseAnswer" });
export type PauseBody = z.infer<typeof pauseAnswer>;

const signature = z.strictObject({ by: z.string(), at: timeText }).meta({ id: "Signature" });

export const pauseRow = z
  .strictObject({
    id: z.string(),
    stage: pausableStage,
    reason: z.string(),
    pausedBy: z.string(),
    pausedAt: timeText,
    firstResume: signature.nullable(),
    secondResume: signature.nullable(),
  })
  .meta({ id: "Pause" });
export type PauseRow = z.infer<typeof pauseRow>;
export const pausesAnswer = z.strictObject({ data: z.array(pauseRow) }).meta({ id: "Pauses" });

/** A step that failed too often for reasons of ours, and waits for a person. */
export const quarantineRow = z
  .strictObject({
    account: idText,
    epoch: z.int(),
    step: z.int(),
    failures: z.int(),
    fault: z.strictObject({ code: z.string(), message: z.string() }),
    firstAt: timeText,
    lastAt: timeText,
  })
  .meta({ id: "QuarantinedStep" });
export type QuarantineRow = z.infer<typeof quarantineRow>;
export const quarantineAnswer = z.strictObject({ data: z.array(quarantineRow) }).meta({ id: "Quarantine" });

export const releaseAnswer = z
  .strictObject({ account: idText, epoch: z.int(), released: z.literal(true) })
  .meta({ id: "Released" });
export type ReleaseBody = z.infer<typeof releaseAnswer>;

/** A stage with its thresholds, in multiples of a requirement; null for a layer of the takeover. */
export const stageRule = z
  .strictObject({
    stage: z.string(),
    against: z.enum(["INITIAL", "MAINTENANCE"]).nullable(),
    enterBelow: decimalText.nullable(),
    leaveAt: decimalText.nullable(),
    /** Milliseconds of market time after which the next stage is entered whatever equity is. */
    limitMs: z.int().nullable(),
    does: z.string(),
  })
  .meta({ id: "StageRule" });

/** The stages of a failing account, and who is in an early one since which snapshot. */
export const stagesAnswer = z
  .strictObject({
    rules: z.array(stageRule),
    data: z.array(
      z.strictObject({
        account: idText,
        stage: z.enum(["WARNING", "MARGIN_CALL", "CANCEL_ORDERS"]),
        sinceSequence: sequenceNumber,
        sinceAt: timeText,
      }),
    ),
  })
  .meta({ id: "LiquidationStages" });
export type StagesBody = z.infer<typeof stagesAnswer>;

// The record that is argued about ------------------------------------------------------------------------------------------

/** A price that a step saw; `of` is an asset for an INDEX, else an instrument. DEPTH is in dollars. */
export const priceSeen = z
  .strictObject({ kind: z.enum(["INDEX", "MARK", "DEPTH"]), of: idText, price: decimalText })
  .meta({ id: "PriceSeen" });

/** A step with all that it was decided on. */
export const reportedStep = z
  .strictObject({
    ...liquidationStepRow.shape,
    /** By the house's clock; null for steps from before it was kept. */
    decidedAt: timeText.nullable(),
    snapshotAt: timeText,
    /** How old the prices were when the step was decided, in milliseconds. */
    priceAgeMs: z.int().nullable(),
    parametersVersion: z.int().nullable(),
    engineVersion: z.int().nullable(),
    /** The account as the step found it. */
    inputs: jsonValue,
    prices: z.array(priceSeen),
    /** Does the same decision come out when it is made again now? */
    replay: z.enum(["SAME", "DIFFERS", "NOT_REPLAYED"]),
  })
  .meta({ id: "ReportedStep" });
export type ReportedStep = z.infer<typeof reportedStep>;

/** What one journal of the case did to the account's books. */
export const reportedJournal = z
  .strictObject({
    key: z.string(),
    kind: z.string(),
    at: timeText,
    legs: z.array(z.strictObject({ book: z.string(), asset: z.string(), amount: decimalText })),
  })
  .meta({ id: "ReportedJournal" });

/** A complete record of one liquidation: what it was decided on, what was done, what was paid, and what is still owed. */
export const caseReportAnswer = z
  .strictObject({
    ...liquidationRow.shape,
    stepList: z.array(reportedStep),
    journals: z.array(reportedJournal),
    /** What the account owes now, to whom; also from other cases. */
    debts: z.array(z.strictObject({ creditor: idText, ...assetAmount.shape })),
  })
  .meta({ id: "CaseReport" });
export type CaseReportBody = z.infer<typeof caseReportAnswer>;
