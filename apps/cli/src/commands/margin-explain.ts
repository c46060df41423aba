import { Decimal, lossFromFloat64 } from "@ballast/money";
import {
  BOOK_VIEWS,
  type BookView,
  type BrokenCorrelation,
  brokenCorrelations,
  type MarginModel,
  type Portfolio,
  type PortfolioMargin,
  requirementTree,
  type RequirementTerm,
  type ViewAmounts,
  viewsOf,
  viewsRuleOf,
} from "@ballast/risk-core";
import { tableLines } from "./text-table.js";

/*
 * A margin as a page for a person. Every figure is the engine's; here they are cut to the digits that are shown, levels
 * up and slack down as the engine does, and put into sentences.
 */

/** The explanation of an assessed portfolio, as text. `margin` was assessed with `explain`. */
export function explanation(portfolio: Portfolio, model: MarginModel, margin: PortfolioMargin): string {
  const digits = portfolio.numeraire === portfolio.quote ? 2 : 8;
  const money: Money = {
    up: (amount) => shown(amount, digits, Decimal.ROUND_CEIL),
    down: (amount) => shown(amount, digits, Decimal.ROUND_FLOOR),
    near: (amount) => shown(amount, digits, Decimal.ROUND_HALF_EVEN),
    float: (amount) => shown(lossFromFloat64(amount, 12), digits, Decimal.ROUND_HALF_EVEN),
    digits,
  };
  return [
    `${model.id} version ${model.version}: ${model.title}`,
    `All amounts in ${portfolio.numeraire}, at ${new Date(portfolio.at).toISOString()}.`,
    "",
    `Net value ${money.down(margin.netValue)}, of which options ${money.down(margin.optionValue)}`,
    "",
    "Levels",
    ...tableLines([
      ["level", "requirement", "slack", ""],
      ...margin.levels.map(({ name, requirement, slack }) => [
        name,
        money.up(requirement),
        money.down(slack),
        slack.gte(0) ? "met" : "NOT MET",
      ]),
    ]),
    ...margin.levels.flatMap(({ name }) => ["", ...levelLines(portfolio, model, margin, name, money)]),
    "",
  ].join("\n");
}

interface Money {
  readonly up: (amount: Decimal) => string;
  readonly down: (amount: Decimal) => string;
  readonly near: (amount: Decimal) => string;
  /** A float64 that is only shown. */
  readonly float: (amount: number) => string;
  readonly digits: number;
}

function levelLines(
  portfolio: Portfolio,
  model: MarginModel,
  margin: PortfolioMargin,
  level: string,
  money: Money,
): readonly string[] {
  const views = viewsOf(margin, model, level);
  return [
    `${heading(level)}: how it comes about (* counts), before it is rounded up`,
    ...tableLines(treeRows(requirementTree(margin, model, level), money, 0)),
    "",
    `${heading(level)}: worst scenario of each underlying`,
    ...tableLines(scenarioRows(model, margin, level, money)),
    "",
    `${heading(level)}: what each position adds`,
    ...tableLines(partRows(margin, level, money)),
    ...(views === undefined || views.legs.length === 0 ? [] : ["", ...viewLines(level, views, money)]),
    ...(level === model.levels[0]?.name ? breakLines(brokenCorrelations(portfolio, model, margin, level), money) : []),
  ];
}

/** The requirement's terms, indented; what is nothing and does not count is left out. */
function treeRows({ label, amount, counts, terms }: RequirementTerm, money: Money, depth: number): string[][] {
  return amount.isZero() && !counts
    ? []
    : [
        [`${"  ".repeat(depth)}${counts ? "*" : " "} ${label}`, money.near(amount)],
        ...terms.flatMap((term) => treeRows(term, money, depth + 1)),
      ];
}

/**
 * The worst scenario of every underlying, and the worst of those that end differently (in a linear book scenarios that
 * differ in volatility alone are one). Where a level has views, among the scenarios that make its legs.
 */
function scenarioRows(model: MarginModel, { book }: PortfolioMargin, level: string, money: Money): string[][] {
  const views = viewsRuleOf(model, level);
  const families = views && [...views.fall, ...views.fallInside, ...views.rise, ...views.riseInside];
  const { scenarios } = book.market.rule;
  const rows = book.market.units.map((underlying, unit): string[] => {
    const cells = scenarios
      .map(({ id, family }, s) => ({ id, family, profit: book.cells[unit * scenarios.length + s] ?? 0 }))
      .filter(({ family }) => families === undefined || families.includes(family))
      .sort((left, right) => left.profit - right.profit);
    const worst = cells[0];
    if (worst === undefined) return [underlying, "no scenario"];
    const next = cells.find(({ profit }) => money.float(profit) !== money.float(worst.profit));
    const told = (cell: typeof worst | undefined) =>
      cell === undefined ? ["nothing else", ""] : [cell.id, money.float(cell.profit)];
    return [underlying, ...told(worst), ...told(next)];
  });
  return [["underlying", "binding", "profit or loss", "runner-up", "profit or loss"], ...rows];
}

