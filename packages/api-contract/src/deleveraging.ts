import { z } from "zod";
import { amountText, decimalText, idText, priceText, sequenceNumber } from "./wire.js";

export const deleveragingSide = z.enum(["LONG", "SHORT"]).meta({ id: "DeleveragingSide" });

/** Where a holder stands: five lights are the first fifth of the line. The figures are the reason. */
const place = {
  rank: z.int().min(1),
  lights: z.int().min(1).max(5),
  /** Profit share × leverage. */
  score: decimalText,
  /** Profit of the side over its notional. */
  profitShare: decimalText,
  /** Notional of everything held over equity. */
  leverage: decimalText,
  /** Contracts that nothing else in the account offsets: these are asked first. */
  unhedged: decimalText,
};

/** One position and its place; a position that stands in no line says why. */
export const deleveragingPosition = z
  .strictObject({
    instrument: idText,
    side: deleveragingSide,
    /** How many stand in this line. */
    lineLength: z.int(),
    place: z.strictObject(place).nullable(),
    notInLine: z.enum(["NO_PROFIT", "IN_LIQUIDATION", "NO_EQUITY", "HOUSE"]).nullable(),
  })
  .meta({ id: "DeleveragingPosition" });
export const deleveragingAnswer = z
  .strictObject({
    account: idText,
    /** The snapshot at which the lines were made; they are made once for each. */
    marksSequence: sequenceNumber,
    positions: z.array(deleveragingPosition),
  })
  .meta({ id: "Deleveraging" });
export type DeleveragingBody = z.infer<typeof deleveragingAnswer>;

export const instrumentParams = z.strictObject({ instrument: idText });
/** What to try: so many contracts, taken from the holders of this side, at this price. */
export const deleveragingTrial = z.strictObject({ side: deleveragingSide, contracts: amountText, price: priceText });
export type DeleveragingTrial = z.infer<typeof deleveragingTrial>;

const share = z
  .strictObject({
    account: idText,
    ...place,
    contracts: decimalText,
    ofThemHedging: decimalText,
    /** What a plain queue of whole positions would have taken. */
    inAQueue: decimalText,
    equityBefore: decimalText,
    equityAfter: decimalText,
    maintenanceMarginBefore: decimalText,
    maintenanceMarginAfter: decimalText,
  })
  .meta({ id: "DeleveragingShare" });

/** What would happen; nothing does. */
export const deleveragingTrialAnswer = z
  .strictObject({
    instrument: idText,
    marksSequence: sequenceNumber,
    shares: z.array(share),
    /** Contracts that nobody could give without harm. */
    unmet: decimalText,
    spared: z.array(z.strictObject({ account: idText, inAQueue: decimalText })),
  })
  .meta({ id: "DeleveragingTrial" });
export type DeleveragingTrialBody = z.infer<typeof deleveragingTrialAnswer>;
