import type { Sha256 } from "@ballast/ledger";
import { plantedRules, PLANTED_BUGS } from "./planted.js";
import { reportOf, type Run, type RunOptions, run } from "./run.js";
import { printEvents, shrink } from "./shrink.js";

/** What a command line came to: text to print, and the code to leave with. */
export interface Ended {
  readonly output: string;
  /** 0: nothing broke. 1: an invariant broke. 2: the command line cannot be played. */
  readonly code: 0 | 1 | 2;
}

export const USAGE = `npm run -s sim -- [options]

  --seed N        the seed (default 1)
  --events M      how many events (default 500)
  --seeds K       so many seeds, from --seed on (default 1)
  --only LIST     only these events, such as 3-5,17: to play a shrunk failure again
  --plant NAME    bend one rule, to see whether the invariants notice
  --help          this text

Rules that can be bent:
${PLANTED_BUGS.map(({ name, bends }) => `  ${name.padEnd(24)} ${bends}`).join("\n")}
`;

const SEEDS_MAX = 1_000_000;
const EVENTS_MAX = 1_000_000;

/** Plays what the arguments of a command line ask for. Pure: the same arguments give the same text. */
export function playCommandLine(args: readonly string[], sha256: Sha256): Ended {
  const values = readArguments(args);
  if (typeof values === "string") return { output: `${values}\n\n${USAGE}`, code: 2 };
  if (values.help) return { output: USAGE, code: 0 };
  const reports: string[] = [];
  for (let seed = values.seed; seed < values.seed + values.seeds; seed += 1) {
    const options = optionsOf(values, seed);
    const played = run(options);
    reports.push(reportOf(played, sha256));
    if (played.violation !== null) {
      return { output: reports.join("") + failure(played, values.plant), code: 1 };
    }
  }
  return { output: reports.join(""), code: 0 };
}

/** What broke, where, and the shortest way found to see it again. */
function failure(played: Run, plant: string | undefined): string {
  const shrunk = shrink(played);
  const { violation } = shrunk;
  const first = played.violation;
  if (violation === null || first === null) return "";
  const { seed, events, only } = shrunk.options;
  const again = [
    "npm run -s sim --",
    `--seed ${seed} --events ${events}`,
    ...(only === undefined ? [] : [`--only ${printEvents(only)}`]),
    ...(plant === undefined ? [] : [`--plant ${plant}`]),
  ].join(" ");
  return [
    `  broken        ${first.invariant}`,
    `  where         seed ${seed}, event ${first.event} (${first.name})`,
    `  facts         ${JSON.stringify(first.facts)}`,
    `  again         ${again}`,
    "",
  ].join("\n");
}

interface Arguments {
  readonly seed: number;
  readonly seeds: number;
  readonly events: number;
  readonly only: ReadonlySet<number> | undefined;
  readonly plant: string | undefined;
  readonly help: boolean;
}

/** The arguments, or a sentence that says what is wrong with them. */
function readArguments(args: readonly string[]): Arguments | string {
  const given = new Map<string, string>();
  for (let index = 0; index < args.length; index += 1) {
    const [name, inline] = (args[index] as string).split(/=(.*)/s) as [string, string | undefined];
    if (name === "--help") {
      given.set(name, "");
      continue;
    }
    if (!["--seed", "--seeds", "--events", "--only", "--plant"].includes(name)) return `unknown option ${name}`;
    const value = inline ?? args[(index += 1)];
    if (value === undefined) return `${name}: expected a value; found nothing`;
    given.set(name, value);
  }
  const seed = whole(given, "--seed", 1, 0, 999_999_999);
  const seeds = whole(given, "--seeds", 1, 1, SEEDS_MAX);
  const events = whole(given, "--events", 500, 0, EVENTS_MAX);
  const only = given.has("--only") ? eventList(given.get("--only") ?? "") : undefined;
  const plant = given.get("--plant");
  for (const read of [seed, seeds, events, only]) if (typeof read === "string") return read;
  if (plant !== undefined && !PLANTED_BUGS.some(({ name }) => name === plant)) {
    return `--plant: expected one of the names below; found ${plant}`;
  }
  return { seed, seeds, events, only, plant, help: given.has("--help") } as Arguments;
}

function whole(given: ReadonlyMap<string, string>, name: string, usual: number, least: number, most: number) {
  const text = given.get(name);
  if (text === undefined) return usual;
  const value = /^\d{1,9}$/.test(text) ? Number.parseInt(text, 10) : -1;
  return value >= least && value <= most
    ? value
    : `${name}: expected a whole number from ${least} to ${most}; found ${text}`;
}

function eventList(text: string): ReadonlySet<number> | string {
  const events = new Set<number>();
  for (const part of text.split(",")) {
    const [, first, last] = /^(\d{1,7})(?:-(\d{1,7}))?$/.exec(part) ?? [];
    if (first === undefined) return `--only: expected numbers such as 3-5,17; found ${part}`;
    const from = Number.parseInt(first, 10);
    const to = last === undefined ? from : Number.parseInt(last, 10);
    for (let event = from; event <= Math.min(to, EVENTS_MAX); event += 1) events.add(event);
  }
  return events;
}

function optionsOf({ events, only, plant }: Arguments, seed: number): RunOptions {
  return {
    seed: String(seed),
    events,
    ...(only === undefined ? {} : { only }),
    ...(plant === undefined ? {} : { rules: plantedRules(plant) }),
  };
}
