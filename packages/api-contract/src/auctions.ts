import { z } from "zod";
import { amountText, assetAmount, decimalText, idText, sequenceNumber, timeText } from "./wire.js";

/*
 * Takeover auctions: a failing account is offered to registered backstop providers, at a price that falls with the market's
 * time, before the insurance fund takes over what is left.
 */

/** A share or a price factor: above zero, at most one. */
export const shareText = z
  .string()
  .max(24, { abort: true })
  .regex(/^(1(\.0{1,18})?|0\.(?!0+$)\d{1,18})$/, "expected a decimal string above 0, at most 1")
  .meta({ id: "Share", description: "Decimal text above 0, at most 1.", examples: ["0.25", "1"] });

export const auctionPosition = z
  .strictObject({ instrument: idText, quantity: decimalText, markPrice: decimalText })
  .meta({ id: "AuctionPosition" });

/** An open auction as it stands at the latest snapshot. */
export const auctionRow = z
  .strictObject({
    account: idText,
    epoch: z.int().min(1),
    /** OPEN, or why it ends at the next look. */
    state: z.enum(["OPEN", "RESTORED", "TIME_OVER", "NOTHING_LEFT"]),
    startedAt: timeText,
    /** By the market's time. */
    endsAt: timeText,
    /** The snapshot that the figures are of. */
    sequence: sequenceNumber,
    priceFactor: decimalText,
    largestShare: decimalText,
    /** Dollars. */
    value: decimalText,
    reservedCash: decimalText,
    wholePrice: decimalText,
    paymentAsset: idText,
    bids: z.int(),
    positions: z.array(auctionPosition),
    balances: z.array(assetAmount),
  })
  .meta({ id: "Auction" });
export type AuctionRowBody = z.infer<typeof auctionRow>;
export const auctionsAnswer = z.strictObject({ data: z.array(auctionRow) }).meta({ id: "Auctions" });

/** A bid of the provider that the path names. `priceFactorMax`: the most it pays, as a factor of the value. */
export const bidRequest = z
  .strictObject({
    auction: z.strictObject({ account: idText, epoch: z.int().min(1) }),
    share: shareText,
    priceFactorMax: shareText,
  })
  .meta({ id: "BidRequest" });
export type BidRequest = z.infer<typeof bidRequest>;

/** What the bid has moved. Quantities are signed as trades of the provider; of `passed` it has received what is above zero. */
export const bidAnswer = z
  .strictObject({
    account: idText,
    epoch: z.int(),
    step: z.int(),
    provider: idText,
    sequence: sequenceNumber,
    priceFactor: decimalText,
    share: decimalText,
    fills: z.array(z.strictObject({ instrument: idText, quantity: decimalText, price: decimalText })),
    passed: z.array(assetAmount),
    payment: z.strictObject({ asset: idText, amount: amountText }),
    /** The account has enough again, and the auction is over. */
    restored: z.boolean(),
  })
  .meta({ id: "BidAnswer" });
export type BidBody = z.infer<typeof bidAnswer>;

const signature = z.strictObject({ by: z.string(), at: timeText });

/** Contracts of a market that a provider may hold, on either side. */
const marketCap = z.strictObject({ instrument: idText, contractsMax: amountText });
/** Null: no caps. A market that is not named may not be added to. */
const marketCaps = z.array(marketCap).min(1).max(10_000).nullable();

export const providerRow = z
  .strictObject({ account: idText, caps: marketCaps, registered: signature, retired: signature.nullable() })
  .meta({ id: "BackstopProvider" });
export type ProviderRowBody = z.infer<typeof providerRow>;
export const providersAnswer = z.strictObject({ data: z.array(providerRow) }).meta({ id: "BackstopProviders" });

export const providerRequest = z
  .strictObject({ account: idText, caps: marketCaps.default(null) })
  .meta({ id: "BackstopProviderRequest" });
export type ProviderRequest = z.infer<typeof providerRequest>;
export const providerAnswer = z
  .strictObject({ account: idText, state: z.enum(["REGISTERED", "RETIRED"]) })
  .meta({ id: "BackstopProviderAnswer" });
export type ProviderBody = z.infer<typeof providerAnswer>;
