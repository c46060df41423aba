import type { Amount, Price, Quantity, Ratio, Usd } from "@ballast/money";
import type { AccountId, AssetId, InstrumentId } from "./ids.js";
import type { PausableStage } from "./liquidation.js";

/**
 * The closed list of reasons why the house says no, in the order in which the checks run.
 * A code never changes its meaning and is never used again for another one.
 */
export type Rejection =
  | { readonly code: "ACCOUNT_UNKNOWN"; readonly account: AccountId }
  | { readonly code: "ACCOUNT_EXISTS"; readonly account: AccountId }
  | { readonly code: "ACCOUNT_FROZEN"; readonly account: AccountId }
  | { readonly code: "ASSET_UNKNOWN"; readonly asset: AssetId }
  | { readonly code: "INSTRUMENT_UNKNOWN"; readonly instrument: InstrumentId }
  | { readonly code: "INSTRUMENT_EXPIRED"; readonly instrument: InstrumentId }
  | { readonly code: "MARKET_UNKNOWN" }
  | { readonly code: "PRICE_MISSING"; readonly of: AssetId | InstrumentId }
  | { readonly code: "SOURCE_UNKNOWN"; readonly asset: AssetId; readonly source: string }
  | { readonly code: "MARKS_OUT_OF_ORDER"; readonly received: number; readonly latest: number }
  | { readonly code: "SAME_ACCOUNT"; readonly account: AccountId }
  | { readonly code: "NOT_RELATED"; readonly from: AccountId; readonly to: AccountId }
  | { readonly code: "AMOUNT_NOT_POSITIVE"; readonly amount: Amount | Quantity }
  | { readonly code: "AMOUNT_TOO_FINE"; readonly amount: Amount; readonly scale: number }
  | { readonly code: "QUANTITY_NOT_WHOLE_LOTS"; readonly quantity: Quantity; readonly lot: Quantity }
  | { readonly code: "PRICE_OUT_OF_BAND"; readonly price: Price; readonly priceMin: Price; readonly priceMax: Price }
  | { readonly code: "PRICE_FROZEN"; readonly of: AssetId }
  | {
      readonly code: "BALANCE_INSUFFICIENT";
      readonly asset: AssetId;
      readonly balance: Amount;
      readonly required: Amount;
    }
  | {
      readonly code: "WITHDRAWAL_EXCEEDS_MARGIN";
      readonly account: AccountId;
      readonly equityWithoutProfit: Usd;
      readonly initialMargin: Usd;
    }
  | {
      readonly code: "DEBT_OUTSTANDING";
      readonly account: AccountId;
      readonly creditor: AccountId;
      readonly asset: AssetId;
      readonly amount: Amount;
    }
  | {
      readonly code: "WITHDRAWALS_BRAKED";
      readonly deficitsInProgress: Usd;
      readonly fund: Usd;
      readonly uncovered: Usd;
    }
  | {
      readonly code: "INITIAL_MARGIN_INSUFFICIENT";
      readonly account: AccountId;
      readonly equity: Usd;
      readonly initialMargin: Usd;
    }
  | { readonly code: "PROVIDER_NOT_REGISTERED"; readonly account: AccountId }
  | { readonly code: "PROVIDER_ALREADY_REGISTERED"; readonly account: AccountId }
  | { readonly code: "AUCTION_UNKNOWN"; readonly account: AccountId; readonly epoch: number }
  | { readonly code: "AUCTION_CLOSED"; readonly account: AccountId; readonly epoch: number }
  | { readonly code: "AUCTION_PRICE_ABOVE_LIMIT"; readonly priceFactor: Ratio; readonly priceFactorMax: Ratio }
  | { readonly code: "AUCTION_SHARE_TOO_SMALL"; readonly asked: Ratio; readonly largest: Ratio }
  /** `contracts`: what the provider would hold of the market, unsigned. */
  | {
      readonly code: "PROVIDER_CAP_EXCEEDED";
      readonly account: AccountId;
      readonly instrument: InstrumentId;
      readonly contracts: Quantity;
      readonly contractsMax: Quantity;
    }
  | { readonly code: "STAGE_PAUSED"; readonly stage: PausableStage }
  | { readonly code: "PORTFOLIO_MARGIN_UNAVAILABLE"; readonly account: AccountId }
  | { readonly code: "ACCOUNT_IN_LIQUIDATION"; readonly account: AccountId }
  | { readonly code: "STAGE_ALREADY_PAUSED"; readonly stage: PausableStage }
  | { readonly code: "STAGE_NOT_PAUSED"; readonly stage: PausableStage }
  /** `of`: the stage that is resumed, or the asset whose price is said. */
  | { readonly code: "SECOND_PERSON_NEEDED"; readonly of: PausableStage | AssetId; readonly firstBy: string }
  | { readonly code: "INDEX_NOT_FROZEN"; readonly asset: AssetId }
  | { readonly code: "PERSON_PRICE_UNKNOWN"; readonly asset: AssetId }
  | { readonly code: "PERSON_PRICE_DIFFERS"; readonly asset: AssetId; readonly proposed: Price }
  | { readonly code: "CASE_NOT_QUARANTINED"; readonly account: AccountId; readonly epoch: number }
  | { readonly code: "IDEMPOTENCY_KEY_REUSED"; readonly key: string };

