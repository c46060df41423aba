import { BadUse, type Command, type Surroundings } from "./commands/command.js";

/** Every command, with its line in the list of commands. One line each, in order of the alphabet; loaded when asked for. */
const COMMANDS: Readonly<Record<string, { readonly does: string; readonly load: () => Promise<Command> }>> = {
  ask: {
    does: "largest order, smallest deposit, boundary, cheapest hedge, saving",
    load: async () => (await import("./commands/ask.js")).ask,
  },
  backtest: {
    does: "judge margin models on price history",
    load: async () => (await import("./commands/backtest.js")).backtest,
  },
  estimate: {
    does: "one day's rates, correlations and haircuts from daily candles",
    load: async () => (await import("./commands/estimate.js")).estimate,
  },
  margin: {
    does: "the margin of a portfolio under a model, explained",
    load: async () => (await import("./commands/margin.js")).margin,
  },
  parity: {
    does: "compute vector files and compare the answers",
    load: async () => (await import("./commands/parity.js")).parity,
  },
  presets: {
    does: "the margin models known by name, with sources and notes",
    load: async () => (await import("./commands/presets.js")).presets,
  },
  propose: {
    does: "risk parameters from history, each with its evidence; publishes nothing",
    load: async () => (await import("./commands/propose.js")).propose,
  },
  receipt: {
    does: "compute a margin receipt again and compare",
    load: async () => (await import("./commands/receipt.js")).receipt,
  },
  replay: {
    does: "play a recorded crash for every way of liquidating",
    load: async () => (await import("./commands/replay.js")).replay,
  },
  var: {
    does: "what pools may lose in a day, by simulation and by history",
    load: async () => (await import("./commands/var.js")).valueAtRisk,
  },
};

const USAGE = `npm run -s ballast -- COMMAND [options]

${Object.entries(COMMANDS)
  .map(([name, { does }]) => `  ${name.padEnd(12)} ${does}`)
  .join("\n")}

  COMMAND --help says what it takes.
`;

/** Runs one command and answers the exit code: 0 done, 1 the answer is no, 2 the command line cannot be carried out. */
export async function main(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { stdout, stderr } = surroundings;
  const [name, ...rest] = args;
  if (name === undefined || name === "--help") {
    stdout.write(USAGE);
    return 0;
  }
  if (!Object.hasOwn(COMMANDS, name)) {
    stderr.write(`there is no command ${JSON.stringify(name)}\n\n${USAGE}`);
    return 2;
  }
  const command = await (COMMANDS[name] as (typeof COMMANDS)[string]).load();
  if (rest.includes("--help")) {
    stdout.write(command.usage);
    return 0;
  }
  try {
    return await command.run(rest, surroundings);
  } catch (fault) {
    if (fault instanceof BadUse && fault.code !== "USAGE") {
      stderr.write(`${fault.message}\n`);
      return 2;
    }
    if (fault instanceof BadUse || isUnknownOption(fault)) {
      stderr.write(`${fault.message}\n\n${command.usage}`);
      return 2;
    }
    throw fault;
  }
}

/** What Node's argument parser throws. Told by its code: it may come from another realm, where `Error` is not ours. */
function isUnknownOption(fault: unknown): fault is Error {
  return (
    typeof fault === "object" && fault !== null && "code" in fault && String(fault.code).startsWith("ERR_PARSE_ARGS")
  );
}
