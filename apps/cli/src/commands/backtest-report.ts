import type { HistoryFinding } from "@ballast/risk-core";
import { dateOf } from "../market-history/csv-table.f64.js";
import { DAY_S } from "../market-history/daily-candles.f64.js";
import { BAD_ABOVE, type BacktestFigures, type ScoreFigures, type TotalFigures } from "./backtest-figures.js";
import type { HorizonTotal } from "./backtest-horizons.js";
import { tableLines } from "./text-table.js";

/** The figures as tables for people. */
export function printFigures(figures: BacktestFigures): string {
  return [
    `Judged ${figures.from} to ${figures.to}; every model promises ${percent(1 - figures.promised, 1)} a day and knows only the days before.`,
    `Margins: assets as the mean of long and short rate, books as a share of gross. Bad: more than ${BAD_ABOVE} exceptions in some 250 days.`,
    "",
    ...historyLines(figures),
    ...assetTotals(figures),
    ...assetTables(figures),
    ...bookTables(figures),
    ...horizonTables(figures),
    "",
  ].join("\n");
}

function historyLines({ histories }: BacktestFigures): string[] {
  const told = histories.filter(({ findings }) => findings.length > 0);
  if (told.length === 0) return ["History: no day is missing, halted or broken.", ""];
  return [
    "History, as it was found (nothing was filled; a move over missing days counts as one day):",
    ...told.flatMap(({ asset, findings }) => findings.map((finding) => `  ${asset}: ${sentenceOf(finding)}`)),
    "",
  ];
}

function sentenceOf(finding: HistoryFinding): string {
  const day = (seconds: number): string => dateOf(Math.floor(seconds / DAY_S));
  const days = (count: number): string => (count === 1 ? "1 day" : `${count} days`);
  switch (finding.kind) {
    case "MISSING":
      return `${days(finding.intervals)} missing after ${day(finding.afterS)}`;
    case "HALTED":
      return `${days(finding.intervals)} at one price from ${day(finding.fromS)}`;
    case "WIDE_GAP":
      return `opened ${percent(Math.expm1(finding.logGap), 1)} from the last close on ${day(finding.atS)}`;
    case "BROKEN":
      return `a candle of ${day(finding.atS)} was left out: ${finding.because}`;
    case "OUT_OF_ORDER":
      return `a candle of ${day(finding.atS)} after ${day(finding.afterS)} was left out`;
  }
}

const TOTAL_HEAD = [
  "exceptions",
  "expected",
  "coverage",
  "lowest",
  "bad",
  "windows ok/many/few",
  "worst year",
  "mean margin",
];
const SWING_HEAD = ["peak/trough", "largest rise"];

function totalCells(total: TotalFigures): string[] {
  const { ACCEPTED, TOO_MANY, TOO_FEW } = total.verdicts;
  return [
    String(total.exceptions),
    total.expected.toFixed(0),
    percent(total.coverage, 2),
    percent(total.lowestCoverage, 2),
    String(total.bad),
    `${ACCEPTED}/${TOO_MANY}/${TOO_FEW}`,
    yearCell(total.worstYear),
    percent(total.meanMargin, 1),
  ];
}

const swingCells = ({ peakToTrough, largestRise }: TotalFigures | ScoreFigures): string[] => [
  peakToTrough.toFixed(2),
  `+${percent(largestRise, 0)}`,
];

function assetTotals({ models }: BacktestFigures): string[] {
  const rows = models.map(({ model, total }) => [
    model,
    ...totalCells(total),
    percent(total.meanMarginAtEqualSafety, 1),
    ...swingCells(total),
  ]);
  return ["All assets", ...tableLines([["", ...TOTAL_HEAD, "at equal safety", ...SWING_HEAD], ...rows]), ""];
}

