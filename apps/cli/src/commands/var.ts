import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { NoEstimate, score } from "@ballast/risk-core";
import { BadUse, type Command, type Surroundings } from "./command.js";
import { type BlockProgress, runBlocks } from "./var-blocks.js";
import { figuresOf, printedFigures } from "./var-figures.js";
import { DAY_IN_YEARS, factorModelOf, historicalMoves, poolsFrom, type ValuedPools } from "./var-input.js";
import { wholeOption } from "./whole-option.f64.js";

const USAGE = `npm run -s ballast -- var PORTFOLIO… [options] [--json]

What pools may lose in a day: value at risk and expected shortfall by simulation, with standard errors. Several pools are
also taken together, as an exchange: their losses added, and what they lose beyond the equity of each, which a fund would
have to pay. Underlyings move at the widths of the estimates, under their calm correlation; positions are revalued in full.
Ctrl-C stops.

  PORTFOLIO…        portfolio documents (JSON), all in one money
  --estimates FILE  widths, correlation and joint days: a document of \`estimate\`; unless said a set that comes with the
                    house, of a day long past
  --paths N         how many, 10000 to 10000000; 100000 unless said
  --seed N          0 to 999999999; 1 unless said
  --quasi           quasi-random paths: 16 blocks of a power of two, 2048 at least; up to 20 underlyings
  --student NU      Student's moves of so many degrees, 3 to 1000, instead of normal ones
  --history         also the joint days of the estimates, as they were
  --workers N       threads, up to 64; as many as the machine has unless said; the answer is the same
  --json            figures as a document
  --help            this text

Exit code: 0 done, 2 a file or an option is refused.
`;

/** Simulates portfolio documents. */
export const valueAtRisk: Command = {
  usage: USAGE,
  run: async (args, { stdout, stderr }) => {
    const asked = readArguments(args);
    const pools = poolsFrom(asked.files, asked.estimates);
    try {
      const { document, text } = await simulated(pools, asked, progressOn(stderr));
      stdout.write(asked.isJson ? `${JSON.stringify(document, null, 2)}\n` : text);
      return 0;
    } catch (fault) {
      if (fault instanceof NoEstimate || fault instanceof score.DimensionTooLarge) {
        throw new BadUse("FILE_MALFORMED", `${fault.message} (${fault.code})`);
      }
      throw fault;
    }
  },
};

interface Asked {
  readonly files: readonly string[];
  readonly estimates: string | undefined;
  readonly paths: number;
  readonly seed: number;
  readonly draws: score.Simulation["draws"];
  readonly degreesOfFreedom: number | null;
  readonly hasHistory: boolean;
  readonly workers: number;
  readonly isJson: boolean;
}

function readArguments(args: readonly string[]): Asked {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      estimates: { type: "string" },
      paths: { type: "string", default: "100000" },
      seed: { type: "string", default: "1" },
      quasi: { type: "boolean", default: false },
      student: { type: "string" },
      history: { type: "boolean", default: false },
      workers: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  if (positionals.length === 0) throw new BadUse("USAGE", "expected portfolio documents; found none");
  return {
    files: positionals,
    estimates: values.estimates,
    paths: wholeOption("--paths", values.paths, 10_000, 10_000_000),
    seed: wholeOption("--seed", values.seed, 0, 999_999_999),
    draws: values.quasi ? "quasi-random" : "pseudo-random",
    degreesOfFreedom: values.student === undefined ? null : wholeOption("--student", values.student, 3, 1000),
    hasHistory: values.history,
    workers: values.workers === undefined ? availableParallelism() : wholeOption("--workers", values.workers, 1, 64),
    isJson: values.json,
  };
}

async function simulated(pools: ValuedPools, asked: Asked, progress: BlockProgress) {
  const { degreesOfFreedom, draws, hasHistory, seed, workers } = asked;
  const world = {
    books: pools.pools.map(({ pool }) => pool.positions),
    volatilityResponse: score.STANDARD_VOLATILITY_RESPONSE,
    elapsedYears: DAY_IN_YEARS,
  };
  const simulation = { ...world, model: factorModelOf(pools, degreesOfFreedom), seed, draws };
  const blocks = blocksOf(asked.paths, draws);
  const losses = await runBlocks({ simulation, blocks }, workers, progress);
  const historical = hasHistory ? score.lossesOnMoves(world, historicalMoves(pools)) : null;
  const figures = figuresOf(pools.pools, losses, draws === "quasi-random", historical);
  const paths = blocks.reduce((sum, block) => sum + block, 0);
  const { estimates, quote, underlyings } = pools;
  const moves = degreesOfFreedom === null ? "normal" : `Student's of ${degreesOfFreedom} degrees`;
  const days = hasHistory ? estimates.underlyings[underlyings[0] as string]?.moves.length : null;
  return {
    document: {
      quote,
      estimates: estimates.day,
      underlyings,
      paths,
      seed,
      draws,
      degreesOfFreedom,
      volatilityResponse: world.volatilityResponse,
      historicalDays: days,
      ...figures,
    },
    text: [
      `one day in ${quote}: ${paths} ${draws} paths of seed ${seed}, ${moves} moves, estimates for ${estimates.day}`,
      ...(days === null ? [] : [`history: ${days} joint days at today's width`]),
      "± is one standard error",
      "",
      printedFigures(figures),
    ].join("\n"),
  };
}

const BLOCK_PATHS = 8192;
const QUASI_BLOCKS = 16;
const QUASI_BLOCK_MIN = 2048;

/** Paths of each block: a function of how many are wanted, never of who computes them. */
function blocksOf(paths: number, draws: score.Simulation["draws"]): readonly number[] {
  if (draws === "quasi-random") {
    let block = QUASI_BLOCK_MIN;
    while (block * QUASI_BLOCKS < paths) block *= 2;
    return Array.from({ length: QUASI_BLOCKS }, () => block);
  }
  return Array.from({ length: Math.ceil(paths / BLOCK_PATHS) }, (_, at) =>
    Math.min(BLOCK_PATHS, paths - at * BLOCK_PATHS),
  );
}

const SILENCE_MS = 2000;

/** Says how many blocks are done, at most every two seconds. */
function progressOn(stderr: Surroundings["stderr"]): BlockProgress {
  let said = performance.now();
  return (done, of) => {
    if (performance.now() - said < SILENCE_MS) return;
    said = performance.now();
    stderr.write(`block ${done} of ${of}\n`);
  };
}
