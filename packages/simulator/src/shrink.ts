import { type Run, type RunOptions, run } from "./run.js";

/** How many runs may be spent on making a failure smaller. */
const RUNS_MAX = 300;

/**
 * Returns a run that breaks the same invariant with as few events as can be found: first everything behind the failing
 * event goes, then halves, quarters, eighths … of the rest, as long as the same invariant still breaks.
 *
 * Cost: at most 300 runs, each no longer than the first.
 */
export function shrink(failed: Run): Run {
  const { violation } = failed;
  if (violation === null) return failed;
  let smallest = failed;
  let kept = numbersUpTo(Math.min(violation.event, failed.options.events), failed.options.only);
  let runs = 0;
  const breaksWith = (events: readonly number[]): boolean => {
    runs += 1;
    const tried = run({ ...failed.options, events: events.at(-1) ?? 0, only: new Set(events) });
    if (tried.violation?.invariant !== violation.invariant) return false;
    smallest = tried;
    kept = events;
    return true;
  };
  for (let pieces = 2; runs < RUNS_MAX && kept.length > 1; ) {
    const size = Math.ceil(kept.length / pieces);
    const shorter = cuts(kept, size).some((events) => runs < RUNS_MAX && breaksWith(events));
    if (shorter) pieces = Math.max(2, pieces - 1);
    else if (size === 1) break;
    else pieces = Math.min(kept.length, pieces * 2);
  }
  return smallest;
}

/** Event numbers as text, runs of neighbours together: "3-5,17". */
export function printEvents(events: Iterable<number>): string {
  const parts: string[] = [];
  let first: number | undefined;
  let last = 0;
  const close = (): void => {
    if (first !== undefined) parts.push(first === last ? `${first}` : `${first}-${last}`);
  };
  for (const event of [...events].sort((left, right) => left - right)) {
    if (first === undefined || event !== last + 1) {
      close();
      first = event;
    }
    last = event;
  }
  close();
  return parts.join(",");
}

function numbersUpTo(most: number, only: RunOptions["only"]): readonly number[] {
  const numbers = Array.from({ length: most }, (_, index) => index + 1);
  return only === undefined ? numbers : numbers.filter((number) => only.has(number));
}

/** The list without its first piece of a size, without its second, and so on. */
function cuts(list: readonly number[], size: number): readonly (readonly number[])[] {
  const without: number[][] = [];
  for (let from = 0; from < list.length; from += size) {
    without.push([...list.slice(0, from), ...list.slice(from + size)]);
  }
  return without;
}
