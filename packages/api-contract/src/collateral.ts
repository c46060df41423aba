import { z } from "zod";
import { itemRejection } from "./errors.js";
import { amountText, decimalText, idText, keyText } from "./wire.js";

/** How many deposits one batch may hold. */
export const DEPOSITS_BATCH_MAX = 1000;

/** A deposit into, or a withdrawal from, the account that the path names. */
export const movementRequest = z.strictObject({ asset: idText, amount: amountText }).meta({ id: "MovementRequest" });
export type MovementRequest = z.infer<typeof movementRequest>;

/** What a movement left: `balance` of the asset afterwards. */
export const movementAnswer = z
  .strictObject({ account: idText, asset: idText, amount: decimalText, balance: decimalText, journal: z.string() })
  .meta({ id: "MovementAnswer" });
export type MovementAnswer = z.infer<typeof movementAnswer>;

export const transferRequest = z
  .strictObject({ from: idText, to: idText, asset: idText, amount: amountText })
  .meta({ id: "TransferRequest", description: "Between a main account and its sub-accounts, or among these." });
export type TransferRequest = z.infer<typeof transferRequest>;

export const transferAnswer = z
  .strictObject({
    from: idText,
    to: idText,
    asset: idText,
    amount: decimalText,
    balanceFrom: decimalText,
    balanceTo: decimalText,
    journal: z.string(),
  })
  .meta({ id: "TransferAnswer" });
export type TransferAnswer = z.infer<typeof transferAnswer>;

export const depositItem = z
  .strictObject({ account: idText, asset: idText, amount: amountText, key: keyText })
  .meta({ id: "DepositItem" });
export const depositsRequest = z.strictObject({ deposits: z.array(depositItem).min(1).max(DEPOSITS_BATCH_MAX) }).meta({
  id: "DepositsRequest",
  description: "Each is posted once under its own key; refused ones do not hold up the others.",
});
export type DepositsRequest = z.infer<typeof depositsRequest>;

/** POSTED now, REPLAYED when this key was posted before, REJECTED with the reason. */
export const itemStatus = z.enum(["POSTED", "REPLAYED", "REJECTED"]);
export const depositsAnswer = z
  .strictObject({
    results: z.array(z.strictObject({ key: keyText, status: itemStatus, rejection: itemRejection.exactOptional() })),
  })
  .meta({ id: "DepositsAnswer" });
export type DepositsAnswer = z.infer<typeof depositsAnswer>;
