import { Decimal } from "@ballast/money";
import { correlationAggregate } from "@ballast/risk-core";
import { answered } from "../decimal-checks.js";
import { decimalAt, decimalFrom, listAt, objectAt, objectsAt, UnreadableInput } from "../inputs.js";
import { computed, type Evaluators } from "../parity-case.js";
import { isList } from "../split-document.js";

/** Risk factors aggregated in buckets; every case brings its own calibration. */
export const CORRELATION_AGGREGATE: Evaluators = {
  BUCKETED_CORRELATION_AGGREGATE: ({ inputs }) => {
    const matrix = listAt(inputs, "intraBucketCorrelation");
    const pairs = objectAt(inputs, "crossBucketCorrelation");
    const factors = objectsAt(inputs, "nettedFactors").map((factor) => ({
      bucket: String(factor["bucket"] as string | number),
      net: decimalAt(factor, "net"),
      weight: decimalAt(factor, "riskWeight"),
      concentrationThreshold: decimalAt(factor, "concentrationThreshold"),
    }));
    const margin = correlationAggregate(factors, {
      within: (left, right) => {
        const row = matrix[left];
        if (!isList(row)) throw new UnreadableInput(`intraBucketCorrelation[${left}]`, "a list", row);
        return decimalFrom(row[right], `intraBucketCorrelation[${left}][${right}]`);
      },
      across: (left, right) => decimalFrom(pairs[`${left}|${right}`], `crossBucketCorrelation.${left}|${right}`),
    });
    return computed({ margin: answered(margin.toDecimalPlaces(0, Decimal.ROUND_HALF_UP)) });
  },
};