export type RejectionCode = Rejection["code"];

/** The codes in declared order, for tables and documents. A code left out does not compile. */
export const REJECTION_CODES = [
  "ACCOUNT_UNKNOWN",
  "ACCOUNT_EXISTS",
  "ACCOUNT_FROZEN",
  "ASSET_UNKNOWN",
  "INSTRUMENT_UNKNOWN",
  "INSTRUMENT_EXPIRED",
  "MARKET_UNKNOWN",
  "PRICE_MISSING",
  "SOURCE_UNKNOWN",
  "MARKS_OUT_OF_ORDER",
  "SAME_ACCOUNT",
  "NOT_RELATED",
  "AMOUNT_NOT_POSITIVE",
  "AMOUNT_TOO_FINE",
  "QUANTITY_NOT_WHOLE_LOTS",
  "PRICE_OUT_OF_BAND",
  "PRICE_FROZEN",
  "BALANCE_INSUFFICIENT",
  "WITHDRAWAL_EXCEEDS_MARGIN",
  "DEBT_OUTSTANDING",
  "WITHDRAWALS_BRAKED",
  "INITIAL_MARGIN_INSUFFICIENT",
  "PROVIDER_NOT_REGISTERED",
  "PROVIDER_ALREADY_REGISTERED",
  "AUCTION_UNKNOWN",
  "AUCTION_CLOSED",
  "AUCTION_PRICE_ABOVE_LIMIT",
  "AUCTION_SHARE_TOO_SMALL",
  "PROVIDER_CAP_EXCEEDED",
  "STAGE_PAUSED",
  "PORTFOLIO_MARGIN_UNAVAILABLE",
  "ACCOUNT_IN_LIQUIDATION",
  "STAGE_ALREADY_PAUSED",
  "STAGE_NOT_PAUSED",
  "SECOND_PERSON_NEEDED",
  "INDEX_NOT_FROZEN",
  "PERSON_PRICE_UNKNOWN",
  "PERSON_PRICE_DIFFERS",
  "CASE_NOT_QUARANTINED",
  "IDEMPOTENCY_KEY_REUSED",
] as const satisfies readonly RejectionCode[];

type Missing = Exclude<RejectionCode, (typeof REJECTION_CODES)[number]>;
/** Does not compile while a rejection code is missing from `REJECTION_CODES`. */
export const ALL_REJECTIONS_LISTED: [Missing] extends [never] ? true : Missing = true;
