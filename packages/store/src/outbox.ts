import type { UtcMillis } from "@ballast/model";
import type { Database } from "./client.js";
import type { Json } from "./json.js";

/** An event of a command that has committed. */
export interface OutboxEvent {
  readonly id: string;
  readonly topic: string;
  readonly payload: Json;
  readonly createdAt: UtcMillis;
}

/** Events that wait to be told to others; written by commands, in their transactions. */
export interface OutboxReader {
  /** The oldest events not yet published. Two readers may see the same ones: publishing twice must do no harm. */
  unpublished(limit: number): Promise<readonly OutboxEvent[]>;
  markPublished(ids: readonly string[], at: UtcMillis): Promise<void>;
}

export function outboxReader({ prisma }: Database): OutboxReader {
  return {
    async unpublished(limit) {
      const rows = await prisma.outbox.findMany({ where: { publishedAt: null }, orderBy: { id: "asc" }, take: limit });
      return rows.map((row) => ({
        id: String(row.id),
        topic: row.topic,
        payload: row.payload as Json,
        createdAt: row.createdAt.getTime() as UtcMillis,
      }));
    },
    async markPublished(ids, at) {
      await prisma.outbox.updateMany({
        where: { id: { in: ids.map(BigInt) }, publishedAt: null },
        data: { publishedAt: new Date(at) },
      });
    },
  };
}
