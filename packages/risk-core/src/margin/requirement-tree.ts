import { Decimal, printDecimal } from "@ballast/money";
import { type PortfolioMargin, figureNamed } from "./assess-portfolio.js";
import { evaluate, type Expression } from "./expression.js";
import type { MarginModel } from "./model.js";

/*
 * How a requirement came about, as a tree to be shown: the level's expression with the amount of every term, names followed
 * into the expressions behind them, and in a maximum the term that binds. Nothing is computed twice by another rule: the
 * amounts are those of `evaluate`.
 */

/** One term of a requirement. */
export interface RequirementTerm {
  /** The figure's name, or what is done with the terms below it. */
  readonly label: string;
  readonly amount: Decimal;
  /** Does it count? False for the terms of a maximum or minimum that do not decide, and for everything below them. */
  readonly counts: boolean;
  readonly terms: readonly RequirementTerm[];
}

/**
 * The tree of a level's requirement, before it is rounded.
 *
 * @throws RangeError when the model has no level of that name.
 * @method RECEIPT-4
 */
export function requirementTree(margin: PortfolioMargin, model: MarginModel, level: string): RequirementTerm {
  const rule = model.levels.find(({ name }) => name === level);
  if (rule === undefined) throw new RangeError(`MODEL-4 ${model.id} has no level ${level}`);
  const behind = new Map(
    model.figures.flatMap(({ name, scope, rule }) =>
      rule.kind === "expression" && scope === "account" ? [[name, rule.of] as const] : [],
    ),
  );
  const amountOf = (expression: Expression) =>
    evaluate(expression, (name) => figureNamed(margin.figures, name, null)).value;

  const termOf = (expression: Expression, counts: boolean): RequirementTerm => {
    const amount = amountOf(expression);
    const node = (label: string, inner: readonly Expression[], innerCounts = counts): RequirementTerm => ({
      label,
      amount,
      counts,
      terms: inner.map((term) => termOf(term, innerCounts)),
    });
    const chosen = (label: string, terms: readonly Expression[]): RequirementTerm => {
      const deciding = terms.findIndex((term) => amountOf(term).eq(amount));
      return { label, amount, counts, terms: terms.map((term, at) => termOf(term, counts && at === deciding)) };
    };
    if (typeof expression === "string") {
      const inner = behind.get(expression);
      return inner === undefined ? node(expression, []) : { ...termOf(inner, counts), label: expression };
    }
    if ("value" in expression) return node(printDecimal(amount), []);
    if ("sum" in expression) return node("sum of", expression.sum);
    if ("max" in expression) return chosen("largest of", expression.max);
    if ("min" in expression) return chosen("smallest of", expression.min);
    if ("times" in expression) {
      const [of, by] = expression.times;
      if (typeof by === "string" || !("value" in by)) return node("product of", expression.times, false);
      // A multiple of a sum is shown as the sum of the multiples, so that every term stands with what it adds.
      if (typeof of !== "string" && "sum" in of)
        return termOf({ sum: of.sum.map((term) => ({ times: [term, by] })) }, counts);
      const factor = amountOf(by);
      if (factor.eq(1)) return termOf(of, counts);
      return typeof of === "string"
        ? node(`${of} × ${printDecimal(factor)}`, [])
        : node(`${printDecimal(factor)} of`, [of], false);
    }
    if ("minus" in expression) return node("difference of", expression.minus);
    if ("positive" in expression) return node("what is above zero of", [expression.positive]);
    if ("root" in expression) return node("root of", [expression.root], false);
    if ("marginal" in expression) return node("in tiers, of", [expression.marginal.of], false);
    return node("rounded", [expression.rounded.of]);
  };
  return termOf(rule.requirement, true);
}
