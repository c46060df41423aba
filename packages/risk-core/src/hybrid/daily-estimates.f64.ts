import { matrixRows } from "../estimate/square-matrix.f64.js";
import { haircutOf, type PegPart } from "./haircut.f64.js";
import { calmCorrelation, jointHistory } from "./joint-history.f64.js";
import { horizonLogRate, longRate } from "./rate.f64.js";
import type { RateStream } from "./rate-stream.f64.js";
import type { BookRecipe } from "./recipe.js";

/** What one day's margins are made of, as plain values: published, and enough to compute every margin of the day again. */
export interface DailyEstimates {
  /** The day the estimates are meant to cover, YYYY-MM-DD; they come from the days before it. */
  readonly day: string;
  readonly underlyings: Readonly<
    Record<string, { readonly logRate: number; readonly width: number; readonly moves: readonly number[] }>
  >;
  readonly correlation: {
    readonly underlyings: readonly string[];
    readonly rows: readonly (readonly number[])[];
  } | null;
  /** By collateral asset, peg part included. */
  readonly haircuts: {
    readonly initial: Readonly<Record<string, number>>;
    readonly maintenance: Readonly<Record<string, number>>;
  };
  /** Underlyings that were asked for and have no rate yet. */
  readonly withoutRate: readonly string[];
}

/** One kind of collateral. */
export interface CollateralKind {
  /** Whose rate it bears; null for money. */
  readonly underlying: string | null;
  readonly peg: PegPart;
  /** Its value rests on the venue, its affiliates or an algorithm: it counts for nothing (HYBRID-24). */
  readonly restsOnVenue: boolean;
}

const MAINTENANCE_HOURS = 8;
const DAY_MS = 86_400_000;

/**
 * The estimates that cover `day`, from everything the stream observed before it: published rates, widths, joint days (the
 * same for all underlyings that have a rate), calm correlation, haircuts. Collateral on an underlying without a rate is
 * not counted at all: its haircut is one.
 *
 * @throws NoEstimate for a day that is not after those observed.
 * @method HYBRID-7 HYBRID-12 HYBRID-16 HYBRID-22 HYBRID-24
 */
export function dailyEstimates(
  stream: RateStream,
  day: number,
  underlyings: readonly string[],
  collateral: Readonly<Record<string, CollateralKind>>,
  recipe: BookRecipe,
): DailyEstimates {
  const { rates } = stream.ratesFor(day);
  const rated = underlyings.flatMap((underlying) => rates.get(underlying) ?? []);
  const joint =
    rated.length === 0
      ? undefined
      : jointHistory(
          rated.map(({ asset }) => asset),
          stream.standardised,
        );
  const correlation = joint === undefined ? undefined : calmCorrelation(joint, recipe);
  const haircutsOver = (hours: number, horizon: keyof PegPart): Record<string, number> =>
    Object.fromEntries(
      Object.entries(collateral).map(([asset, { underlying, peg, restsOnVenue }]) => {
        if (restsOnVenue) return [asset, 1];
        if (underlying === null) return [asset, haircutOf(0, peg[horizon])];
        const rate = rates.get(underlying);
        const base = rate === undefined ? 1 : longRate(horizonLogRate(rate.limitedLogRate, hours));
        return [asset, haircutOf(base, peg[horizon])];
      }),
    );
  return {
    day: new Date(day * DAY_MS).toISOString().slice(0, 10),
    underlyings: Object.fromEntries(
      rated.map(({ asset, limitedLogRate, width }, at) => [
        asset,
        { logRate: limitedLogRate, width, moves: [...(joint?.columns[at] ?? [])] },
      ]),
    ),
    correlation:
      correlation === undefined
        ? null
        : { underlyings: rated.map(({ asset }) => asset), rows: matrixRows(correlation) },
    haircuts: { initial: haircutsOver(24, "initial"), maintenance: haircutsOver(MAINTENANCE_HOURS, "maintenance") },
    withoutRate: underlyings.filter((underlying) => !rates.has(underlying)),
  };
}
