import type { UtcMillis } from "@ballast/model";
import { parseDecimal, type Price } from "@ballast/money";
import type { Population } from "@ballast/simulator";
import { count, dollars, figure } from "./figures.js";

export interface HourReport {
  readonly startsAt: UtcMillis;
  /** From 1. */
  readonly hour: number;
  readonly hours: number;
  readonly bitcoin: Price | null;
  /** Assets whose price is the last good one. */
  readonly frozen: readonly string[];
  readonly inMarginCall: number;
  /** Cases opened so far. */
  readonly liquidations: number;
  /** Decimal text; null when the house has not valued the fund. */
  readonly fundValue: string | null;
}

/** What a person sees while the job runs. */
export interface Progress {
  say(line: string): void;
  opening(what: string, done: number, all: number): void;
  opened(population: Population): void;
  tick(hour: number, hours: number, tick: number): void;
  hour(report: HourReport): void;
}

export interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const BAR_CELLS = 24;
const ERASE_LINE = "\r\u001b[2K";

/**
 * Writes one line an hour. On a terminal the line of the moment is drawn again and again below the finished ones; where
 * the output is kept in a file, only finished lines are written.
 */
export function progressOn(screen: Screen): Progress {
  const redraws = screen.isTTY === true;
  const say = (line: string) => screen.write(`${redraws ? ERASE_LINE : ""}${line}\n`);
  const draw = (line: string) => {
    if (redraws) screen.write(`${ERASE_LINE}${line}`);
  };
  return {
    say,
    opening: (what, done, all) => {
      const line = `  ${bar(done, all)} ${what} ${count(done)} of ${count(all)}`;
      if (done === all) say(line);
      else draw(line);
    },
    opened: (population) => {
      const makers = population.accounts.filter((account) => account.kind === "MARKET_MAKER").length;
      const accounts = `${count(population.accounts.length)} accounts, ${makers} of them market makers`;
      say(`  ${accounts}; open interest ${dollars(population.openInterest)}`);
    },
    tick: (hour, hours, tick) =>
      draw(`  ${bar(hour - 1 + tick / 3, hours)} hour ${hour} of ${hours}, tick ${tick + 1}`),
    hour: (report) => say(`  ${hourLine(report)}`),
  };
}

/** One hour in one line: when, how far, the BTC mark, who is called, what was liquidated so far, the fund. */
export function hourLine(report: HourReport): string {
  const at = new Date(report.startsAt).toISOString();
  return [
    `${at.slice(5, 10)} ${at.slice(11, 16)}`,
    bar(report.hour, report.hours),
    `BTC ${(report.bitcoin === null ? "?" : figure(report.bitcoin, 2)).padStart(9)}`,
    `margin call ${count(report.inMarginCall).padStart(5)}`,
    `liquidations ${count(report.liquidations).padStart(5)}`,
    `fund ${(report.fundValue === null ? "?" : dollars(parseDecimal(report.fundValue))).padStart(11)}`,
    ...(report.frozen.length === 0 ? [] : [`FROZEN ${report.frozen.join(", ")}`]),
  ].join("  ");
}

function bar(done: number, all: number): string {
  const full = all === 0 ? BAR_CELLS : Math.round((done / all) * BAR_CELLS);
  return `[${"#".repeat(full)}${".".repeat(BAR_CELLS - full)}]`;
}
