import { z } from "zod";
import { keyText, timeText } from "./wire.js";

/** What a key may do. `exchange` is the matching engine's: everything, every account. The others are bound to an account. */
export const scope = z
  .enum(["exchange", "account:read", "account:withdraw", "account:transfer", "auction:bid"])
  .meta({ id: "Scope" });
export type Scope = z.infer<typeof scope>;

export const accountScope = z.enum(["account:read", "account:withdraw", "account:transfer", "auction:bid"]);

export const newApiKeyRequest = z
  .strictObject({ scopes: z.array(accountScope).min(1).max(4) })
  .meta({ id: "NewApiKeyRequest" });
export type NewApiKeyRequest = z.infer<typeof newApiKeyRequest>;

/** `secret` is shown once; null when the request is a replay. */
export const newApiKeyAnswer = z
  .strictObject({ id: keyText, account: z.string(), scopes: z.array(scope), secret: z.string().nullable() })
  .meta({ id: "NewApiKey" });
export type NewApiKeyAnswer = z.infer<typeof newApiKeyAnswer>;

export const signInRequest = z
  .strictObject({ name: z.string().min(1).max(128), password: z.string().min(1).max(256) })
  .meta({ id: "SignInRequest" });
export type SignInRequest = z.infer<typeof signInRequest>;

/** Who is signed in. The session itself is an HttpOnly cookie. */
export const sessionAnswer = z
  .strictObject({ name: z.string(), role: z.string(), expiresAt: timeText })
  .meta({ id: "Session" });
export type SessionBody = z.infer<typeof sessionAnswer>;

export const signedOut = z.strictObject({ signedOut: z.literal(true) }).meta({ id: "SignedOut" });
