import type { RejectionCode } from "@ballast/model";
import { z } from "zod";

/**
 * What can go wrong before a request reaches the domain, or beside it. Rejections of the domain have their own closed
 * list in `@ballast/model`; a code of either list never changes its meaning.
 */
export type EdgeCode =
  | "ROUTE_UNKNOWN"
  | "METHOD_NOT_ALLOWED"
  | "CONTENT_TYPE_UNSUPPORTED"
  | "BODY_TOO_LARGE"
  | "BODY_MALFORMED"
  | "REQUEST_MALFORMED"
  | "SIGNATURE_MISSING"
  | "TIMESTAMP_OUTSIDE_WINDOW"
  | "SIGNATURE_INVALID"
  | "NONCE_REUSED"
  | "SESSION_REQUIRED"
  | "CREDENTIALS_INVALID"
  | "SIGN_IN_LIMITED"
  | "ORIGIN_FORBIDDEN"
  | "SCOPE_INSUFFICIENT"
  | "ACCOUNT_FORBIDDEN"
  | "REQUEST_INVALID"
  | "CURSOR_INVALID"
  | "IDEMPOTENCY_KEY_MISSING"
  | "SNAPSHOT_UNKNOWN"
  | "MARKET_RULES_MISSING"
  | "MARKS_NOT_TAKEN"
  | "ESTIMATE_MISSING"
  | "CASE_UNKNOWN"
  | "RESOURCE_UNKNOWN"
  | "NOT_READY"
  | "DATABASE_UNAVAILABLE"
  | "INTERNAL";

export type ErrorCode = RejectionCode | EdgeCode;

/** Code → HTTP status. 409: the state says no. 422: the request itself cannot be meant. */
export const HTTP_STATUS = {
  ACCOUNT_UNKNOWN: 404,
  ACCOUNT_EXISTS: 409,
  ACCOUNT_FROZEN: 409,
  ASSET_UNKNOWN: 422,
  INSTRUMENT_UNKNOWN: 422,
  INSTRUMENT_EXPIRED: 409,
  MARKET_UNKNOWN: 409,
  PRICE_MISSING: 409,
  SOURCE_UNKNOWN: 422,
  MARKS_OUT_OF_ORDER: 409,
  SAME_ACCOUNT: 422,
  NOT_RELATED: 422,
  AMOUNT_NOT_POSITIVE: 422,
  AMOUNT_TOO_FINE: 422,
  QUANTITY_NOT_WHOLE_LOTS: 422,
  PRICE_OUT_OF_BAND: 409,
  PRICE_FROZEN: 409,
  BALANCE_INSUFFICIENT: 409,
  WITHDRAWAL_EXCEEDS_MARGIN: 409,
  DEBT_OUTSTANDING: 409,
  WITHDRAWALS_BRAKED: 409,
  INITIAL_MARGIN_INSUFFICIENT: 409,
  PROVIDER_NOT_REGISTERED: 409,
  PROVIDER_ALREADY_REGISTERED: 409,
  AUCTION_UNKNOWN: 404,
  AUCTION_CLOSED: 409,
  AUCTION_PRICE_ABOVE_LIMIT: 409,
  AUCTION_SHARE_TOO_SMALL: 409,
  PROVIDER_CAP_EXCEEDED: 409,
  STAGE_PAUSED: 409,
  PORTFOLIO_MARGIN_UNAVAILABLE: 409,
  ACCOUNT_IN_LIQUIDATION: 409,
  STAGE_ALREADY_PAUSED: 409,
  STAGE_NOT_PAUSED: 409,
  SECOND_PERSON_NEEDED: 409,
  INDEX_NOT_FROZEN: 409,
  PERSON_PRICE_UNKNOWN: 409,
  PERSON_PRICE_DIFFERS: 409,
  CASE_NOT_QUARANTINED: 409,
  IDEMPOTENCY_KEY_REUSED: 422,
  ROUTE_UNKNOWN: 404,
  METHOD_NOT_ALLOWED: 405,
  CONTENT_TYPE_UNSUPPORTED: 415,
  BODY_TOO_LARGE: 413,
  BODY_MALFORMED: 400,
  REQUEST_MALFORMED: 400,
  SIGNATURE_MISSING: 401,
  TIMESTAMP_OUTSIDE_WINDOW: 401,
  SIGNATURE_INVALID: 401,
  NONCE_REUSED: 401,
  SESSION_REQUIRED: 401,
  CREDENTIALS_INVALID: 401,
  SIGN_IN_LIMITED: 429,
  ORIGIN_FORBIDDEN: 403,
  SCOPE_INSUFFICIENT: 403,
  ACCOUNT_FORBIDDEN: 403,
  REQUEST_INVALID: 422,
  CURSOR_INVALID: 422,
  IDEMPOTENCY_KEY_MISSING: 400,
  SNAPSHOT_UNKNOWN: 404,
  MARKET_RULES_MISSING: 409,
  MARKS_NOT_TAKEN: 409,
  ESTIMATE_MISSING: 409,
  CASE_UNKNOWN: 404,
  RESOURCE_UNKNOWN: 404,
  NOT_READY: 503,
  DATABASE_UNAVAILABLE: 503,
  INTERNAL: 500,
} as const satisfies Record<RejectionCode | EdgeCode, number>;

