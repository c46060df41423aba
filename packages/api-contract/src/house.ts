import { z } from "zod";
import { pageOf } from "./page.js";
import { accountHealth, positionRow } from "./accounts.js";
import { assetAmount, decimalText, idText, jsonValue, sequenceNumber, timeText } from "./wire.js";

/** A jump of prices that the fund's target is measured by: of one coin, or (null) of all together, as a share. */
const stressScenario = { scenario: z.string(), of: idText.nullable(), move: decimalText };

/** What the fund has to hold, in dollars: what the two owners that would lose most would leave unpaid after the worst jump. */
const targetFigures = {
  marksSequence: sequenceNumber,
  parametersVersion: sequenceNumber,
  target: decimalText,
  /** Net value of the fund at these marks, rounded down; and what is missing to the target, at least zero. */
  held: decimalText,
  gap: decimalText,
  /** The worst jump; null when none leaves anything unpaid. */
  scenario: z.strictObject(stressScenario).nullable(),
  /** Accounts that could not be valued, because a price is missing. They are not in the target. */
  accountsWithoutPrice: z.int(),
};

export const fundTargetAnswer = z
  .strictObject({
    ...targetFigures,
    /** What the target rests on: by owner, all sub-accounts together, rounded up, the largest first. */
    losses: z.array(z.strictObject({ owner: idText, deficit: decimalText })),
    /** Every jump with the two largest deficits in it added up, in the order in which they are tried. */
    scenarios: z.array(z.strictObject({ ...stressScenario, target: decimalText })),
  })
  .meta({ id: "FundTarget" });
export type FundTargetBody = z.infer<typeof fundTargetAnswer>;

export const insuranceFundAnswer = z
  .strictObject({
    account: idText,
    balances: z.array(assetAmount),
    /** What it has taken over and not sold yet. */
    positions: z.array(positionRow),
    health: accountHealth.nullable(),
    /** Balances at the first snapshot: what it started with. */
    firstBalances: z.array(assetAmount),
    /** What it should hold, at most some seconds old, without the names of those it rests on; null before there are prices. */
    target: z.strictObject({ ...targetFigures, losses: z.array(decimalText) }).nullable(),
  })
  .meta({ id: "InsuranceFund" });
export type InsuranceFundBody = z.infer<typeof insuranceFundAnswer>;

export const instrumentRow = z
  .strictObject({
    id: idText,
    kind: z.enum(["perpetual", "dated-future"]),
    payoff: z.enum(["linear", "inverse"]),
    underlying: idText,
    settlementAsset: idText,
    contractSize: decimalText,
    lotSize: decimalText,
    tickSize: decimalText,
    expiresAt: timeText.nullable(),
  })
  .meta({ id: "Instrument" });
export type InstrumentRow = z.infer<typeof instrumentRow>;
export const instrumentsAnswer = z.strictObject({ data: z.array(instrumentRow) }).meta({ id: "Instruments" });

/** The parameter set as risk-core prints it; its own document describes the fields. */
export const riskParametersAnswer = z
  .strictObject({ version: sequenceNumber, content: jsonValue })
  .meta({ id: "RiskParameters" });
export type RiskParametersBody = z.infer<typeof riskParametersAnswer>;

const counts = z.record(z.string(), z.int());

/** What happened since the first snapshot. */
export const summaryAnswer = z
  .strictObject({
    marks: z.strictObject({ latest: sequenceNumber.nullable(), settled: sequenceNumber.nullable() }),
    accounts: z.strictObject({ total: z.int(), byState: counts }),
    cases: z.strictObject({ open: z.int(), byOutcome: counts }),
    steps: counts,
    /** Dollars of liquidated notional, at the mark. */
    liquidatedNotional: decimalText,
    /** Dollars lost between mark and fill price; positive is a cost. */
    slippage: decimalText,
    fund: z.strictObject({ first: z.array(assetAmount), now: z.array(assetAmount) }),
    adl: z.array(z.strictObject({ instrument: idText, quantity: decimalText })),
    deficits: z.array(assetAmount),
    socialisedLosses: z.array(assetAmount),
    journals: z.int(),
    postings: z.int(),
    /** Health assessments made. */
    decisions: z.int(),
  })
  .meta({ id: "Summary" });
export type SummaryBody = z.infer<typeof summaryAnswer>;

export const auditRow = z
  .strictObject({
    id: z.string(),
    at: timeText,
    actor: z.string(),
    action: z.string(),
    account: idText.nullable(),
    command: z.string(),
    facts: jsonValue,
  })
  .meta({ id: "AuditRow" });
export type AuditRow = z.infer<typeof auditRow>;
export const auditAnswer = pageOf(auditRow).meta({ id: "AuditPage" });

export const liveAnswer = z.strictObject({ status: z.literal("live") }).meta({ id: "Live" });
export const readyAnswer = z
  .strictObject({
    status: z.enum(["ready", "not-ready"]),
    checks: z.array(z.strictObject({ name: z.string(), ok: z.boolean(), detail: z.string() })),
  })
  .meta({ id: "Ready" });
export type ReadyBody = z.infer<typeof readyAnswer>;
