/*
 * What the market chapter estimates for one day and our own margin method stands on. Shares and log moves, float64: they are
 * scanned with, never added to money.
 */

/** One day's estimates. */
export interface HybridEstimates {
  /** The day the estimates are meant to cover, YYYY-MM-DD; they come from the days before it. */
  readonly day: string;
  readonly underlyings: Readonly<Record<string, UnderlyingEstimate>>;
  /** Calm correlation of standardised moves; null where the history is too short, and then there is no credit for it. */
  readonly correlation: CorrelationEstimate | null;
  /** Haircuts of collateral, peg part included, by asset; one that is not named is refused, unless it is the quote. */
  readonly haircuts: HaircutEstimates;
  /** The peg part alone, for collateral that moves with an underlying: its fall is in the views already. */
  readonly pegs: HaircutEstimates;
}

/** Shares of value, by asset. */
export interface HaircutEstimates {
  readonly initial: Readonly<Record<string, number>>;
  readonly maintenance: Readonly<Record<string, number>>;
}

export interface UnderlyingEstimate {
  /** Published log rate for a day. */
  readonly logRate: number;
  /** Width of a day, 0.75·σ + 0.25·S, which turns a standardised move into today's. */
  readonly width: number;
  /** Standardised moves of the joint days, the same days for every underlying, oldest first. */
  readonly moves: readonly number[];
}

/** A correlation matrix with the underlyings that its rows and columns stand for. */
export interface CorrelationEstimate {
  readonly underlyings: readonly string[];
  readonly rows: readonly (readonly number[])[];
}

/** Estimates with their provenance: what is published. */
export interface EstimatesDocument extends HybridEstimates {
  readonly made: {
    /** Whose prices. */
    readonly from: string;
    /** The command that made it. */
    readonly by: string;
    /** The rate recipe. */
    readonly recipe: string;
  };
}
