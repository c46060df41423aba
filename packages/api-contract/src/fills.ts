import { z } from "zod";
import { itemStatus } from "./collateral.js";
import { itemRejection } from "./errors.js";
import { amountText, decimalText, feeRateText, idText, keyText, timeText } from "./wire.js";

/** How many fills one batch may hold. */
export const FILLS_BATCH_MAX = 1000;

/** A match from the matching engine. `quantity` > 0 in contracts; fee rates are shares of notional, negative is a rebate. */
export const fillItem = z
  .strictObject({
    id: keyText,
    instrument: idText,
    buyer: idText,
    seller: idText,
    quantity: amountText,
    price: decimalText,
    buyerFeeRate: feeRateText,
    sellerFeeRate: feeRateText,
    at: timeText,
  })
  .meta({ id: "Fill" });
export type FillBody = z.infer<typeof fillItem>;

export const fillsRequest = z.strictObject({ fills: z.array(fillItem).min(1).max(FILLS_BATCH_MAX) }).meta({
  id: "FillsRequest",
  description:
    "Admitted one after the other, both sides, in this order; the admitted ones are posted in one transaction.",
});
export type FillsRequest = z.infer<typeof fillsRequest>;

export const fillResult = z
  .strictObject({ id: keyText, status: itemStatus, rejection: itemRejection.exactOptional() })
  .meta({ id: "FillResult" });
export type FillResult = z.infer<typeof fillResult>;
export const fillsAnswer = z.strictObject({ results: z.array(fillResult) }).meta({ id: "FillsAnswer" });
export type FillsAnswer = z.infer<typeof fillsAnswer>;
