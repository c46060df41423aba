import type { Scope } from "@ballast/api-contract";
import type { AccountId, UtcMillis } from "@ballast/model";

/** Who is asking. A key without an account is the exchange's own; a session reads everything and changes nothing. */
export type Principal =
  | {
      readonly kind: "key";
      readonly id: string;
      readonly scopes: readonly Scope[];
      readonly account: AccountId | null;
    }
  | {
      readonly kind: "session";
      readonly id: string;
      readonly name: string;
      readonly role: string;
      readonly expiresAt: UtcMillis;
    };

/** How the audit trail names a principal. */
export function actorOf(principal: Principal): string {
  return principal.kind === "key" ? `key:${principal.id}` : `admin:${principal.name}`;
}
