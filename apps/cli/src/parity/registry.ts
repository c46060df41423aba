import { DERIVE } from "./evaluators/derive.js";
import { FREQTRADE } from "./evaluators/freqtrade.js";
import type { Evaluators } from "./parity-case.js";

/** Every family that can be computed. One import and one line for each file of `evaluators/`, in order of the alphabet. */
export const EVALUATORS: Evaluators = {
  ...DERIVE,
  ...FREQTRADE,
};
