import { Decimal } from "@ballast/money";

/*
 * Margin from arrays of profit and loss: what a clearing house publishes for each contract, and what a portfolio makes of
 * them. A scenario is a place in the array, and a portfolio is the sum of its contracts' arrays.
 */

/** One of the sixteen scenarios of a risk array: a move in thirds of the scan range, or the extreme move. */
export interface ArrayScenario {
  readonly thirds: -3 | -2 | -1 | 0 | 1 | 2 | 3;
  /** ±1 for the extreme move, which stands at its own, reduced amount. */
  readonly extreme: -1 | 0 | 1;
}

/**
 * The array of a future: what it gains in each scenario, per contract, positive for a long that gains.
 *
 * @param step what a third of the range is printed as is rounded to so many; 0: not rounded
 */
export function futureArray(
  scenarios: readonly ArrayScenario[],
  scanRange: Decimal,
  extremeMove: Decimal,
  step: Decimal,
): readonly Decimal[] {
  return scenarios.map(({ thirds, extreme }) => {
    if (extreme !== 0) return extremeMove.mul(extreme);
    const exact = scanRange.mul(thirds).div(3);
    return step.isZero() ? exact : exact.div(step).toDecimalPlaces(0, Decimal.ROUND_HALF_UP).mul(step);
  });
}

/** The sum of arrays times quantities, scenario by scenario. @throws RangeError for arrays of different lengths. */
export function portfolioArray(
  legs: readonly { readonly quantity: Decimal; readonly array: readonly Decimal[] }[],
): readonly Decimal[] {
  const length = legs[0]?.array.length ?? 0;
  if (legs.some(({ array }) => array.length !== length)) throw new RangeError("risk arrays have different lengths");
  return Array.from({ length }, (_, at) =>
    legs.reduce((sum, { quantity, array }) => sum.add(quantity.mul(array[at] as Decimal)), new Decimal(0)),
  );
}

/** The largest loss of an array, ≥ 0, and where it stands (the first on a tie; −1 when nothing loses). */
export function scanRisk(array: readonly Decimal[]): { readonly loss: Decimal; readonly at: number } {
  let worst = new Decimal(0);
  let at = -1;
  for (const [place, profit] of array.entries()) if (profit.lt(worst)) [worst, at] = [profit, place];
  return { loss: worst.neg(), at };
}

/** A combined commodity's parts, all ≥ 0. */
export interface CommodityParts {
  readonly scan: Decimal;
  readonly calendar: Decimal;
  readonly delivery: Decimal;
  readonly interCommodityCredit: Decimal;
  readonly shortOptionMinimum: Decimal;
}

/** max(scan + calendar + delivery − credit, short option minimum). */
export function commodityRequirement(parts: CommodityParts): Decimal {
  return Decimal.max(
    parts.scan.add(parts.calendar).add(parts.delivery).sub(parts.interCommodityCredit),
    parts.shortOptionMinimum,
  );
}
