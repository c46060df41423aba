import { setTimeout as pause } from "node:timers/promises";
import { type Client, type MarksAnswer, ProblemAnswer } from "@ballast/api-contract";

/** A snapshot whose work was not done in time. The message names what is unfinished. */
export class NotSettled extends Error {
  override readonly name = "NotSettled";
}

const POLL_MS = 15;

/**
 * Returns the snapshot when it is SETTLED: every account assessed, every liquidation it caused worked, the waterfall done. A
 * slow machine is waited for as long as anything moves.
 *
 * @throws NotSettled when nothing has moved for `patienceMs`, saying what is still open.
 */
export async function waitUntilSettled(client: Client, sequence: number, patienceMs: number): Promise<MarksAnswer> {
  let moved = performance.now();
  let looked = moved;
  let before = "";
  for (;;) {
    const marks = await client.marks(sequence);
    const { status } = marks;
    if (status === "SETTLED") return marks;
    const now = performance.now();
    if (now - looked > patienceMs / LOOKS) {
      const progress = `${status} ${await progressOf(client)}`;
      if (progress !== before) moved = now;
      [looked, before] = [now, progress];
    }
    if (now - moved > patienceMs) {
      throw new NotSettled(
        `snapshot ${sequence} is still ${status}, and nothing has moved for ${Math.round(patienceMs / 1000)} s: ${await unfinished(client, sequence)}`,
      );
    }
    await pause(POLL_MS);
  }
}

/** How often within the patience one looks whether anything has moved. */
const LOOKS = 20;

async function progressOf(client: Client): Promise<string> {
  const { decisions, postings, cases } = await client.summary();
  return JSON.stringify([decisions, postings, cases]);
}

async function unfinished(client: Client, sequence: number): Promise<string> {
  try {
    const [reducing, takenOver, ready] = await Promise.all([
      client.liquidations({ stage: "REDUCE", limit: 500 }),
      client.liquidations({ stage: "TAKEOVER", limit: 500 }),
      client.ready(),
    ]);
    const behind = reducing.data.filter((row) => row.workedSequence < sequence);
    const notReady = ready.checks.filter((check) => !check.ok).map((check) => `${check.name}: ${check.detail}`);
    return [
      `${behind.length} accounts still to be reduced at this snapshot${named(behind)}`,
      `${takenOver.data.length} waiting for the waterfall${named(takenOver.data)}`,
      notReady.length === 0 ? "the API is ready; is the liquidator running?" : notReady.join("; "),
    ].join("; ");
  } catch (fault) {
    if (fault instanceof ProblemAnswer) return `what is unfinished could not be asked: ${fault.message}`;
    throw fault;
  }
}

function named(rows: readonly { readonly account: string }[]): string {
  return rows.length === 0
    ? ""
    : ` (${rows
        .slice(0, 5)
        .map((row) => row.account)
        .join(", ")}${rows.length > 5 ? " …" : ""})`;
}
