import type { AccountId, UtcMillis } from "@ballast/model";
import type { Page } from "./accounts.repository.js";
import type { Database } from "./client.js";
import type { Json } from "./json.js";

/** Who did what to which account. Never changed, never deleted. */
export interface AuditRecord {
  readonly id: string;
  readonly at: UtcMillis;
  readonly actor: string;
  readonly action: string;
  readonly account: AccountId | null;
  /** Scope and key of the command. */
  readonly command: string;
  readonly facts: Json;
}

export interface AuditQuery {
  readonly account?: AccountId;
  readonly limit: number;
  /** `next` of the page before. */
  readonly cursor?: string;
}

export interface AuditTrail {
  /** The audit trail, newest first. */
  audit(query: AuditQuery): Promise<Page<AuditRecord>>;
}

export function auditTrail({ prisma }: Database): AuditTrail {
  return {
    async audit({ account, limit, cursor }) {
      const rows = await prisma.auditRecord.findMany({
        where: {
          ...(account === undefined ? {} : { accountId: account }),
          ...(cursor === undefined ? {} : { id: { lt: BigInt(cursor) } }),
        },
        orderBy: { id: "desc" },
        take: limit + 1,
      });
      const items = rows.slice(0, limit).map((row) => ({
        id: String(row.id),
        at: row.at.getTime() as UtcMillis,
        actor: row.actor,
        action: row.action,
        account: row.accountId as AccountId | null,
        command: row.commandKey,
        facts: row.facts as Json,
      }));
      return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
    },
  };
}
