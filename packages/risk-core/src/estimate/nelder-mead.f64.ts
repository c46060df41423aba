/*
 * Minimum of a function of a few variables by the simplex of Nelder and Mead (1965), with the coefficients that Gao and
 * Han (2012) adapt to the dimension. It asks for values only: a likelihood with a wall (a variance that stops being
 * positive) needs no gradient there, `Infinity` is an answer it walks away from. It finds a local minimum; who needs
 * more begins it from several places, and once more from where it ended, because a simplex can collapse too early.
 */

/** Where a search ended. */
export interface Minimum {
  readonly at: readonly number[];
  readonly value: number;
  readonly evaluations: number;
  /** False: the search ran out of evaluations before the simplex was small. */
  readonly settled: boolean;
}

/** When a search ends: values of the simplex within `valueSpread` and corners within `cornerSpread`. */
export interface SearchLimits {
  readonly valueSpread: number;
  readonly cornerSpread: number;
  readonly evaluationsMax: number;
}

interface Corner {
  readonly at: readonly number[];
  readonly value: number;
}

/** Searches a minimum from `start`, with first steps of `step` along every axis. Deterministic. */
export function nelderMead(
  objective: (at: readonly number[]) => number,
  start: readonly number[],
  step: number,
  { valueSpread, cornerSpread, evaluationsMax }: SearchLimits,
): Minimum {
  const dimension = start.length;
  const expansion = 1 + 2 / dimension;
  const contraction = 0.75 - 1 / (2 * dimension);
  const shrinking = 1 - 1 / dimension;
  let evaluations = 0;
  const corner = (at: readonly number[]): Corner => {
    evaluations += 1;
    const value = objective(at);
    return { at, value: Number.isNaN(value) ? Number.POSITIVE_INFINITY : value };
  };
  const between = (from: readonly number[], to: readonly number[], share: number): number[] =>
    from.map((value, axis) => value + share * ((to[axis] as number) - value));

  const simplex = [
    start,
    ...start.map((_, axis) => start.map((value, at) => (at === axis ? value + step : value))),
  ].map(corner);
  const order = (): void => {
    simplex.sort((left, right) => left.value - right.value);
  };
  const isSmall = (): boolean => {
    const [best, worst] = [simplex[0] as Corner, simplex[dimension] as Corner];
    if (!(worst.value - best.value <= valueSpread)) return false;
    return simplex.every(({ at }) =>
      at.every((value, axis) => Math.abs(value - (best.at[axis] as number)) <= cornerSpread),
    );
  };

  order();
  while (!isSmall() && evaluations < evaluationsMax) {
    const best = simplex[0] as Corner;
    const second = simplex[dimension - 1] as Corner;
    const worst = simplex[dimension] as Corner;
    const centre = start.map((_, axis) => {
      let sum = 0;
      for (let at = 0; at < dimension; at += 1) sum += (simplex[at] as Corner).at[axis] as number;
      return sum / dimension;
    });
    const reflected = corner(between(worst.at, centre, 2));
    if (reflected.value < best.value) {
      const expanded = corner(between(centre, reflected.at, expansion));
      simplex[dimension] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < second.value) {
      simplex[dimension] = reflected;
    } else {
      const towards = reflected.value < worst.value ? reflected : worst;
      const contracted = corner(between(centre, towards.at, contraction));
      if (contracted.value < towards.value) simplex[dimension] = contracted;
      else {
        for (let at = 1; at <= dimension; at += 1) {
          simplex[at] = corner(between(best.at, (simplex[at] as Corner).at, shrinking));
        }
      }
    }
    order();
  }
  const { at, value } = simplex[0] as Corner;
  return { at, value, evaluations, settled: isSmall() };
}
