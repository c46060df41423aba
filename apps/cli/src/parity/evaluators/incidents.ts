import { type Evaluators, unsupported } from "../parity-case.js";

/*
 * Incident scenarios tell a whole exchange what happens to it (venues fall silent, requests arrive, workers die) and look at
 * what it did. Their answers are written from the definition of the behaviour, not computed from inputs, so there is nothing
 * a function could compute and compare here. The index incidents are told to the index in risk-core (`market`).
 */
export const INCIDENTS: Evaluators = {
  incident: () =>
    unsupported(
      "a scenario for a running exchange: steps and observations, no inputs from which an answer is computed",
    ),
};
