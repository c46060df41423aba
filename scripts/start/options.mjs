import { parseArgs } from "node:util";

export const usage = `npm start -- [options]

  --seed N   seed of the exchange that is played (default 1)
  --fresh    drop the embedded database first
  --no-job   start the applications, play nothing
  --exit     stop when the main job has ended (its exit code is ours)
  --help     this text

Passed on to the main job: --quick, --accounts N, --hours N, --scenario FILE, --event NAME.

Environment: DATABASE_URL (use this PostgreSQL, start none), REDIS_URL (job queue on Redis),
BALLAST_STATE_DIR (where the database, the secrets and the logs are kept).`;

/** A command line that asks for something we do not have. */
export class BadOption extends Error {
  name = "BadOption";
}

const ours = {
  seed: { type: "string", default: "1" },
  fresh: { type: "boolean", default: false },
  exit: { type: "boolean", default: false },
  "no-job": { type: "boolean", default: false },
  help: { type: "boolean", default: false },
};

const forTheJob = {
  quick: { type: "boolean" },
  accounts: { type: "string" },
  hours: { type: "string" },
  scenario: { type: "string" },
  event: { type: "string" },
};

/**
 * The options of `npm start`; throws `BadOption`, whose message is for the person who typed them.
 *
 * @returns help, fresh, exit, job: booleans; jobArgs: the command line of the main job
 */
export function startOptions(args) {
  const { fresh, exit, help, "no-job": noJob, seed, ...job } = parse(args);
  if (!/^\d{1,9}$/.test(seed)) {
    throw new BadOption(`--seed: expected a whole number of at most nine digits, found ${seed}`);
  }
  const jobArgs = Object.entries(job).flatMap(([name, value]) =>
    value === true ? [`--${name}`] : [`--${name}`, value],
  );
  return { fresh, exit, help, job: !noJob, jobArgs: ["--seed", seed, ...jobArgs] };
}

function parse(args) {
  try {
    return { ...parseArgs({ args, options: { ...ours, ...forTheJob } }).values };
  } catch (fault) {
    throw new BadOption(`${fault.message}\n\n${usage}`);
  }
}
