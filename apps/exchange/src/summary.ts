import type {
  AssetAmountBody,
  FundingRow,
  InsuranceFundBody,
  LedgerCheckBody,
  MarksAnswer,
  SummaryBody,
} from "@ballast/api-contract";
import { Decimal, parseDecimal, type Price, price, type Usd, usd, ZERO_USD } from "@ballast/money";
import { change, count, dollars, exactly, figure } from "./figures.js";

/** What the summary is made from: the house's own words. */
export interface Told {
  readonly title: string;
  /** Its first and its last prices. */
  readonly opening: MarksAnswer;
  readonly closing: MarksAnswer;
  readonly summary: SummaryBody;
  readonly fund: InsuranceFundBody;
  readonly fundings: readonly FundingRow[];
  readonly check: LedgerCheckBody;
}

type Line = readonly [string, string];
interface Section {
  readonly title: string;
  readonly lines: readonly Line[];
}

const NAME_WIDTH = 34;

/**
 * Returns the summary as text. The same ledger gives the same bytes: nothing in it depends on how long anything took.
 *
 * Money is shown rounded; what proves the ledger (imbalances, open interest) is shown as it stands.
 */
export function summaryText(told: Told): string {
  const sections = [accounts(told), liquidations(told), fund(told), losses(told), funding(told), ledger(told)];
  return [
    told.title,
    ...sections.flatMap(({ title, lines }) => [
      "",
      `  ${title}`,
      ...lines.map(([name, value]) => `    ${name.padEnd(NAME_WIDTH)} ${value}`),
    ]),
    "",
  ].join("\n");
}

function accounts({ summary }: Told): Section {
  return {
    title: "Accounts",
    lines: [["all", count(summary.accounts.total)], ...counts(summary.accounts.byState)],
  };
}

function liquidations({ summary }: Told): Section {
  const outcomes = counts(summary.cases.byOutcome);
  const closed = Object.values(summary.cases.byOutcome).reduce((sum, cases) => sum + cases, 0);
  const notional = parseDecimal(summary.liquidatedNotional);
  const slippage = parseDecimal(summary.slippage);
  const basisPoints = notional.isZero() ? new Decimal(0) : slippage.mul(10_000).div(notional);
  return {
    title: "Liquidations",
    lines: [
      ["opened", count(closed + summary.cases.open)],
      ["still open", count(summary.cases.open)],
      ...outcomes.map(([name, value]): Line => [`ended ${name}`, value]),
      ...counts(summary.steps).map(([name, value]): Line => [`steps ${name}`, value]),
      ["liquidated notional, at mark", dollars(notional)],
      ["slippage against mark", `${dollars(slippage)} (${figure(basisPoints, 1)} bp of it)`],
    ],
  };
}

/**
 * The fund before and after. Its coins fall with the market too; that part is shown apart, so that what liquidations did
 * to it can be seen.
 */
function fund({ summary, fund: held, opening, closing }: Told): Section {
  const first = valueOf(summary.fund.first, opening);
  const firstAtTheEnd = valueOf(summary.fund.first, closing);
  const balances = valueOf(summary.fund.now, closing);
  const inventory = held.health === null ? ZERO_USD : usd(parseDecimal(held.health.netValue).sub(balances));
  const now = balances.add(inventory);
  const assets = [...new Set([...summary.fund.first, ...summary.fund.now].map((row) => row.asset))].sort();
  return {
    title: "Insurance fund",
    lines: [
      ["before", `${dollars(first)} at the opening prices`],
      ["after", `${dollars(now)} at the closing prices`],
      ["change by liquidations", change(now.sub(firstAtTheEnd))],
      ["change by the price of its coins", change(firstAtTheEnd.sub(first))],
      ["positions not sold yet", `${count(held.positions.length)}, unrealised ${change(inventory)}`],
      ...assets.map((asset): Line => {
        const [before, after] = [summary.fund.first, summary.fund.now].map((rows) => amountOf(rows, asset));
        return [asset, `${figure(before as Decimal, 4)} -> ${figure(after as Decimal, 4)}`];
      }),
    ],
  };
}

function losses({ summary, closing }: Told): Section {
  return {
    title: "Losses beyond the accounts",
    lines: [
      ["deficits paid by the fund", amounts(summary.deficits, closing)],
      [
        "auto-deleveraging",
        summary.adl.length === 0
          ? "none"
          : summary.adl.map((row) => `${exactly(parseDecimal(row.quantity))} x ${row.instrument}`).join(", "),
      ],
      ["socialised", amounts(summary.socialisedLosses, closing)],
    ],
  };
}

