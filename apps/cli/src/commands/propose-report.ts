import type { ScoreFigures } from "./backtest-figures.js";
import { percent, VERDICT_WORDS, windowCell, yearCell } from "./backtest-report.js";
import type { ProposalDocument, ProposedFigures } from "./propose-document.js";
import { tableLines } from "./text-table.js";

/** The document as tables for people. */
export function printProposals(document: ProposalDocument): string {
  return [
    `Proposed for ${document.day} by ${document.recipe}; judged from ${document.judgedFrom}, each day from the days before it only.`,
    `PROPOSED, not live: parameters are published by two people. Promised: ${percent(1 - document.promised, 1)} of days.`,
    "windows: one sign per stretch of 250 days, . accepted by Kupiec's test at 5 %, + too many exceptions, - too few.",
    "independence: the probability of exceptions that follow one another as these do, if they were independent.",
    "",
    ...section("Scan ranges: down, up; peak/trough and rise are those of the margin", [
      ["", "hours", "down", "up", "missed if fixed", ...EVIDENCE_HEAD, "every hour", ""],
      ...document.scanRanges.map((row) => [
        row.subject,
        String(row.value.horizonHours),
        percent(row.value.down, 2),
        percent(row.value.up, 2),
        String(row.value.exceptionsIfFixed),
        ...evidenceCells(row.evidence),
        row.hourly === null
          ? ""
          : `${percent(1 - row.hourly.exceptions / row.hourly.starts, 2)} of ${row.hourly.starts}`,
        warningCell(row),
      ]),
    ]),
    ...eventLines(document),
    ...section(
      "Daily volatility of the days before the last one, for the liquidation policy; no evidence, a measurement",
      [["", "a day"], ...document.skies.map(({ asset, dailyVolatility }) => [asset, percent(dailyVolatility, 2)])],
    ),
    ...section("Volatility shocks: flat, beside the shock that grows with the move", [
      ["", "up", "down", "beyond the tied one", ...EVIDENCE_HEAD, ""],
      ...document.volatilityShocks.map((row) => [
        row.subject,
        `+${percent(row.value.up, 0)}`,
        `-${percent(row.value.down, 0)}`,
        `${row.value.beyondTiedToMove.up} up, ${row.value.beyondTiedToMove.down} down`,
        ...evidenceCells(row.evidence),
        warningCell(row),
      ]),
    ]),
    ...section("Haircuts: initial, maintenance; judged against each day's low", [
      ["", "initial", "maintenance", ...EVIDENCE_HEAD, ""],
      ...document.haircuts.map((row) => [
        row.subject,
        percent(row.value.initial, 2),
        percent(row.value.maintenance, 2),
        ...evidenceCells(row.evidence),
        warningCell(row),
      ]),
    ]),
    ...correlationLines(document),
    ...section(`Caps on open interest, of one side${rulesText(document)}; judged by what the fund would have paid`, [
      ["", "cap", "bound by", "worst beyond margin", "quiet day's volume", ...EVIDENCE_HEAD, ""],
      ...document.openInterestCaps.map((row) => [
        row.subject,
        money(row.value.cap),
        row.value.boundBy.toLowerCase(),
        percent(row.value.worstBeyondMargin, 2),
        money(row.value.quietVolume),
        ...evidenceCells(row.evidence),
        warningCell(row),
      ]),
    ]),
    ...(document.leftOut.length === 0
      ? []
      : [
          "Left out",
          ...document.leftOut.map(
            ({ kind, subject, because }) => `  ${kind.toLowerCase().replaceAll("_", " ")} ${subject}: ${because}`,
          ),
          "",
        ]),
  ].join("\n");
}

/** A heading and its table; nothing when there is no row. */
function section(heading: string, table: readonly (readonly string[])[]): string[] {
  return table.length < 2 ? [] : [heading, ...tableLines(table), ""];
}

const EVIDENCE_HEAD = [
  "days",
  "exceptions",
  "Kupiec",
  "independence",
  "in 250",
  "windows",
  "worst year",
  "peak/trough",
  "largest rise",
];

function evidenceCells(evidence: ScoreFigures): string[] {
  return [
    String(evidence.days),
    `${evidence.exceptions} of ${evidence.expected.toFixed(1)}`,
    VERDICT_WORDS[evidence.kupiec],
    evidence.independenceProbability.toFixed(2),
    String(evidence.worstWindow),
    windowCell(evidence),
    yearCell(evidence.worstYear),
    evidence.peakToTrough.toFixed(2),
    `+${percent(evidence.largestRise, 0)}`,
  ];
}

const warningCell = ({ warnings }: ProposedFigures<unknown>): string =>
  warnings.map((warning) => warning.toLowerCase().replaceAll("_", " ")).join(", ");

function eventLines({ events, scanRanges, day }: ProposalDocument): string[] {
  if (events.length === 0) return [];
  const raised = scanRanges.flatMap(({ subject, value, withEvents }) =>
    withEvents === null
      ? []
      : [
          [
            subject,
            String(value.horizonHours),
            withEvents.event,
            `×${withEvents.multiplier}`,
            percent(withEvents.down, 2),
            percent(withEvents.up, 2),
          ],
        ],
  );
  return [
    "Announced events: requirements rise in a straight line, hold, and fall in one",
    ...tableLines([
      ["", "for", "multiplier", "from", "full from", "full to", "to", "why"],
      ...events.map((event) => [
        event.id,
        event.underlyings.length === 0 ? "all" : event.underlyings.join(" "),
        `×${event.multiplier}`,
        event.startsAt,
        event.fullFrom,
        event.fullTo,
        event.endsAt,
        event.reason,
      ]),
    ]),
    ...(raised.length === 0
      ? [`  None of them touches ${day}.`]
      : ["", `Scan ranges of ${day} with them`, ...tableLines([["", "hours", "event", "", "down", "up"], ...raised])]),
    "",
  ];
}

function correlationLines({ correlation }: ProposalDocument): string[] {
  if (correlation === null) return [];
  const { assets, value, evidence } = correlation;
  const triples = assets.flatMap((left, row) =>
    assets.slice(row + 1).map((right, more) => {
      const column = row + 1 + more;
      const of = (rows: readonly (readonly number[])[]): string => (rows[row]?.[column] ?? Number.NaN).toFixed(2);
      const tail = value.tails.find((each) => each.left === left && each.right === right);
      return [
        `${left} ${right}`,
        of(value.calm),
        of(value.tight),
        of(value.broken),
        percent(tail?.lower ?? 0, 0),
        percent(tail?.upper ?? 0, 0),
      ];
    }),
  );
  return [
    `Correlation regimes (broken moved by ${value.brokenRepair.toFixed(2)} to be possible); judged by every pair in equal risk, charged the worst of the three`,
    ...tableLines([
      ["", ...EVIDENCE_HEAD, ""],
      ["all pairs", ...evidenceCells(evidence), warningCell(correlation)],
    ]),
    "",
    ...tableLines([["", "calm", "tight", "broken", "fall together", "rise together"], ...triples]),
    "",
  ];
}

function rulesText({ openInterestRules: rules }: ProposalDocument): string {
  if (rules === null) return "";
  return ` (fund risks ${money(rules.fundAtRisk)} a name; largest account ${percent(rules.largestAccountShare, 0)}; ${percent(rules.volumeShare, 1)} of a quiet day's volume, ${rules.daysToClose} d)`;
}

/** Millions, to three digits. */
const money = (value: number): string => `${(value / 1e6).toPrecision(3)} M`;