/** Code → the sentence a person reads. The facts stand beside it, not in it. */
export const SENTENCE = {
  ACCOUNT_UNKNOWN: "There is no such account.",
  ACCOUNT_EXISTS: "An account with this id exists already.",
  ACCOUNT_FROZEN: "The account is frozen until its books have been checked.",
  ASSET_UNKNOWN: "The house holds no such asset.",
  INSTRUMENT_UNKNOWN: "There is no such instrument.",
  INSTRUMENT_EXPIRED: "The instrument has expired.",
  MARKET_UNKNOWN: "No prices are known yet, so nothing can be margined.",
  PRICE_MISSING: "A price that this decision needs is missing from the latest snapshot.",
  SOURCE_UNKNOWN: "The index of this asset has no such source.",
  MARKS_OUT_OF_ORDER: "These marks are not newer than the latest ones.",
  SAME_ACCOUNT: "Both sides are the same account.",
  NOT_RELATED: "The two accounts do not belong to the same owner.",
  AMOUNT_NOT_POSITIVE: "The amount has to be above zero.",
  AMOUNT_TOO_FINE: "The amount has more digits after the point than its asset.",
  QUANTITY_NOT_WHOLE_LOTS: "The quantity is not a whole number of lots.",
  PRICE_OUT_OF_BAND: "The price is too far from the mark.",
  PRICE_FROZEN:
    "The price of an asset that this account depends on is frozen: it may only reduce positions until it is good again.",
  BALANCE_INSUFFICIENT: "The balance of this asset is too small.",
  WITHDRAWAL_EXCEEDS_MARGIN: "What would stay, without unrealised profit, does not cover initial margin.",
  DEBT_OUTSTANDING: "The account owes to somebody who paid for it; nothing leaves it before that is repaid.",
  WITHDRAWALS_BRAKED:
    "Accounts owe more than the insurance fund holds: nothing leaves the house before that is covered, whoever asks first.",
  INITIAL_MARGIN_INSUFFICIENT: "Equity would not cover initial margin, and the account would become riskier.",
  PROVIDER_NOT_REGISTERED: "The account is not registered as a backstop provider.",
  PROVIDER_ALREADY_REGISTERED: "The account is registered as a backstop provider already.",
  AUCTION_UNKNOWN: "There is no such auction.",
  AUCTION_CLOSED: "The auction is over; what was left of the account is dealt with otherwise.",
  AUCTION_PRICE_ABOVE_LIMIT: "The price has not fallen to the limit of this bid yet.",
  AUCTION_SHARE_TOO_SMALL: "No whole lot of the account is in the share that could be sold.",
  PROVIDER_CAP_EXCEEDED: "The bid would bring the provider above its cap in a market.",
  STAGE_PAUSED: "This stage of liquidation is paused.",
  PORTFOLIO_MARGIN_UNAVAILABLE: "There are no estimates in force, so no account can be margined as a portfolio.",
  ACCOUNT_IN_LIQUIDATION: "The account is below maintenance margin, or its liquidation has not ended.",
  STAGE_ALREADY_PAUSED: "This stage of liquidation is paused already.",
  STAGE_NOT_PAUSED: "This stage of liquidation is not paused.",
  SECOND_PERSON_NEEDED: "This takes two people, and this one has signed already.",
  INDEX_NOT_FROZEN: "The index of this asset is not frozen: its sources say the price.",
  PERSON_PRICE_UNKNOWN: "No price of this asset waits for a second person; one waits for ten minutes.",
  PERSON_PRICE_DIFFERS: "The first person has proposed another price.",
  CASE_NOT_QUARANTINED: "No step of this liquidation waits for a person.",
  IDEMPOTENCY_KEY_REUSED: "This idempotency key was used before with another request.",
  ROUTE_UNKNOWN: "There is nothing at this address.",
  METHOD_NOT_ALLOWED: "This address does not answer this method.",
  CONTENT_TYPE_UNSUPPORTED: "The body has to be application/json.",
  BODY_TOO_LARGE: "The body is larger than this route takes.",
  BODY_MALFORMED: "The body is not JSON that this API reads: one value, no key twice, no prototype keys.",
  REQUEST_MALFORMED: "The request cannot be read.",
  SIGNATURE_MISSING: "The request is neither signed nor part of a session.",
  TIMESTAMP_OUTSIDE_WINDOW: "The signature's timestamp is too far from the server's clock.",
  SIGNATURE_INVALID: "The signature does not belong to this request and key.",
  NONCE_REUSED: "This nonce was used before; every request needs a new one.",
  SESSION_REQUIRED: "There is no session, or it has expired.",
  CREDENTIALS_INVALID: "Name and password do not match.",
  SIGN_IN_LIMITED: "Too many attempts to sign in; try again later.",
  ORIGIN_FORBIDDEN: "The request comes from a page that does not belong to this console.",
  SCOPE_INSUFFICIENT: "The key or session may not do this.",
  ACCOUNT_FORBIDDEN: "The key does not belong to this account.",
  REQUEST_INVALID: "A field of the request is missing, unknown or not of its form.",
  CURSOR_INVALID: "The cursor does not belong to this list.",
  IDEMPOTENCY_KEY_MISSING: "The request changes something and needs an Idempotency-Key of 1 to 128 characters.",
  MARKET_RULES_MISSING: "This house was started without market rules: it takes marks, and no quotes.",
  MARKS_NOT_TAKEN:
    "This house makes its own marks, of quotes. One that is started with market rules `marks` takes them.",
  SNAPSHOT_UNKNOWN: "There is no such snapshot.",
  ESTIMATE_MISSING: "The published estimates do not cover something that this account holds.",
  CASE_UNKNOWN: "There is no such liquidation.",
  RESOURCE_UNKNOWN: "There is no such thing.",
  NOT_READY: "The service is not ready.",
  DATABASE_UNAVAILABLE: "The database does not answer now; ask again with the same key.",
  INTERNAL: "Something went wrong on our side. The trace id finds it in the log.",
} as const satisfies Record<RejectionCode | EdgeCode, string>;

