import type { Portfolio } from "../portfolio/portfolio.js";
import { assessPortfolio, levelNamed, type PortfolioMargin } from "../margin/assess-portfolio.js";
import { type BookViewsRule, viewedBook, type ViewedBook } from "../margin/components/book-views.f64.js";
import type { MarginModel } from "../margin/model.js";
import type { BookView } from "../hybrid/index.js";
import type { LevelMargin } from "../margin/assess-portfolio.js";

/*
 * What a hedge is worth when correlation breaks. A credit between two underlyings is a promise of the past; this asks the
 * same engine for the same book under other pasts: all pairs moving together, none having to do with another, and every
 * pair moving so that it hurts this book most, which is where the credit ends.
 */

/** A past to imagine. `PAIR` breaks one pair alone, in the direction that hurts, and leaves the others calm. */
export type CorrelationRegime = "ALL_TOGETHER" | "CALM" | "UNRELATED" | "WORST_SIGNS" | "PAIR";

/** The book in one regime; views and credit are those of the figure asked for. */
export interface BrokenCorrelation {
  readonly regime: CorrelationRegime;
  /** The two underlyings of `PAIR`; otherwise empty. */
  readonly pair: readonly string[];
  readonly views: ViewAmounts;
  readonly level: LevelMargin;
}

/** What a figure of five views says. Float64: for showing, in the numeraire. */
export interface ViewAmounts {
  readonly demands: Readonly<Record<BookView, number>>;
  readonly binding: BookView;
  readonly runnerUp: BookView;
  readonly withoutHistory: readonly BookView[];
  readonly requirement: number;
  readonly noOffset: number;
  readonly credit: number;
  /** Each underlying held, its margin alone, and the way it loses. */
  readonly legs: readonly { readonly underlying: string; readonly margin: number; readonly losesOn: "fall" | "rise" }[];
}

/** The figure of five views that a level reads, named `<level>Views`; undefined in a model that has none. */
export function viewsRuleOf(model: MarginModel, level: string): BookViewsRule | undefined {
  const rule = model.figures.find(({ name }) => name === `${level}Views`)?.rule;
  return rule?.kind === "book-views" ? rule : undefined;
}

/** What the five views of a level say of an assessed book; undefined in a model without them. @method HYBRID-17 */
export function viewsOf(margin: PortfolioMargin, model: MarginModel, level: string): ViewAmounts | undefined {
  const rule = viewsRuleOf(model, level);
  if (rule === undefined) return undefined;
  const { margin: views, legs } = viewedOf(margin, rule);
  return {
    demands: views.views,
    binding: views.binding,
    runnerUp: views.runnerUp,
    withoutHistory: views.withoutHistory,
    requirement: views.requirement,
    noOffset: views.noOffset,
    credit: views.credit,
    legs: legs.map((leg, at) => ({
      underlying: leg.underlying,
      margin: views.legMargins[at] ?? 0,
      losesOn: losesOnFall(leg) ? "fall" : "rise",
    })),
  };
}

/**
 * A book under other correlations: together, calm, unrelated, worst signs, and for more than two underlyings each pair
 * alone. Empty where the model has no views, or the book fewer than two underlyings.
 *
 * @method INVERSE-1
 */
export function brokenCorrelations(
  portfolio: Portfolio,
  model: MarginModel,
  margin: PortfolioMargin,
  level: string,
): readonly BrokenCorrelation[] {
  const rule = viewsRuleOf(model, level);
  if (rule === undefined) return [];
  const { legs, correlation: calm } = viewedOf(margin, rule);
  if (legs.length < 2) return [];
  const sign = legs.map((leg) => (losesOnFall(leg) ? 1 : -1));
  const worst = (row: number, column: number) => (sign[row] ?? 0) * (sign[column] ?? 0);
  const calmly = (row: number, column: number) => calm?.values[row * calm.size + column] ?? worst(row, column);
  const under = (
    regime: CorrelationRegime,
    pair: readonly string[],
    of: (row: number, column: number) => number,
  ): BrokenCorrelation => {
    const rows = legs.map((_, row) => legs.map((_, column) => (row === column ? 1 : of(row, column))));
    const broken = withCorrelation(model, { underlyings: legs.map(({ underlying }) => underlying), rows });
    const again = assessPortfolio(portfolio, broken, { columns: margin.book.market });
    return {
      regime,
      pair,
      views: viewsOf(again, broken, level) as ViewAmounts,
      level: levelNamed(again, level),
    };
  };
  const pairs = legs.flatMap((_, row) => legs.slice(row + 1).map((_, after) => [row, row + 1 + after] as const));
  return [
    under("ALL_TOGETHER", [], () => 1),
    under("CALM", [], calmly),
    under("UNRELATED", [], () => 0),
    under("WORST_SIGNS", [], worst),
    ...(legs.length < 3 ? [] : pairs).map(([left, right]) =>
      under("PAIR", [legs[left]?.underlying ?? "", legs[right]?.underlying ?? ""], (row, column) =>
        Math.min(row, column) === left && Math.max(row, column) === right ? worst(row, column) : calmly(row, column),
      ),
    ),
  ];
}

/** The model with another calm correlation in every figure of views; history and caps stay. */
function withCorrelation(model: MarginModel, correlation: BookViewsRule["correlation"]): MarginModel {
  const figures = model.figures.map((figure) =>
    figure.rule.kind === "book-views" ? { ...figure, rule: { ...figure.rule, correlation } } : figure,
  );
  return { ...model, figures };
}

function viewedOf({ book }: PortfolioMargin, rule: BookViewsRule): ViewedBook {
  return viewedBook(
    rule,
    book,
    book.market.units.map((_, unit) => unit),
  );
}

const losesOnFall = ({ lossOnFall, lossOnRise }: { readonly lossOnFall: number; readonly lossOnRise: number }) =>
  lossOnFall >= lossOnRise;
