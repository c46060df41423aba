import { price, type Quantity, quantity, usd } from "@ballast/money";
import type { Account } from "./account.js";
import { type AccountId, accountId, type AssetId, assetId, type InstrumentId, instrumentId } from "./ids.js";
import { contractValue, type Instrument } from "./instrument.js";
import type { MarketSnapshot } from "./market.js";
import type { Rejection } from "./rejections.js";
import { ok, reject, type Result } from "./result.js";
import { toUtcMillis, type UtcMillis } from "./time.js";

/*
 * Does not compile: one noun handed over as another. Each line below a directive must be an error, and the compiler says
 * so when it is not; the lines without one must compile. Nothing here runs.
 */

declare const account: Account;
declare const market: MarketSnapshot;
declare const instrument: Instrument;
declare const answer: Result<Quantity, Rejection>;

export const alice: AccountId = accountId("alice");
export const balance = account.balances.get(assetId("BTC"));
export const mark = market.markPrices.get(instrument.id);
export const expiry: UtcMillis | null = instrument.kind === "dated-future" ? instrument.expiresAt : null;
export const no: Result<"ADMITTED", Rejection> = reject({ code: "MARKET_UNKNOWN" });
export const yes: Result<"ADMITTED", Rejection> = ok("ADMITTED");

// @ts-expect-error a text is not an account until it has been read as one
export const unread: AccountId = "alice";
// @ts-expect-error an asset is not an account
export const assetAsAccount: AccountId = assetId("USDC");
// @ts-expect-error an asset is not an instrument
export const assetAsInstrument: InstrumentId = assetId("BTC");
// @ts-expect-error an instrument is not an asset
export const instrumentAsAsset: AssetId = instrumentId("BTC-PERPETUAL");
// @ts-expect-error balances are by asset, not by instrument
export const wrongKey = account.balances.get(instrument.id);
// @ts-expect-error marks are by instrument, not by asset
export const wrongMark = market.markPrices.get(assetId("BTC"));
// @ts-expect-error a number is not a point in time until it has been checked
export const unchecked: UtcMillis = 1_584_014_400_000;
// @ts-expect-error a perpetual does not expire
export const never: UtcMillis = instrument.expiresAt;
// @ts-expect-error contracts are worth something at a price, not at an amount of dollars
export const worthAtDollars = contractValue(instrument, quantity("1"), usd("8000"));
// @ts-expect-error quantity first, then the price
export const swapped = contractValue(instrument, price("8000"), quantity("1"));
// @ts-expect-error an account is read, never written
account.balances = new Map();
// @ts-expect-error nor are its maps
account.balances.set(assetId("BTC"), quantity("1"));
// @ts-expect-error an answer is looked at before its value is used
export const unseen: Quantity = answer.value;
// @ts-expect-error a rejection carries its facts
export const factless: Rejection = { code: "ACCOUNT_UNKNOWN" };
// @ts-expect-error a reason that is not on the list
export const invented: Rejection = { code: "JUST_NO" };
export const time: UtcMillis = toUtcMillis(1_584_014_400_000);
