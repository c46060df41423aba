import { Decimal } from "@ballast/money";
import { forEachPart } from "../tiers/marginal-parts.js";
import { type Figure, figureOf, mergeParts, scaleParts } from "./figure.js";

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
 * @throws RangeError when a name is unknown; the loader refuses such a model before.
 * @method MODEL-2
 */
export function evaluate(expression: Expression, figure: (name: string) => Figure): Figure {
  if (typeof expression === "string") return figure(expression);
  if ("value" in expression) return figureOf(new Decimal(expression.value));
  if ("sum" in expression) {
    const terms = expression.sum.map((term) => evaluate(term, figure));
    return {
      value: terms.reduce((sum, term) => sum.add(term.value), new Decimal(0)),
      parts: mergeParts(terms.map(({ parts }) => parts)),
    };
  }
  if ("max" in expression) return extreme(expression.max, figure, (left, right) => right.gt(left));
  if ("min" in expression) return extreme(expression.min, figure, (left, right) => right.lt(left));
  if ("times" in expression) {
    const [left, right] = expression.times.map((factor) => evaluate(factor, figure)) as [Figure, Figure];
    const carried = left.parts.size > 0 ? scaleParts(left.parts, right.value) : scaleParts(right.parts, left.value);
    return { value: left.value.mul(right.value), parts: carried };
  }
  if ("minus" in expression) {
    const [left, right] = expression.minus.map((term) => evaluate(term, figure)) as [Figure, Figure];
    return {
      value: left.value.sub(right.value),
      parts: mergeParts([left.parts, scaleParts(right.parts, new Decimal(-1))]),
    };
  }
  if ("positive" in expression) {
    const inner = evaluate(expression.positive, figure);
    return inner.value.lt(0) ? figureOf(new Decimal(0)) : inner;
  }
  if ("root" in expression) {
    const inner = evaluate({ positive: expression.root }, figure);
    return scaledTo(inner, inner.value.sqrt());
  }
  if ("marginal" in expression) {
    const inner = evaluate(expression.marginal.of, figure);
    return scaledTo(inner, marginal(inner.value, expression.marginal.tiers));
  }
  const inner = evaluate(expression.rounded.of, figure);
  return { value: round(inner.value, expression.rounded.scale, expression.rounded.side), parts: inner.parts };
}

/** Another value with the parts in the same proportion. */
function scaledTo(figure: Figure, value: Decimal): Figure {
  return { value, parts: figure.value.isZero() ? figure.parts : scaleParts(figure.parts, value.div(figure.value)) };
}

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

function extreme(
  terms: readonly Expression[],
  figure: (name: string) => Figure,
  isBeyond: (left: Decimal, right: Decimal) => boolean,
): Figure {
  const [first, ...others] = terms.map((term) => evaluate(term, figure));
  if (first === undefined) throw new RangeError("MODEL-2 a maximum needs a term");
  return others.reduce((best, term) => (isBeyond(best.value, term.value) ? term : best), first);
}
