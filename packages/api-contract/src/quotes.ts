import { z } from "zod";
import { decimalText, depthText, idText, priceText, sequenceNumber, timeText } from "./wire.js";

const milliseconds = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/** What one source says. Any decimal is taken: whether it is a price is the index's judgement, and a verdict on its source. */
export const sourceTick = z
  .strictObject({
    asset: idText,
    source: idText,
    /** Rises with every tick of the source; an older one never replaces a newer one. */
    sequence: sequenceNumber,
    price: decimalText,
    /** How old the price was when the exchange sent it. */
    ageMs: milliseconds,
  })
  .meta({ id: "SourceTick" });
export type SourceTick = z.infer<typeof sourceTick>;

/** The exchange's own market in an instrument; a side that is not there is null. */
export const ownBook = z
  .strictObject({
    instrument: idText,
    sequence: sequenceNumber,
    bid: priceText.nullable(),
    ask: priceText.nullable(),
    last: priceText.nullable(),
    /** Dollars of market orders that move it by one per cent. */
    depth: depthText,
  })
  .meta({ id: "OwnBook" });
export type OwnBook = z.infer<typeof ownBook>;

/** Moments that one push may tell. */
export const QUOTE_ROUNDS_MAX = 240;

/** What the exchange has heard at one moment. */
export const quoteRound = z
  .strictObject({
    /** Milliseconds on the feed's clock, which only runs forward. */
    elapsedMs: milliseconds,
    at: timeText,
    ticks: z.array(sourceTick).max(5_000),
    books: z.array(ownBook).max(2_000),
  })
  .meta({ id: "QuoteRound" });
export type QuoteRound = z.infer<typeof quoteRound>;

/**
 * What the exchange has heard since its last push, moment by moment. The house makes indices and marks of all of it, and one
 * snapshot of what the last moment has left.
 */
export const quotesRequest = z
  .strictObject({
    /** Names the run of the feed's clock: another name says that it has started anew. */
    clock: idText,
    rounds: z.array(quoteRound).min(1).max(QUOTE_ROUNDS_MAX),
  })
  .meta({ id: "Quotes" });
export type QuotesRequest = z.infer<typeof quotesRequest>;

/** PUBLISHED: there is a new snapshot. INCOMPLETE: something has no price yet, so nothing was published. */
export const quotesAccepted = z
  .strictObject({
    status: z.enum(["PUBLISHED", "INCOMPLETE"]),
    sequence: sequenceNumber.nullable(),
    /** Assets whose price is the last good one. */
    frozen: z.array(idText),
    /** Of those, the ones that only a person brings back. */
    needsPerson: z.array(idText),
  })
  .meta({ id: "QuotesAccepted" });
export type QuotesAccepted = z.infer<typeof quotesAccepted>;

export const indexCondition = z.enum(["LIVE", "DEGRADED", "FROZEN", "NEEDS_PERSON"]).meta({ id: "IndexCondition" });

/** How one source stands. */
export const sourceHealth = z
  .strictObject({
    source: idText,
    role: z.enum(["venue", "redemption", "own-book"]),
    /** In what it quotes in; null before it has said anything, and where what it says is no price. */
    price: decimalText.nullable(),
    quotedIn: idText.nullable(),
    sequence: sequenceNumber.nullable(),
    /** Since what it says was true. */
    ageMs: z.number().nullable(),
    /** Ticks that came too late and changed nothing. */
    ignored: z.int(),
    /** Why it is not heard; null when it is. */
    excluded: z.string().nullable(),
  })
  .meta({ id: "SourceHealth" });

export const proposedPrice = z
  .strictObject({ price: priceText, reason: z.string(), proposedBy: z.string(), proposedAt: timeText })
  .meta({ id: "ProposedPrice" });

export const indexHealth = z
  .strictObject({
    asset: idText,
    price: decimalText.nullable(),
    /** What a unit counts for as collateral: the least of price, redemption and stable price. */
    creditPrice: decimalText.nullable(),
    stablePrice: decimalText.nullable(),
    condition: indexCondition,
    reason: z.string().nullable(),
    confidence: decimalText,
    /** What the sources would make of it now, in force or not. */
    candidate: decimalText.nullable(),
    frozenForMs: z.number().nullable(),
    /** A price that one person has proposed, and that waits for another one. */
    proposal: proposedPrice.nullable(),
    sources: z.array(sourceHealth),
  })
  .meta({ id: "IndexHealth" });
export type IndexHealth = z.infer<typeof indexHealth>;

/** The live market as it stands after the last push. */
export const marketAnswer = z
  .strictObject({
    clock: idText,
    at: timeText,
    indices: z.array(indexHealth),
    /** Marks that their clamp holds: the own market has left the index. */
    clampedMarks: z.array(idText),
  })
  .meta({ id: "LiveMarket" });
export type MarketBody = z.infer<typeof marketAnswer>;

/** A person has looked, and proposes what an asset is worth. */
export const personPriceRequest = z
  .strictObject({ price: priceText, reason: z.string().min(1).max(500) })
  .meta({ id: "PersonPrice" });
export type PersonPriceRequest = z.infer<typeof personPriceRequest>;

export const personPriceAnswer = z
  .strictObject({ asset: idText, price: priceText, state: z.literal("PROPOSED") })
  .meta({ id: "PersonPriceAnswer" });
export type PersonPriceAnswer = z.infer<typeof personPriceAnswer>;

/** Another person has looked as well, and says the same. */
export const priceConfirmation = z.strictObject({ price: priceText }).meta({ id: "PriceConfirmation" });
export type PriceConfirmation = z.infer<typeof priceConfirmation>;

/** What an interval of a perpetual has become. DUE: not posted yet. NO_RATE: too few samples, so nobody pays by itself. */
export const fundingRow = z
  .strictObject({
    instrument: idText,
    paidAt: timeText,
    status: z.enum(["DUE", "POSTED", "NO_RATE"]),
    sequence: sequenceNumber,
    /** For the interval; longs pay when positive. */
    rate: decimalText.nullable(),
    /** The mark at which contracts were valued. */
    price: decimalText,
    asset: idText.nullable(),
    /** What all payers together have paid. */
    paid: decimalText,
    accounts: z.int(),
  })
  .meta({ id: "Funding" });
export type FundingRow = z.infer<typeof fundingRow>;
export const fundingsAnswer = z.strictObject({ data: z.array(fundingRow) }).meta({ id: "Fundings" });
