/** Why an estimator has no answer. A code never changes its meaning. */
export type NoEstimateCode =
  /** Fewer observations than the estimate is defined for. */
  | "SERIES_TOO_SHORT"
  /** A value that is not a finite number, at `index`. */
  | "SERIES_NOT_FINITE"
  /** Columns that belong together have different lengths. */
  | "SERIES_UNEQUAL"
  /** Every value is the same, so that nothing can be scaled by the spread. */
  | "SERIES_WITHOUT_VARIANCE"
  /** A parameter outside the range that the estimate is defined for. */
  | "PARAMETER_OUT_OF_RANGE";

/** An estimator that was asked for something it cannot answer: thrown instead of a NaN, with the facts. */
export class NoEstimate extends Error {
  override readonly name = "NoEstimate";
  constructor(
    readonly code: NoEstimateCode,
    readonly facts: Readonly<Record<string, number | string>>,
  ) {
    const told = Object.entries(facts).map(([fact, value]) => `${fact} ${value}`);
    super(`${code}: ${told.join(", ")}`);
  }
}
