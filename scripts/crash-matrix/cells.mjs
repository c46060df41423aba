/*
 * What the crash matrix is made of: every step of a liquidation, and everything that can happen to it.
 *
 * A fault strikes a step at one of three moments: before it (nothing has been done), inside it (all is done and nothing
 * committed), after it (all is committed and nobody has been told).
 */

/** The steps, in the order in which a liquidation meets them. */
export const STEPS = [
  "scan",
  "intend",
  "send",
  "take over a step",
  "ask",
  "book",
  "hand over",
  "take over an account",
  "intend a disposal",
  "book a disposal",
  "settle",
];

/** The faults; `moment` is where a fault strikes a step that is a transaction. */
export const FAULTS = [
  { name: "killed before", moment: "inside", does: "kill" },
  { name: "killed at the commit", moment: "commit", does: "kill" },
  { name: "killed after", moment: "after", does: "kill" },
  { name: "event loop blocked", moment: "before", does: "block" },
  { name: "queue flushed", moment: "inside", does: "flush" },
  { name: "database restarted", moment: "inside", does: "restart" },
  { name: "connections cut", moment: "inside", does: "cut" },
  { name: "venue answer lost", moment: "before", does: "lose" },
];

/** Milliseconds that a blocked worker is deaf: longer than a step is left to whoever holds it. */
export const BLOCK_MS = 2_600;

/** Milliseconds within which every run has to end after its fault. */
export const STUCK_MS = 60_000;

/** Every cell for these seeds. The queue alternates, so that each pair of step and fault meets both. */
export function cellsOf(seeds, queues) {
  const cells = [];
  for (const seed of seeds) {
    for (const [row, step] of STEPS.entries()) {
      for (const [column, fault] of FAULTS.entries()) {
        const queue = queues[(seed + row + column) % queues.length];
        cells.push({ seed, step, fault: fault.name, queue });
      }
    }
  }
  return cells;
}

/** A few cells in which each step and each fault occurs at least once: a diagonal. */
export function diagonalOf(seed, queues) {
  return STEPS.map((step, row) => {
    const fault = FAULTS[(row + seed) % FAULTS.length];
    return { seed, step, fault: fault.name, queue: queues[row % queues.length] };
  });
}

/** A generator of numbers in 0…1 that gives the same ones for the same seed. */
export function randomFrom(seed) {
  let state = (seed * 0x9e3779b9) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