/** What each position adds, in shown digits that sum to the shown requirement: the rest goes to the account. */
function partRows(margin: PortfolioMargin, level: string, money: Money): string[][] {
  const found = margin.levels.find(({ name }) => name === level);
  if (found === undefined) return [];
  const parts = [...found.parts]
    .filter(([key]) => key !== "account")
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, part]) => [key, part.toDecimalPlaces(money.digits, Decimal.ROUND_HALF_EVEN)] as const)
    .filter(([, part]) => !part.isZero());
  const requirement = found.requirement.toDecimalPlaces(money.digits, Decimal.ROUND_CEIL);
  const rest = parts.reduce((left, [, part]) => left.sub(part), requirement);
  return [
    ...parts.map(([key, part]) => [key, money.near(part)]),
    ...(rest.isZero() ? [] : [["account (what belongs to no position, and rounding)", money.near(rest)]]),
    ["sum", money.near(requirement)],
  ];
}

const VIEW_TITLES: Readonly<Record<BookView, string>> = {
  CALM: "calm correlation",
  ALL_TOGETHER: "all together, one way",
  LARGEST_LEG: "largest leg alone",
  CREDIT_CAP: "credit cap",
  JOINT_HISTORY: "joint history",
};

/** Why a view asks for the most, in one sentence. */
const VIEW_REASONS: Readonly<Record<BookView, string>> = {
  CALM: "moves that offset each other as they did in calm times leave this much, and no storm that we know asks for more",
  ALL_TOGETHER:
    "when everything moves by the same share of its rate in one direction, this book loses more than any other way",
  LARGEST_LEG: "one underlying may jump by its rate while the others stand still, and then no hedge helps",
  CREDIT_CAP: "however good the hedge looks, only a share of the matched amount is ever forgiven",
  JOINT_HISTORY:
    "on the worst days that the underlyings really had together, and their mirrors, the book loses this much",
};

function viewLines(level: string, views: ViewAmounts, money: Money): readonly string[] {
  const mark = (view: BookView) => (view === views.binding ? "binds" : view === views.runnerUp ? "next" : "");
  const { legs, binding, noOffset, credit, withoutHistory } = views;
  return [
    `${heading(level)}: five views of the book, the largest counts`,
    ...tableLines([
      ...BOOK_VIEWS.map((view) => [
        VIEW_TITLES[view],
        money.float(views.demands[view]),
        withoutHistory.includes(view) ? "no history, no credit" : mark(view),
      ]),
      ["sum without offset", money.float(noOffset), ""],
    ]),
    `  legs: ${legs.map(({ underlying, margin, losesOn }) => `${underlying} ${money.float(margin)} on a ${losesOn}`).join(", ")}`,
    `  credit ${money.float(credit)}, ${percent(credit, noOffset)} of the sum without offset`,
    `  ${VIEW_TITLES[binding]} binds: ${VIEW_REASONS[binding]}.`,
  ];
}

const REGIMES: Readonly<Record<BrokenCorrelation["regime"], string>> = {
  ALL_TOGETHER: "every pair +1",
  CALM: "calm, as estimated",
  UNRELATED: "every pair 0",
  WORST_SIGNS: "every pair ±1 against the book",
  PAIR: "only",
};

function breakLines(broken: readonly BrokenCorrelation[], money: Money): readonly string[] {
  if (broken.length === 0) return [];
  const calm = broken.find(({ regime }) => regime === "CALM");
  const worst = broken.find(({ regime }) => regime === "WORST_SIGNS");
  const rows = broken.map(({ regime, pair, views, level }) => [
    regime === "PAIR" ? `only ${pair.join(" and ")} against the book` : REGIMES[regime],
    money.float(views.demands.CALM),
    VIEW_TITLES[views.binding],
    money.float(views.requirement),
    money.float(views.credit),
    percent(views.credit, views.noOffset),
    money.up(level.requirement),
    level.slack.gte(0) ? "met" : "NOT MET",
  ]);
  const lost = calm === undefined || worst === undefined ? 0 : calm.views.credit - worst.views.credit;
  return [
    "",
    "If correlation breaks: the same book, history and caps unchanged",
    ...tableLines([["correlation", "its view", "what binds", "views", "credit", "", "requirement", ""], ...rows]),
    `  between calm and the worst signs ${money.float(lost)} of credit is lost; what is left is ${money.float(worst?.views.credit ?? 0)}`,
  ];
}

const heading = (level: string): string => level.slice(0, 1).toUpperCase() + level.slice(1);

function percent(part: number, whole: number): string {
  return whole === 0 ? "0.0 %" : `${((part / whole) * 100).toFixed(1)} %`;
}

/** With a comma between thousands; no minus before a zero. */
function shown(amount: Decimal, digits: number, rounding: Parameters<Decimal["toFixed"]>[1]): string {
  const text = amount.toFixed(digits, rounding);
  const [whole = "", fraction] = text.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  const joined = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  return /[1-9]/.test(joined) ? joined : joined.replace("-", "");
}
