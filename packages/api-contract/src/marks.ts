import { z } from "zod";
import { idText, depthText, priceText, sequenceNumber, timeText } from "./wire.js";

const prices = z.record(idText, priceText);

/** Prices of one moment. An older sequence never replaces a newer one. */
export const marksRequest = z
  .strictObject({
    sequence: sequenceNumber.min(1),
    at: timeText,
    /** Dollars for one unit of each asset. */
    indexPrices: prices,
    markPrices: prices,
    /** Dollars of market orders that move an instrument by one per cent. */
    depths: z.record(idText, depthText),
  })
  .meta({ id: "Marks" });
export type MarksRequest = z.infer<typeof marksRequest>;

/** NEW: stored. SCANNED: every account has been assessed. SETTLED: everything it caused has been done. */
export const snapshotStatus = z.enum(["NEW", "SCANNED", "SETTLED"]).meta({ id: "SnapshotStatus" });
export type SnapshotStatusText = z.infer<typeof snapshotStatus>;

export const marksAccepted = z
  .strictObject({ sequence: sequenceNumber, status: snapshotStatus })
  .meta({ id: "MarksAccepted" });
export type MarksAccepted = z.infer<typeof marksAccepted>;

export const marksAnswer = z
  .strictObject({
    ...marksRequest.shape,
    sequence: sequenceNumber,
    status: snapshotStatus,
    /** Assets whose price is the last good one: nobody takes new risk at it, nobody is liquidated at it. */
    frozen: z.array(idText),
  })
  .meta({ id: "MarksAnswer" });
export type MarksAnswer = z.infer<typeof marksAnswer>;
