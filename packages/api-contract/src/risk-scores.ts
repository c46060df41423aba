import { z } from "zod";
import { accountKind, healthState } from "./accounts.js";
import { marginSnapshot } from "./margin.js";
import { pageFooter, pageQueryShape } from "./page.js";
import { decimalText, idText, sequenceNumber } from "./wire.js";

/*
 * How close is a pool to being emptied, and why? Advice: no route of this file changes a requirement or liquidates anybody.
 */

/** Where the covariances come from: a day's published estimates. */
export const estimatesUsed = z
  .strictObject({
    /** The day that they cover. */
    day: z.iso.date(),
    /** Whose prices, and the command that made them of these. */
    from: z.string(),
    by: z.string(),
    recipe: z.string(),
  })
  .meta({ id: "EstimatesUsed" });

/** What a score is computed with beside prices and estimates; clauses SCORE-9 and SCORE-10 say what each is for. */
export const scoreRule = z
  .strictObject({
    horizonDays: z.number(),
    ratePromise: z.number(),
    stretchDays: z.number(),
    stepDays: z.number(),
    refillHours: z.number(),
  })
  .meta({ id: "ScoreRule" });

/** A probability, or dollars, under today's covariance and under the stressed one. */
const calmAndStressed = z.strictObject({ calm: decimalText, stressed: decimalText }).meta({ id: "CalmAndStressed" });
/** Standard deviations of a day; null where there is no risk to count them in. */
const distances = z
  .strictObject({ calm: decimalText.nullable(), stressed: decimalText.nullable() })
  .meta({ id: "Distances" });

/** Figures that the list and the single account share. */
const scoreShape = {
  /** 0 nothing to see … 100 as good as lost. */
  score: decimalText,
  /** Dollars. */
  netValue: decimalText,
  /** Dollars beyond maintenance margin; below zero the account is due. */
  slack: decimalText,
  distanceToDepletion: distances,
  distanceToBreach: distances,
  /** That net value is gone at some time within the horizon and the time that closing takes. */
  depletionProbability: calmAndStressed,
  /** That maintenance margin is breached at some time within the horizon. */
  breachProbability: calmAndStressed,
  /** How many equal bets the risk is; 0 without risk. */
  effectiveBets: decimalText,
  largestContributor: z.strictObject({ underlying: idText, share: decimalText }).nullable(),
  daysToLiquidate: decimalText,
  /** The largest share that the account has of one side of an underlying's open interest. */
  openInterestShare: decimalText,
  /** What drives the score, most important first. */
  drivers: z.array(z.string()),
};

/** What an account has to do with one underlying. Dollars, and volatilities of a day. */
export const scoredUnderlying = z
  .strictObject({
    underlying: idText,
    delta: decimalText,
    volatility: decimalText,
    stressedVolatility: decimalText,
    /** Of the calm deviation; shares sum to one. */
    riskShare: decimalText,
    dailyLiquidity: decimalText,
    openInterestShare: decimalText,
  })
  .meta({ id: "ScoredUnderlying" });

/** Today's correlation of a pair, and how low and high it may go in stress. */
export const correlationRange = z
  .strictObject({ left: idText, right: idText, low: decimalText, calm: decimalText, high: decimalText })
  .meta({ id: "CorrelationRange" });

export const riskScoreAnswer = z
  .strictObject({
    account: idText,
    snapshot: marginSnapshot,
    estimates: estimatesUsed,
    rule: scoreRule,
    state: healthState,
    ...scoreShape,
    /** Dollars of one standard deviation of a day. */
    deviation: calmAndStressed,
    underlyings: z.array(scoredUnderlying),
    correlations: z.array(correlationRange),
  })
  .meta({ id: "RiskScore" });
export type RiskScoreBody = z.infer<typeof riskScoreAnswer>;

/** `id` ascending; everything else with the riskiest first, then by id. */
export const scoreSort = z.enum([
  "score",
  "breach",
  "depletion",
  "days-to-liquidate",
  "open-interest",
  "effective-bets",
  "id",
]);
export type ScoreSort = z.infer<typeof scoreSort>;

export const riskScoresQuery = z.strictObject({
  ...pageQueryShape,
  kind: accountKind.extract(["USER", "MARKET_MAKER"]).optional(),
  sort: scoreSort.optional(),
});

export const riskScoreRow = z
  .strictObject({ account: idText, kind: accountKind, state: healthState, ...scoreShape })
  .meta({ id: "RiskScoreRow" });
export type RiskScoreRow = z.infer<typeof riskScoreRow>;

/** Accounts by score: bands of ten, the last one with the hundred. */
export const scoreBand = z.strictObject({ from: z.int(), to: z.int(), accounts: z.int() }).meta({ id: "ScoreBand" });

export const riskScoresAnswer = z
  .strictObject({
    marksSequence: sequenceNumber,
    parametersVersion: sequenceNumber,
    estimates: estimatesUsed,
    rule: scoreRule,
    /** Of all accounts that were scored, of either kind. */
    distribution: z.array(scoreBand),
    /** Accounts that have no score, by the code that one of them would be answered with. */
    withoutScore: z.array(z.strictObject({ code: z.string(), accounts: z.int(), example: idText })),
    data: z.array(riskScoreRow),
    page: pageFooter,
  })
  .meta({ id: "RiskScoresPage" });
export type RiskScoresBody = z.infer<typeof riskScoresAnswer>;
