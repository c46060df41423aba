import { createHash } from "node:crypto";
import type { StepFault, StepId } from "@ballast/store";
import { isOfTheWorld } from "./of-the-world.js";
import { liquidatorCommand, type Setting } from "./setting.js";

/**
 * Runs the work of one step, and keeps its trouble to itself: a failure that is ours is counted against the step, which
 * waits for a person when it has failed too often, and every other account goes on. A failure of the world is thrown on:
 * the work is still due and will be found again. Answers whether it went well.
 *
 * @method CASE-8
 */
export async function keepingTrouble(setting: Setting, step: StepId, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (cause) {
    if (isOfTheWorld(cause)) throw cause;
    const fault = faultOf(cause);
    const latest = await setting.store.latestSnapshot();
    if (latest === null) throw cause;
    const now = await setting.store.now();
    const key = `failure.${step.account}.${step.epoch}.${step.step}.${now}.${digestOf(fault)}`;
    const waits = await setting.store.recordFailure(liquidatorCommand("failure", key, latest.at), step, fault);
    if (waits) setting.events.quarantined(step, cause);
    else setting.events.failed(step, cause);
    return false;
  }
}

const MESSAGE_MAX = 2_000;

function faultOf(cause: unknown): StepFault {
  if (!(cause instanceof Error)) return { code: "THROWN", message: String(cause) };
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : cause.name;
  return { code, message: cause.message.slice(0, MESSAGE_MAX) };
}

function digestOf(fault: StepFault): string {
  return createHash("sha256").update(JSON.stringify(fault)).digest("hex").slice(0, 16);
}
