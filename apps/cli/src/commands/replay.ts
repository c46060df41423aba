import { parseArgs } from "node:util";
import { ALTERNATIVE_POLICIES } from "@ballast/risk-core";
import {
  ACCOUNTS,
  type DepthName,
  DEPTHS,
  type EventPath,
  ours,
  POLICIES,
  readEvent,
  type Replay,
  replay as play,
  UnreadableEvents,
} from "@ballast/simulator";
import { BadUse, type Command } from "./command.js";
import { readText } from "./read-file.js";
import { type EventReport, meanOfReplays, printReplays } from "./replay-report.f64.js";
import { wholeOption } from "./whole-option.f64.js";

const USAGE = `npm run -s ballast -- replay --hourly FILE [--event NAME]… [--depth low|middle|high] [--seed N]… [--json]

Plays recorded crashes once for every way of liquidating, with the same accounts, and prints side by side what each came
to: close at once, 20 % slices, leg by leg, ours. Says in each row whether ours is best or within a tenth of the best, and
of several events in how many, and where it is not.

  --event NAME     the beginning of an event's name in the file; may be said more than once; 2020-03, 2023-08 and 2025-10
                   unless said
  --hourly FILE    hourly candles, as comma-separated text: event,asset,ts,open,high,low,close,volume; where there are
                   mark_open, mark_high, mark_low and mark_close they are used instead
  --depth NAME     how deep the book is: 1/40 of open interest moves a price by one per cent (low), 1/14 (middle) or
                   1/5 (high); all three unless said
  --seed N         the accounts; may be said more than once; 1, 2 and 3 unless said
  --accounts N     how many accounts there are; 2000 unless said
  --alternatives   also what was tried beside our policy
  --json           one JSON document instead of tables
  --help           this text

Exit code: 0 played, 2 the file or the options cannot be read.
`;

const EVENTS = ["2020-03", "2023-08", "2025-10"];
const SEEDS = ["1", "2", "3"];

/** Compares ways of liquidating on a recorded crash. */
export const replay: Command = {
  usage: USAGE,
  run: (args, { stdout, stderr }) => {
    const { paths, depths, seeds, accounts, withAlternatives, json } = readArguments(args);
    const alternatives = withAlternatives ? ALTERNATIVE_POLICIES.map((rules) => ours(rules, rules.name)) : [];
    const events = paths.map((path): EventReport & { readonly replays: readonly Replay[] } => {
      const replays = seeds.flatMap((seed) =>
        depths.flatMap((depth) => {
          stderr.write(`${path.event}: seed ${seed}, ${depth} depth\n`);
          return play(path, seed, [depth], [...POLICIES, ...alternatives], accounts);
        }),
      );
      const means = depths.map((depth) => meanOfReplays(replays.filter((each) => each.depth === depth)));
      return { event: path.event, assets: path.assets, means, replays };
    });
    stdout.write(json ? `${JSON.stringify({ seeds, events }, null, 2)}\n` : printReplays(events, seeds));
    return 0;
  },
};

interface Arguments {
  readonly paths: readonly EventPath[];
  readonly depths: readonly DepthName[];
  readonly seeds: readonly number[];
  readonly accounts: number;
  readonly withAlternatives: boolean;
  readonly json: boolean;
}

function readArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      accounts: { type: "string" },
      alternatives: { type: "boolean", default: false },
      depth: { type: "string" },
      event: { type: "string", multiple: true },
      hourly: { type: "string" },
      json: { type: "boolean", default: false },
      seed: { type: "string", multiple: true },
    },
  });
  const file = values.hourly;
  if (file === undefined) throw new BadUse("USAGE", "expected --hourly with a file of candles");
  return {
    paths: (values.event ?? EVENTS).map((event) => readPath(file, event)),
    depths: values.depth === undefined ? (["low", "middle", "high"] as const) : [depthNamed(values.depth)],
    seeds: (values.seed ?? SEEDS).map((seed) => wholeOption("--seed", seed, 0, 1_000_000)),
    accounts: values.accounts === undefined ? ACCOUNTS : wholeOption("--accounts", values.accounts, 1, 100_000),
    withAlternatives: values.alternatives,
    json: values.json,
  };
}

function readPath(file: string, event: string): EventPath {
  try {
    return readEvent(readText(file), event);
  } catch (fault) {
    if (fault instanceof UnreadableEvents) throw new BadUse("FILE_MALFORMED", `${file}: ${fault.message}`);
    throw fault;
  }
}

function depthNamed(name: string): DepthName {
  if (!Object.hasOwn(DEPTHS, name)) throw new BadUse("USAGE", "--depth: expected low, middle or high");
  return name as DepthName;
}
