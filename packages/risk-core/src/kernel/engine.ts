import type { BookColumns, RowTable } from "./columns.js";

/*
 * The two ways to run the kernel. They compute the same bits; one is fast, the other runs everywhere.
 */

/** A kernel, and what it can be given to work on. */
export interface KernelEngine {
  readonly name: "assembly" | "reference";
  /** Takes a copy of the columns, which have been checked. @throws KernelMemoryRefused */
  loadBook(columns: BookColumns): LoadedBook;
  /** Fills `prices`. @returns false when an input is outside the domain */
  priceOptions(options: OptionColumns, prices: Float64Array): boolean;
  /**
   * Fills `prices` [options × scenarios]; forwards, strikes and sides have been checked. `unit` is a forward, in whose
   * terms logarithms are taken. @returns false when a deviation is outside the domain
   */
  priceMatrix(matrix: OptionMatrix, unit: number, prices: Float64Array): boolean;
}

/** A book inside a kernel. Accounts are numbered as in its columns, `to` is not included. */
export interface LoadedBook {
  /** Fills `freeMargins` [to − from] and, unless it is null, `errors`: how far each can be from the exact one. */
  scan(rows: RowTable, from: number, to: number, freeMargins: Float64Array, errors: Float64Array | null): void;
  /** Fills `bindings`: the first scenario in which each of the accounts has its lowest value. */
  bindingScenarios(rows: RowTable, accounts: Uint32Array, bindings: Uint32Array): void;
}

/** Options side by side, each with its own market. */
export interface OptionColumns {
  readonly forwards: Float64Array;
  readonly strikes: Float64Array;
  /** σ√T, volatility times the root of years to expiry. */
  readonly deviations: Float64Array;
  /** 1 for a call, −1 for a put. */
  readonly sides: Float64Array;
}

/** Options of one expiry under scenarios. */
export interface OptionMatrix {
  /** [scenarios] */
  readonly forwards: Float64Array;
  /** [options] */
  readonly strikes: Float64Array;
  /** [options]: 1 for a call, −1 for a put. */
  readonly sides: Float64Array;
  /** [options × scenarios], row-major: σ√T of each option in each scenario. */
  readonly deviations: Float64Array;
}
