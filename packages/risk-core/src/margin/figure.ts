import { Decimal, lossFromFloat64, requireAmount } from "@ballast/money";

/*
 * A figure of a margin computation: a value, and which positions it comes from. Figures are decimals; what was scanned in
 * float64 crosses the border here, once, rounded up.
 */

/** Digits after the point that a scanned figure keeps: enough for coin numeraires, far below any rounding of a level. */
export const FIGURE_SCALE = 15;

/** Which holdings a figure comes from; the parts add up to the value, or there are none (a factor, a constant). */
export type Parts = ReadonlyMap<string, Decimal>;

export interface Figure {
  readonly value: Decimal;
  readonly parts: Parts;
  /** Figures that it was chosen from or made of, by name. */
  readonly details?: readonly (readonly [name: string, detail: Figure])[];
}

export const NO_PARTS: Parts = new Map();

/** The part of a figure that belongs to the account and to no position. */
export const ACCOUNT_PART = "account";

const ZERO = new Decimal(0);

/** A figure without parts. */
export function figureOf(value: Decimal): Figure {
  return { value, parts: NO_PARTS };
}

/** Digits of a scanned figure that are its own; what float64 adds behind them is noise, and noise is not rounded up. */
const OWN_DIGITS = 14;

/**
 * A scanned figure as a decimal, rounded up; parts and details likewise.
 *
 * A value becomes a decimal when it is asked for: of the figures of a model only a few reach a level, the others are there
 * to be read, and a decimal costs more than the scan of a unit.
 *
 * @throws NotAnAmount when one of them is not a finite amount, at once.
 */
export function figureFromScan(
  value: number,
  parts: ReadonlyMap<string, number> | null,
  details: Readonly<Record<string, number>> = {},
): Figure {
  return new ScannedFigureValue(
    value,
    parts === null ? NO_PARTS : new Map([...parts].map(([key, part]) => [key, decimalOf(part)])),
    Object.entries(details).map(([name, detail]) => [name, new ScannedFigureValue(detail, NO_PARTS, [])] as const),
  );
}

class ScannedFigureValue implements Figure {
  #value: Decimal | null = null;

  constructor(
    private readonly float: number,
    readonly parts: Parts,
    readonly details: NonNullable<Figure["details"]>,
  ) {
    requireAmount(float);
  }

  get value(): Decimal {
    this.#value ??= decimalOf(this.float);
    return this.#value;
  }
}

function decimalOf(float: number): Decimal {
  return float === 0 ? ZERO : lossFromFloat64(float, FIGURE_SCALE).toSignificantDigits(OWN_DIGITS);
}

/** The sum of several lists of parts. */
export function mergeParts(lists: readonly Parts[]): Parts {
  if (lists.every((parts) => parts.size === 0)) return NO_PARTS;
  const [only = NO_PARTS, ...more] = lists.filter((parts) => parts.size > 0);
  if (more.length === 0) return only;
  const merged = new Map(only);
  for (const parts of more) for (const [key, part] of parts) merged.set(key, (merged.get(key) ?? ZERO).add(part));
  return merged;
}

/** Parts times a factor. */
export function scaleParts(parts: Parts, factor: Decimal): Parts {
  return parts.size === 0 ? parts : new Map([...parts].map(([key, part]) => [key, part.mul(factor)]));
}