/** By instrument: how often it was funded, at what rates, and what went from the ones to the others. */
function funding({ fundings }: Told): Section {
  const instruments = [...new Set(fundings.map(({ instrument }) => instrument))].sort();
  return {
    title: "Funding",
    lines: instruments.map((id): Line => {
      const all = fundings.filter(({ instrument }) => instrument === id);
      const posted = all.filter(({ status }) => status === "POSTED");
      const rates = posted.flatMap(({ rate }) => (rate === null ? [] : [parseDecimal(rate).mul(100)]));
      const paid = posted.reduce((sum, row) => sum.add(parseDecimal(row.paid)), new Decimal(0));
      const range =
        rates.length === 0
          ? "none"
          : `${figure(Decimal.min(...rates), 4)} to ${figure(Decimal.max(...rates), 4)} %, ${figure(paid, 4)} ${posted[0]?.asset ?? ""}`;
      return [id, `${count(posted.length)} of ${count(all.length)} paid: ${range}`];
    }),
  };
}

function ledger({ check }: Told): Section {
  return {
    title: "Ledger",
    lines: [
      ["balanced", check.balanced ? "yes" : "NO"],
      ...check.imbalances.map((row): Line => [`sum of ${row.asset}`, exactly(parseDecimal(row.amount))]),
      ...check.openInterest.map(
        (row): Line => [
          `net ${row.instrument}`,
          `${exactly(parseDecimal(row.net))} (${exactly(parseDecimal(row.contracts))} long and short)`,
        ],
      ),
      ["hash chains", check.brokenChains.length === 0 ? "all verified" : `BROKEN: ${check.brokenChains.join(", ")}`],
      [
        "balances and positions",
        check.projectionDifferences.length === 0
          ? "as rebuilt from the postings"
          : `DIFFER: ${check.projectionDifferences.join(", ")}`,
      ],
      ["journals", count(check.journals)],
      ["postings", count(check.postings)],
    ],
  };
}

export interface Timing {
  readonly seconds: number;
  /** Health assessments while this run lasted. */
  readonly decisions: number;
  readonly hoursPlayed: number;
}

/** How long it took: another figure every time, so it stands apart from the summary. */
export function timingText(timing: Timing): string {
  const rate = timing.seconds > 0 ? Math.round(timing.decisions / timing.seconds) : 0;
  return [
    "  Timing (not reproducible)",
    `    ${"hours played in this run".padEnd(NAME_WIDTH)} ${count(timing.hoursPlayed)}`,
    `    ${"seconds".padEnd(NAME_WIDTH)} ${timing.seconds.toFixed(1)}`,
    `    ${"decisions".padEnd(NAME_WIDTH)} ${count(timing.decisions)}, ${count(rate)} a second`,
    "",
  ].join("\n");
}

function counts(byName: Readonly<Record<string, number>>): Line[] {
  return Object.entries(byName)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]): Line => [name.toLowerCase().replaceAll("_", " "), count(value)]);
}

function amounts(rows: readonly AssetAmountBody[], market: MarksAnswer): string {
  const lost = rows.filter((row) => !parseDecimal(row.amount).isZero());
  if (lost.length === 0) return "none";
  const each = lost.map((row) => `${figure(parseDecimal(row.amount), 4)} ${row.asset}`).join(" + ");
  return `${each} = ${dollars(valueOf(lost, market))} at the closing prices`;
}

function valueOf(rows: readonly AssetAmountBody[], market: MarksAnswer): Usd {
  return rows.reduce((sum, row) => usd(sum.add(parseDecimal(row.amount).mul(indexOf(market, row.asset)))), ZERO_USD);
}

function indexOf({ indexPrices, sequence }: MarksAnswer, asset: string): Price {
  const index = indexPrices[asset];
  if (index === undefined) throw new RangeError(`expected an index price of ${asset} in snapshot ${sequence}`);
  return price(index);
}

function amountOf(rows: readonly AssetAmountBody[], asset: string): Decimal {
  const row = rows.find((candidate) => candidate.asset === asset);
  return row === undefined ? new Decimal(0) : parseDecimal(row.amount);
}
