import { z } from "zod";
import { healthState, marginMode } from "./accounts.js";
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

/** `entryCash` in the settlement asset, the rest dollars. In a portfolio a position that hedges has a margin below zero. */
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

/** The view of the book that decides; `hybrid.md` of the method says what each is right about. */
export const bookView = z
  .enum(["CALM", "ALL_TOGETHER", "LARGEST_LEG", "CREDIT_CAP", "JOINT_HISTORY"])
  .meta({ id: "BookView" });

/** One level of a portfolio's requirement. Dollars. */
export const portfolioLevel = z
  .strictObject({
    bindingView: bookView,
    runnerUpView: bookView,
    /** What the underlyings would need one by one. */
    noOffset: decimalText,
    /** What the binding view forgives of it for hedges; negative where it asks for more. */
    credit: decimalText,
    /** What collateral adds, negative where it hedges; positions stand in their own rows. */
    collateral: z.array(z.strictObject({ asset: idText, requirement: decimalText })),
  })
  .meta({ id: "PortfolioLevel" });

export const portfolioBreakdown = z
  .strictObject({
    /** The day that the estimates cover, as 2026-03-04. */
    estimatesDay: z.string(),
    initial: portfolioLevel,
    maintenance: portfolioLevel,
  })
  .meta({ id: "PortfolioBreakdown" });

export const marginAnswer = z
  .strictObject({
    account: idText,
    snapshot: marginSnapshot,
    state: healthState,
    marginMode,
    /** The model that the requirement is from: `ballast-standard`, or `ballast-hybrid`. */
    model: z.string(),
    /** How a portfolio's requirement came about; null under standard margin, and where nothing is required. */
    portfolio: portfolioBreakdown.nullable(),
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
