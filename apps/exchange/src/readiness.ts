import { setTimeout as pause } from "node:timers/promises";
import type { Client } from "@ballast/api-contract";

/** The API says that it cannot serve, for longer than we wait. */
export class NotReady extends Error {
  override readonly name = "NotReady";
}

const POLL_MS = 200;

/** What we bring ourselves: a house that has never heard a price waits for ours. */
const OURS_TO_BRING = "marks";

/** Returns when the API lacks nothing but marks, which the exchange brings. @throws NotReady after `deadlineMs`, with what it says is missing. */
export async function waitUntilReady(client: Client, deadlineMs: number): Promise<void> {
  const begun = performance.now();
  for (;;) {
    const { checks } = await client.ready();
    const missing = checks.filter((check) => !check.ok && check.name !== OURS_TO_BRING);
    if (missing.length === 0) return;
    if (performance.now() - begun > deadlineMs) {
      const lacks = missing.map((check) => `${check.name}: ${check.detail}`);
      throw new NotReady(`the API is not ready after ${Math.round(deadlineMs / 1000)} s: ${lacks.join("; ")}`);
    }
    await pause(POLL_MS);
  }
}
