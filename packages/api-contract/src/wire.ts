import { DECIMAL_BYTES_MAX, DECIMAL_GRAMMAR } from "@ballast/money";
import { ID_GRAMMAR } from "@ballast/model";
import { z } from "zod";

/*
 * The words of the wire. An amount is text in the decimal grammar, never a JSON number: a number has lost digits before
 * anybody can look at it. A time is RFC 3339 text in UTC. Objects are strict: a field nobody knows is a mistake, not a
 * comment.
 */

/** A decimal in its text form; signed. */
export const decimalText = z
  .string()
  .max(DECIMAL_BYTES_MAX, { abort: true })
  .regex(DECIMAL_GRAMMAR, "expected a decimal string: at most 20 digits, then at most 18 after the point, no exponent")
  .meta({
    id: "Decimal",
    description: "Decimal text, at most 20 digits before and 18 after the point.",
    examples: ["1250.5"],
  });

/*
 * Ranges. The ledger keeps 20 digits before the point; what comes from outside is held so far below that no sum of
 * honest requests gets there, and a price so far above zero that an inverse contract's coins stay in range.
 */

/** An amount that moves: at most 15 digits before the point. Signed; whether it may be negative is the domain's answer. */
export const amountText = z
  .string()
  .max(DECIMAL_BYTES_MAX, { abort: true })
  .regex(
    /^-?(0|[1-9]\d{0,14})(\.\d{1,18})?$/,
    "expected a decimal string: at most 15 digits, then at most 18 after the point, no exponent",
  )
  .meta({ id: "MovedAmount", description: "Decimal text, at most 15 digits before the point.", examples: ["1250.5"] });

/** A price: from 0.000001 to below 10^12. */
export const priceText = z
  .string()
  .max(DECIMAL_BYTES_MAX, { abort: true })
  .regex(
    /^([1-9]\d{0,11}(\.\d{1,18})?|0\.\d{0,5}[1-9]\d{0,12})$/,
    "expected a decimal string from 0.000001 to below 1000000000000",
  )
  .meta({ id: "Price", description: "Decimal text from 0.000001 to below 10^12.", examples: ["7936.5"] });

/** Dollars of depth: above zero, at most 15 digits before the point. */
export const depthText = z
  .string()
  .max(DECIMAL_BYTES_MAX, { abort: true })
  .regex(/^(?!0(\.0+)?$)(0|[1-9]\d{0,14})(\.\d{1,18})?$/, "expected a decimal string above zero, at most 15 digits")
  .meta({ id: "Depth", description: "Decimal text above zero.", examples: ["4000000"] });

/** A fee as a share of notional: smaller than a tenth; negative is a rebate. */
export const feeRateText = z
  .string()
  .max(DECIMAL_BYTES_MAX, { abort: true })
  .regex(/^-?0(\.0\d{0,17})?$/, "expected a decimal string between -0.1 and 0.1")
  .meta({ id: "FeeRate", description: "Decimal text between -0.1 and 0.1.", examples: ["0.0005", "-0.0001"] });

/** An account, asset or instrument id. */
export const idText = z
  .string()
  .max(64, { abort: true })
  .regex(ID_GRAMMAR, "expected 1 to 64 letters, digits, '.', '_' or '-', starting with a letter or digit")
  .meta({ id: "Id", examples: ["alice", "BTC", "BTC_USDC-PERPETUAL"] });

/** A key chosen by the caller, unique for ever in its place: a fill id, a deposit key, an idempotency key. */
export const keyText = z
  .string()
  .max(128, { abort: true })
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/, "expected 1 to 128 letters, digits, '.', '_', ':' or '-'")
  .meta({ id: "Key", examples: ["fill-2020-03-12-000017"] });

/** Shown to people; no control characters. */
export const nameText = z
  .string()
  .min(1)
  .max(128, { abort: true })
  .regex(/^[^\p{Cc}\p{Cs}]+$/u, "expected text without control characters");

/** A moment in UTC, to the millisecond. */
export const timeText = z
  .string()
  .max(30, { abort: true })
  .regex(
    /^(19[7-9]\d|20\d\d|21\d\d)-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/,
    "expected an RFC 3339 time in UTC, 1970 to 2199",
  )
  .refine((text) => !Number.isNaN(Date.parse(text)), "expected a time that exists")
  .meta({ id: "Time", format: "date-time", examples: ["2020-03-12T10:00:00.000Z"] });

/** The number of a snapshot, a posting, a parameter version: whole and not negative. */
export const sequenceNumber = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/** Milliseconds since 1970 as wire text; `parseTime` reads it back. */
export function printTime(millis: number): string {
  return new Date(millis).toISOString();
}

/** Wire text as milliseconds since 1970. The text has passed `timeText`. */
export function parseTime(text: string): number {
  return Date.parse(text);
}

/** An amount beside its asset, for lists. */
export const assetAmount = z.strictObject({ asset: idText, amount: decimalText }).meta({ id: "AssetAmount" });
export type AssetAmountBody = z.infer<typeof assetAmount>;

/** JSON as it is kept in plans, results and audit facts. Amounts inside are decimal text. */
export type JsonBody = null | boolean | number | string | readonly JsonBody[] | { readonly [key: string]: JsonBody };
export const jsonValue = z.unknown().meta({ id: "Json", description: "Any JSON." }) as unknown as z.ZodType<JsonBody>;
