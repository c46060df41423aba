import { parseArgs } from "node:util";

/** What the person asked for, and where the API is. */
export interface Options {
  readonly seed: string;
  readonly scenarioFile: string | undefined;
  readonly event: string | undefined;
  readonly accounts: number;
  readonly hoursMax: number | undefined;
  readonly apiUrl: string;
  readonly keyId: string;
  readonly secret: string;
}

export const USAGE = `exchange [options]

  --seed N         seed of the exchange and of its life (default 1)
  --scenario FILE  hourly prices to drive it through (default vectors/scenarios/2020-03-12-covid.csv)
  --event NAME     which event, when the file holds several
  --accounts N     accounts, 100 to 20000 (default 2000), one in a hundred a market maker
  --hours N        stop after so many hours of the scenario
  --quick          the same as --accounts 200 --hours 12
  --help           this text

Environment: API_URL, BALLAST_EXCHANGE_KEY_ID, BALLAST_EXCHANGE_KEY_SECRET.`;

/** A command line or an environment that cannot be played. */
export class BadOption extends Error {
  override readonly name = "BadOption";
}

const ACCOUNTS = 2_000;
const QUICK_ACCOUNTS = "200";
const QUICK_HOURS = "12";

/**
 * Returns the options of a command line and environment; `"HELP"` when help is asked for.
 *
 * @throws BadOption naming what was expected and what was found.
 */
export function readOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Options | "HELP" {
  const values = parse(args);
  if (values.help) return "HELP";
  const accounts = values.accounts ?? (values.quick ? QUICK_ACCOUNTS : undefined);
  const hours = values.hours ?? (values.quick ? QUICK_HOURS : undefined);
  if (!/^\d{1,9}$/.test(values.seed)) {
    throw new BadOption(`--seed: expected a whole number of at most nine digits; found ${values.seed}`);
  }
  return {
    seed: String(Number.parseInt(values.seed, 10)),
    scenarioFile: values.scenario,
    event: values.event,
    accounts: accounts === undefined ? ACCOUNTS : whole("--accounts", accounts, 100, 20_000),
    hoursMax: hours === undefined ? undefined : whole("--hours", hours, 1, 10_000),
    apiUrl: needed(environment, "API_URL").replace(/\/+$/, ""),
    keyId: needed(environment, "BALLAST_EXCHANGE_KEY_ID"),
    secret: needed(environment, "BALLAST_EXCHANGE_KEY_SECRET"),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        seed: { type: "string", default: "1" },
        scenario: { type: "string" },
        event: { type: "string" },
        accounts: { type: "string" },
        hours: { type: "string" },
        quick: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (fault) {
    throw new BadOption(`${(fault as Error).message}\n\n${USAGE}`);
  }
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number.parseInt(text, 10) : -1;
  if (value < least || value > most) {
    throw new BadOption(`${name}: expected a whole number from ${least} to ${most}; found ${text}`);
  }
  return value;
}

function needed(environment: Readonly<Record<string, string | undefined>>, name: string): string {
  const value = environment[name];
  if (value === undefined || value === "")
    throw new BadOption(`expected the environment to say ${name}; found nothing`);
  return value;
}
