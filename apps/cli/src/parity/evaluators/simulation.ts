import { score, squareMatrix } from "@ballast/risk-core";
import { listAt, numberAt, objectsAt, textAt, UnreadableInput } from "../inputs.js";
import {
  type Check,
  checked,
  checkWithin,
  computed,
  type Evaluators,
  type Json,
  type JsonObject,
} from "../parity-case.js";
import { isObject } from "../split-document.js";

/** Value at risk and expected shortfall by simulation, compared within four of the standard errors of both. */
export const SIMULATION: Evaluators = {
  "monte-carlo-var": ({ inputs, expected }) => {
    const simulation = simulationOf(inputs);
    const prepared = score.prepareSimulation(simulation);
    const losses = score.joined(
      Array.from({ length: BLOCKS }, (_, block) => prepared.losses(block, BLOCK_PATHS)[0] as Float64Array),
    );
    const levels = isObject(expected) ? Object.keys(expected).filter((level) => /^0\.\d+$/.test(level)) : LEVELS;
    const tails = levels.map((level) => [level, score.simulatedTail(losses, JSON.parse(level) as number)] as const);
    const value = Object.fromEntries(
      tails.map(([level, tail]) => [
        level,
        {
          var: tail.valueAtRisk,
          varSE: tail.valueAtRiskError,
          es: tail.expectedShortfall,
          esSE: tail.expectedShortfallError,
        },
      ]),
    );
    const known = tails.flatMap(([level, tail]) => checksOf(level, tail, isObject(expected) ? expected[level] : null));
    return known.length === 0 ? computed(value) : checked(known, value);
  },
};

/** Half the paths of the references: a quarter more of error than they have alone. */
const BLOCK_PATHS = 65_536;
const BLOCKS = 16;
const SEED = 1;
const ERRORS_MAX = 4;
const LEVELS = ["0.95", "0.99", "0.995"];
/** The floor that the references state for shocked volatility, and a day of a year of 365. */
const VOLATILITY_FLOOR = 0.01;
const ELAPSED_YEARS = 1 / 365;

function checksOf(level: string, tail: score.SimulatedTail, reference: Json | undefined): readonly Check[] {
  // A case that keeps its answers to itself has null here, or leaves that are null.
  if (!isObject(reference) || reference["var"] === null) return [];
  const errors = (theirs: number, ours: number) => ERRORS_MAX * Math.sqrt(theirs ** 2 + ours ** 2);
  return [
    checkWithin(
      `${level}.var`,
      numberAt(reference, "var"),
      tail.valueAtRisk,
      errors(numberAt(reference, "varSE"), tail.valueAtRiskError),
    ),
    checkWithin(
      `${level}.es`,
      numberAt(reference, "es"),
      tail.expectedShortfall,
      errors(numberAt(reference, "esSE"), tail.expectedShortfallError),
    ),
  ];
}

function simulationOf(inputs: JsonObject): score.Simulation {
  const assets = listAt(inputs, "assets");
  const hasOptions = objectsAt(inputs, "positions").some((position) => position["kind"] === "option");
  return {
    model: {
      volatilities: listAt(inputs, "dailyVol") as readonly number[],
      correlation: squareMatrix(listAt(inputs, "corr") as readonly (readonly number[])[]),
      degreesOfFreedom: degreesOf(inputs),
    },
    books: [objectsAt(inputs, "positions").map((position) => positionOf(position, assets))],
    // A book without options needs no response, and a case may leave it out.
    volatilityResponse: {
      beta: hasOptions ? numberAt(inputs, "volBeta") : 0,
      spread: hasOptions ? numberAt(inputs, "volVol") : 0,
      floor: VOLATILITY_FLOOR,
    },
    elapsedYears: ELAPSED_YEARS,
    seed: SEED,
    draws: "pseudo-random",
  };
}

function degreesOf(inputs: JsonObject): number | null {
  const distribution = textAt(inputs, "dist");
  if (distribution === "normal") return null;
  if (distribution === "student") return numberAt(inputs, "nu");
  throw new UnreadableInput("dist", "normal or student", distribution);
}

function positionOf(position: JsonObject, assets: readonly Json[]): score.SimulatedPosition {
  const kind = textAt(position, "kind");
  const common = { factor: assets.indexOf(textAt(position, "asset")), price: numberAt(position, "price") };
  if (kind === "linear") return { kind, ...common, quantity: numberAt(position, "qty") };
  if (kind === "inverse") return { kind, ...common, dollars: numberAt(position, "usd") };
  if (kind !== "option") throw new UnreadableInput("kind", "linear, inverse or option", kind);
  return {
    kind,
    ...common,
    right: textAt(position, "type") === "call" ? 1 : -1,
    strike: numberAt(position, "K"),
    yearsToExpiry: numberAt(position, "T"),
    volatility: numberAt(position, "iv"),
    quantity: numberAt(position, "qty"),
  };
}
