import { Decimal } from "@ballast/money";
import { forEachPart } from "../tiers/marginal-parts.js";
import { type Figure, figureOf, mergeParts, type Parts, scaleParts } from "./figure.js";

/*
 * How figures are put together. A margin model is data, and this is its grammar: small on purpose, because every venue's
 * rule turned out to be sums, maxima and multiples of a few figures, and because a tree can be printed, checked and
 * explained where a function cannot.
 *
 *   "name"                      the figure of that name; of every unit together where the name belongs to units
 *   { value: "0.8" }            a constant
 *   { sum: […] } { max: […] } { min: […] } { times: [a, b] } { minus: [a, b] }
 *   { positive: e } { root: e } max(e, 0), √max(e, 0)
 *   { marginal: { of, tiers } } income-tax tiers: each multiple applies to the part of the figure inside its tier
 *   { rounded: { of, scale, side } }
 */
export type Expression =
  | string
  | { readonly value: string }
  | { readonly sum: readonly Expression[] }
  | { readonly max: readonly Expression[] }
  | { readonly min: readonly Expression[] }
  | { readonly times: readonly [Expression, Expression] }
  | { readonly minus: readonly [Expression, Expression] }
  | { readonly positive: Expression }
  | { readonly root: Expression }
  | { readonly marginal: { readonly of: Expression; readonly tiers: readonly MarginalTier[] } }
  | { readonly rounded: { readonly of: Expression; readonly scale: number; readonly side: RoundingSide } };

/** Decimal text. A multiple that applies to the part of a figure above `from`, up to the next tier's. */
export interface MarginalTier {
  readonly from: string;
  readonly multiple: string;
}

export type RoundingSide = "up" | "down" | "nearest";

/**
 * Evaluates an expression over named figures.
 *
 * The parts of a figure (which position it comes from) are carried along: sums add them, multiples scale them, a maximum
 * keeps those of the branch that binds (the first on a tie). So the parts of a requirement add up to it.
 *
 * The tree is read once: an expression object is turned into a function the first time it is met, constants parsed, and
 * an exchange evaluates the same few expressions for every account.
 *
 * @throws RangeError when a name is unknown; the loader refuses such a model before.
 * @method MODEL-2
 */
export function evaluate(expression: Expression, figure: FigureLookup): Figure {
  if (typeof expression === "string") return figure(expression);
  let evaluation = EVALUATIONS.get(expression);
  if (evaluation === undefined) {
    evaluation = evaluationOf(expression);
    EVALUATIONS.set(expression, evaluation);
  }
  return evaluation(figure);
}

type FigureLookup = (name: string) => Figure;
type Evaluation = (figure: FigureLookup) => Figure;
/** What has been read already. A model is never changed after it was read, so neither are its expressions. */
const EVALUATIONS = new WeakMap<object, Evaluation>();

function evaluationOf(expression: Expression): Evaluation {
  if (typeof expression === "string") return (figure) => figure(expression);
  if ("value" in expression) {
    const constant = figureOf(new Decimal(expression.value));
    return () => constant;
  }
  if ("sum" in expression) return sumOf(expression.sum.map(evaluationOf));
  if ("max" in expression) return extremeOf(expression.max.map(evaluationOf), (left, right) => right.gt(left));
  if ("min" in expression) return extremeOf(expression.min.map(evaluationOf), (left, right) => right.lt(left));
  if ("times" in expression) return productOf(expression.times.map(evaluationOf));
  if ("minus" in expression) return differenceOf(expression.minus.map(evaluationOf));
  if ("positive" in expression) return positiveOf(evaluationOf(expression.positive));
  if ("root" in expression) {
    const inner = positiveOf(evaluationOf(expression.root));
    return scaledOf(inner, (value) => value.sqrt());
  }
  if ("marginal" in expression) {
    const { of, tiers } = expression.marginal;
    return scaledOf(evaluationOf(of), (value) => marginal(value, tiers));
  }
  const { of, scale, side } = expression.rounded;
  const inner = evaluationOf(of);
  return (figure) => {
    const { value, parts } = inner(figure);
    return { value: round(value, scale, side), parts };
  };
}

function sumOf(terms: readonly Evaluation[]): Evaluation {
  return (figure) => {
    let value = ZERO;
    const lists: Parts[] = [];
    for (const term of terms) {
      const { value: added, parts } = term(figure);
      if (!added.isZero()) value = value.isZero() ? added : value.add(added);
      if (parts.size > 0) lists.push(parts);
    }
    return { value, parts: mergeParts(lists) };
  };
}

function productOf([one, other]: readonly Evaluation[]): Evaluation {
  return (figure) => {
    const [left, right] = [one, other].map((factor) => (factor as Evaluation)(figure)) as [Figure, Figure];
    const carried = left.parts.size > 0 ? scaleParts(left.parts, right.value) : scaleParts(right.parts, left.value);
    return { value: left.value.mul(right.value), parts: carried };
  };
}

function differenceOf([one, other]: readonly Evaluation[]): Evaluation {
  return (figure) => {
    const [left, right] = [one, other].map((term) => (term as Evaluation)(figure)) as [Figure, Figure];
    return {
      value: left.value.sub(right.value),
      parts: mergeParts([left.parts, scaleParts(right.parts, MINUS_ONE)]),
    };
  };
}

function positiveOf(inner: Evaluation): Evaluation {
  return (figure) => {
    const found = inner(figure);
    return found.value.lt(0) ? NOTHING : found;
  };
}

/** Another value with the parts in the same proportion. */
function scaledOf(inner: Evaluation, of: (value: Decimal) => Decimal): Evaluation {
  return (figure) => {
    const found = inner(figure);
    const value = of(found.value);
    return { value, parts: found.value.isZero() ? found.parts : scaleParts(found.parts, value.div(found.value)) };
  };
}

/** The first of the terms that no other goes beyond. */
function extremeOf(terms: readonly Evaluation[], isBeyond: (left: Decimal, right: Decimal) => boolean): Evaluation {
  const [first, ...others] = terms;
  if (first === undefined) throw new RangeError("MODEL-2 a maximum needs a term");
  return (figure) => {
    let best = first(figure);
    for (const other of others) {
      const term = other(figure);
      if (isBeyond(best.value, term.value)) best = term;
    }
    return best;
  };
}

const ZERO = new Decimal(0);
const MINUS_ONE = new Decimal(-1);
const NOTHING = figureOf(ZERO);

/** A value through marginal tiers; the first tier starts at zero. @method MODEL-3 */
export function marginal(value: Decimal, tiers: readonly MarginalTier[]): Decimal {
  let sum = new Decimal(0);
  forEachPart(value, tiers, (part, { multiple }) => {
    sum = sum.add(part.mul(multiple));
  });
  return sum;
}

/** A value at so many digits after the point. */
export function round(value: Decimal, scale: number, side: RoundingSide): Decimal {
  const mode = side === "up" ? Decimal.ROUND_CEIL : side === "down" ? Decimal.ROUND_FLOOR : Decimal.ROUND_HALF_EVEN;
  return value.toDecimalPlaces(scale, mode);
}

/** Every name an expression asks for. */
export function namesIn(expression: Expression): readonly string[] {
  if (typeof expression === "string") return [expression];
  if ("value" in expression) return [];
  if ("positive" in expression) return namesIn(expression.positive);
  if ("root" in expression) return namesIn(expression.root);
  if ("marginal" in expression) return namesIn(expression.marginal.of);
  if ("rounded" in expression) return namesIn(expression.rounded.of);
  return Object.values(expression as Record<string, readonly Expression[]>)
    .flat()
    .flatMap(namesIn);
}
