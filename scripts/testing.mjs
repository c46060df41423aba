import { setTimeout as pause } from "node:timers/promises";

const DEADLINE_MS = 60_000;

/** Answers as soon as the condition holds; a condition that throws does not hold yet. Fails at the deadline. */
export async function eventually(condition) {
  const deadline = performance.now() + DEADLINE_MS;
  let last;
  for (;;) {
    try {
      if (await condition()) return;
      last = undefined;
    } catch (fault) {
      last = fault;
    }
    if (performance.now() > deadline) throw new Error(`not within ${DEADLINE_MS / 1000} s`, { cause: last });
    await pause(20);
  }
}
