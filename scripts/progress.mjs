/*
 * What a person sees while something takes long: a line when a step begins, its time when it ends, and in between,
 * every few seconds, that it is still alive and what it did last.
 */

const STILL_MS = 4000;

let silent = false;

export function say(line = "") {
  if (!silent) process.stdout.write(`${line}\n`);
}

/** Runs `work` without a word on the screen, for commands whose output is read by programs. */
export async function quietly(work) {
  silent = true;
  try {
    return await work();
  } finally {
    silent = false;
  }
}

export function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}

/**
 * Runs `work` as a step with a name. `work` receives `note(text)`, to tell what it is doing just now.
 * Quick steps print one line only, when they are done.
 */
export async function step(name, work) {
  const begun = performance.now();
  let latest = "";
  const still = setInterval(() => {
    say(`  … ${name}: ${seconds(performance.now() - begun)}${latest === "" ? "" : `, ${latest}`}`);
  }, STILL_MS);
  try {
    const result = await work((text) => {
      latest = text;
    });
    say(`  ✓ ${name} (${seconds(performance.now() - begun)})`);
    return result;
  } catch (fault) {
    say(`  ✗ ${name} (${seconds(performance.now() - begun)})`);
    throw fault;
  } finally {
    clearInterval(still);
  }
}
