const BUCKETS = 512;

/**
 * The `n`-th largest value, n from 1.
 *
 * One pass counts the values into buckets between the smallest and the largest, a second one collects the bucket in
 * which the n-th stands; only that one is sorted. Two passes without a surprise for the processor, where a sort takes a
 * dozen and a selection by pivots mispredicts every other branch. Values that crowd into one bucket cost a sort.
 *
 * The caller vouches for finite values and for n ≤ count.
 */
export function nthLargest(values: Float64Array, n: number): number {
  let least = values[0] as number;
  let most = least;
  for (let at = 1; at < values.length; at += 1) {
    const value = values[at] as number;
    if (value < least) least = value;
    else if (value > most) most = value;
  }
  const scale = BUCKETS / (most - least);
  const counts = new Int32Array(BUCKETS + 1);
  for (let at = 0; at < values.length; at += 1) {
    const bucket = (((values[at] as number) - least) * scale) | 0;
    counts[bucket] = (counts[bucket] as number) + 1;
  }
  let wanted = BUCKETS;
  let above = 0;
  while (above + (counts[wanted] as number) < n) {
    above += counts[wanted] as number;
    wanted -= 1;
  }
  const bucket = new Float64Array(counts[wanted] as number);
  let filled = 0;
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] as number;
    if ((((value - least) * scale) | 0) !== wanted) continue;
    bucket[filled] = value;
    filled += 1;
  }
  bucket.sort();
  return bucket[filled - (n - above)] as number;
}
