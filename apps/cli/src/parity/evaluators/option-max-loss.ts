import { maxLossCollateral } from "@ballast/risk-core";
import { answered } from "../decimal-checks.js";
import { decimalAt, objectsAt } from "../inputs.js";
import { computed, type Evaluators, type JsonObject } from "../parity-case.js";

/** Collateral that covers an option structure whatever happens. */
export const OPTION_MAX_LOSS: Evaluators = {
  MAX_LOSS_COLLATERAL: ({ inputs }) => {
    const { cash, underlying } = maxLossCollateral({
      puts: objectsAt(inputs, "puts").map(legOf),
      calls: objectsAt(inputs, "calls").map(legOf),
    });
    return computed({ cashNeeded: answered(cash), underlyingNeeded: answered(underlying) });
  },
};

const legOf = (leg: JsonObject) => ({ strike: decimalAt(leg, "strike"), amount: decimalAt(leg, "amount") });