/** Every code this API can answer, domain first, in declared order. */
export const ERROR_CODES = Object.keys(HTTP_STATUS) as readonly ErrorCode[];

/** What kinds of answers stand in `facts`: text, numbers, and lists of them. Decimals are text. */
export const factValue = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]);

/** One field that was refused, by JSON pointer. */
export const fieldError = z.strictObject({ pointer: z.string(), detail: z.string() }).meta({ id: "FieldError" });

/** The body of every error: RFC 9457 `application/problem+json`. */
export const problem = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    code: z.enum(ERROR_CODES as [ErrorCode, ...ErrorCode[]]),
    traceId: z.string(),
    facts: z.record(z.string(), factValue).optional(),
    errors: z.array(fieldError).optional(),
  })
  .meta({ id: "Problem", description: "RFC 9457 problem details." });
export type Problem = z.infer<typeof problem>;
export type Facts = NonNullable<Problem["facts"]>;

/** A rejection of one item of a batch. */
export const itemRejection = z
  .strictObject({
    code: z.enum(ERROR_CODES as [ErrorCode, ...ErrorCode[]]),
    message: z.string(),
    facts: z.record(z.string(), factValue),
  })
  .meta({ id: "ItemRejection" });
export type ItemRejection = z.infer<typeof itemRejection>;
