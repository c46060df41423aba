import { score } from "@ballast/risk-core";
import type { BlockLosses } from "./var-blocks.js";
import type { NamedPool } from "./var-input.js";
import { tableLines } from "./text-table.js";

const LEVELS = [0.95, 0.99, 0.995] as const;

/** Tail figures of one pool, or of all together. */
export interface TailFigures {
  readonly simulated: readonly score.SimulatedTail[];
  readonly historical: readonly score.HistoricalTail[] | null;
}

/** Everything that was computed. Money of the quote; a loss is positive. */
export interface VarFigures {
  readonly pools: readonly (TailFigures & { readonly portfolio: string; readonly equity: number })[];
  /** Only where there are several pools. */
  readonly exchange: {
    /** All losses added. */
    readonly losses: TailFigures;
    /** What pools lose beyond their equity, added: what a fund would have to pay. */
    readonly shortfalls: TailFigures & { readonly mean: score.SimulatedMean };
  } | null;
}

/**
 * Figures of the losses of blocks.
 *
 * @param isQuasi    paths of a block are not independent: errors come from the spread of the blocks
 * @param historical losses on days of history, shape [pools][days]
 */
export function figuresOf(
  pools: readonly NamedPool[],
  blocks: readonly BlockLosses[],
  isQuasi: boolean,
  historical: readonly Float64Array[] | null,
): VarFigures {
  const tails = (series: readonly Float64Array[], days: Float64Array | undefined): TailFigures => {
    const joined = isQuasi ? null : score.joined(series);
    return {
      simulated: LEVELS.map((level) =>
        joined === null ? score.replicatedTail(series, level) : score.simulatedTail(joined, level),
      ),
      historical: days === undefined ? null : LEVELS.map((level) => score.historicalTail(days, level)),
    };
  };
  const equities = pools.map(({ pool }) => pool.equity);
  const together = blocks.map((losses) => score.lossesTogether(losses, equities));
  const days = historical === null ? null : score.lossesTogether(historical, equities);
  const shortfalls = together.map((each) => each.shortfalls);
  return {
    pools: pools.map(({ name, pool: { equity } }, at) => ({
      portfolio: name,
      equity,
      ...tails(
        blocks.map((losses) => losses[at] as Float64Array),
        historical?.[at],
      ),
    })),
    exchange:
      pools.length === 1
        ? null
        : {
            losses: tails(
              together.map((each) => each.losses),
              days?.losses,
            ),
            shortfalls: {
              mean: isQuasi ? score.replicatedMean(shortfalls) : score.simulatedMean(score.joined(shortfalls)),
              ...tails(shortfalls, days?.shortfalls),
            },
          },
  };
}

/** The figures as tables; the figure behind ± is one standard error. */
export function printedFigures({ exchange, pools }: VarFigures): string {
  const lines = pools.flatMap(({ equity, portfolio, ...tails }) => [
    `${portfolio}: equity ${money(equity)}`,
    ...tailLines(tails),
    "",
  ]);
  if (exchange === null) return lines.join("\n");
  const { mean, ...shortfalls } = exchange.shortfalls;
  return [
    ...lines,
    "all pools together: losses added",
    ...tailLines(exchange.losses),
    "",
    `beyond the equity of each pool, added: what a fund would have to pay, ${money(mean.mean)} ± ${money(mean.error)} on average`,
    ...tailLines(shortfalls),
    "",
  ].join("\n");
}

function tailLines({ historical, simulated }: TailFigures): readonly string[] {
  const row = (from: string, tail: score.HistoricalTail) => [
    `${from} ${(tail.level * 100).toFixed(1)} %`,
    money(tail.valueAtRisk),
    errorOf(tail.valueAtRiskError),
    money(tail.expectedShortfall),
    errorOf(tail.expectedShortfallError),
  ];
  return tableLines([
    ["", "value at risk", "", "expected shortfall", ""],
    ...simulated.map((tail) => row("simulated", tail)),
    ...(historical ?? []).map((tail) => row("history", tail)),
  ]);
}

const money = (value: number): string => value.toFixed(2);
const errorOf = (error: number | null): string => (error === null ? "too few days" : `± ${money(error)}`);
