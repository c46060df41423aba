/*
 * The one loop of a simulation: columns of one value a path, added up with weights. A row of a Cholesky factor times
 * normals is such a sum, and so is a book times what its contracts gained. Four columns are taken at a time, so that a
 * partial sum is read and written once for four products.
 */

/** Paths of a batch: every column of a batch has this length, and stays in the first- or second-level cache. */
export const BATCH = 256;

/** Which columns, and how much of each; both of one length. */
export interface Weights {
  readonly columns: Uint32Array;
  readonly weights: Float64Array;
}

/**
 * Writes Σ weight × column over a batch.
 *
 * Cost: one multiply-add for each column and path, no allocation.
 *
 * @param values column c of path p at c·BATCH + p
 * @param out    BATCH sums, overwritten from `from` on
 */
export function weightedSum(
  { columns, weights }: Weights,
  values: Float64Array,
  out: Float64Array,
  from: number,
): void {
  const whole = columns.length - (columns.length % 4);
  out.fill(0, from, from + BATCH);
  for (let at = 0; at < whole; at += 4) {
    const [w0, w1] = [weights[at] as number, weights[at + 1] as number];
    const [w2, w3] = [weights[at + 2] as number, weights[at + 3] as number];
    const [c0, c1] = [(columns[at] as number) * BATCH, (columns[at + 1] as number) * BATCH];
    const [c2, c3] = [(columns[at + 2] as number) * BATCH, (columns[at + 3] as number) * BATCH];
    for (let path = 0; path < BATCH; path += 1) {
      out[from + path] =
        (out[from + path] as number) +
        (w0 * (values[c0 + path] as number) + w1 * (values[c1 + path] as number)) +
        (w2 * (values[c2 + path] as number) + w3 * (values[c3 + path] as number));
    }
  }
  for (let at = whole; at < columns.length; at += 1) {
    const weight = weights[at] as number;
    const column = (columns[at] as number) * BATCH;
    for (let path = 0; path < BATCH; path += 1) {
      out[from + path] = (out[from + path] as number) + weight * (values[column + path] as number);
    }
  }
}
