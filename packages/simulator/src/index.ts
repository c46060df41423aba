export { evenText, logNormalText, paretoText } from "./draws.f64.js";
export {
  generatePopulation,
  MAKER_FEE_RATE,
  MissingInstrument,
  notionalOf,
  type Population,
  type PopulationAccount,
  type PopulationDeposit,
  type PopulationFill,
  type PopulationOptions,
  type Style,
  TAKER_FEE_RATE,
} from "./population.js";
export { publishedParameters } from "./published-parameters.js";
export { type Random, randomOf } from "./random.js";
export { type Ended, playCommandLine, USAGE } from "./command-line.js";
export { PLANTED_BUGS, type PlantedBug, plantedRules } from "./planted.js";
export { reportOf, type Run, type RunOptions, run, type Violation } from "./run.js";
export { shrink } from "./shrink.js";
export * from "./replay/index.js";