/** One table per asset, the models side by side. */
function assetTables({ models }: BacktestFigures): string[] {
  const assets = [...new Set(models.flatMap(({ assets }) => Object.keys(assets)))];
  const head = [
    "",
    "days",
    "exceptions",
    "coverage",
    "Kupiec",
    "in 250",
    "windows",
    "worst year",
    "mean margin",
    "lowest .. highest",
    ...SWING_HEAD,
  ];
  return assets.flatMap((asset) => {
    const rows = models.flatMap(({ model, assets: own }) => {
      const score = own[asset];
      return score === undefined ? [] : [[model, ...scoreCells(score)]];
    });
    return [asset, ...tableLines([head, ...rows]), ""];
  });
}

function scoreCells(score: ScoreFigures): string[] {
  return [
    String(score.days),
    String(score.exceptions),
    percent(score.coverage, 2),
    VERDICT_WORDS[score.kupiec],
    String(score.worstWindow),
    windowCell(score),
    yearCell(score.worstYear),
    percent(score.meanMargin, 1),
    `${percent(score.lowestMargin, 0)} .. ${percent(score.highestMargin, 0)}`,
    ...swingCells(score),
  ];
}

/** Verdicts of Kupiec's test as they are printed. */
export const VERDICT_WORDS = { ACCEPTED: "accepted", TOO_MANY: "too many", TOO_FEW: "too few" } as const;

/** One sign per stretch of 250 days: `.` accepted, `+` too many exceptions, `-` too few. */
export const windowCell = ({ windows }: ScoreFigures): string =>
  windows.map(({ verdict }) => ({ ACCEPTED: ".", TOO_MANY: "+", TOO_FEW: "-" })[verdict]).join("");

/** The worst year as it is printed. */
export const yearCell = ({ year, exceptions, days }: ScoreFigures["worstYear"]): string =>
  exceptions === 0 ? "none" : `${year}: ${exceptions} of ${days}`;

function bookTables({ books, bookSeed }: BacktestFigures): string[] {
  if (books.length === 0) return [];
  const classes = [...new Set(books.map((row) => row.class))];
  return [
    `Books with weights restored every day; neutral and mixed ones are drawn from the seed ${JSON.stringify(bookSeed)}.`,
    "",
    ...classes.flatMap((name) => {
      const rows = books.filter((row) => row.class === name);
      const members = rows[0]?.total.members ?? 0;
      return [
        `${name} (${members} books)`,
        ...tableLines([
          ["", ...TOTAL_HEAD, "saved", ...SWING_HEAD, "binding view"],
          ...rows.map(({ model, total, saved, binding }) => [
            model,
            ...totalCells(total),
            saved === undefined ? "" : percent(saved, 0),
            ...swingCells(total),
            binding === undefined ? "" : bindingCell(binding),
          ]),
        ]),
        "",
      ];
    }),
  ];
}

function bindingCell(binding: Readonly<Record<string, number>>): string {
  return Object.entries(binding)
    .filter(([, share]) => share >= 0.005)
    .sort(([, left], [, right]) => right - left)
    .map(([view, share]) => `${view.toLowerCase().replaceAll("_", " ")} ${percent(share, 0)}`)
    .join(", ");
}

function horizonTables({ horizons }: BacktestFigures): string[] {
  if (horizons === undefined) return [];
  const cells = (totals: readonly HorizonTotal[]): string[] =>
    totals.map(({ starts, exceptions }) => `${percent(1 - exceptions / starts, 2)} (${exceptions} of ${starts})`);
  const rows = (totals: readonly HorizonTotal[]): string[][] =>
    totals.map(({ hours }, at) => [`${hours} h`, cells(totals)[at] as string]);
  return [
    "ballast-hybrid over other horizons, every hour of the judged days as a start: assets",
    ...tableLines(rows(horizons.assets)),
    "",
    ...Object.entries(horizons.books).flatMap(([name, totals]) => [
      `${name} books`,
      ...tableLines(rows(totals ?? [])),
      "",
    ]),
  ];
}

/** A share as a percentage of so many places. */
export const percent = (share: number, places: number): string => `${(share * 100).toFixed(places)} %`;
