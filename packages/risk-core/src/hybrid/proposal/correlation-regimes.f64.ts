import { checkColumns, checkWhole } from "../../estimate/checked-series.f64.js";
import { nearestCorrelation } from "../../estimate/nearest-correlation.f64.js";
import { NoEstimate } from "../../estimate/no-estimate.js";
import { shrunkCorrelation } from "../../estimate/shrinkage.f64.js";
import { entry, quadraticForm, type SquareMatrix, symmetricMatrix } from "../../estimate/square-matrix.f64.js";
import { type StretchCorrelation, stretchCorrelations } from "../../estimate/stretch-correlations.f64.js";
import { tailDependence, type TailDependence } from "../../estimate/tail-dependence.f64.js";
import type { JointHistory } from "../joint-history.f64.js";
import { type Proposal, proposalOf } from "./proposal.f64.js";

/*
 * One correlation matrix is a lie about half of the days. In falls everything moves together, and what a one-way book hoped
 * to gain by spreading is gone; when one name breaks, exactly the pairs fall apart that a hedge relied on. So three are
 * proposed: how it is (calm), how it was when it was tightest, and how far each pair has ever come apart (broken).
 * Charging the worst of the three for each book gives one-way books no credit that a crash would take, and hedges no
 * more than the loosest stretch would have left them.
 */

/** Correlation matrices in the order of the assets. */
export interface CorrelationRegimes {
  readonly assets: readonly string[];
  /** Ledoit–Wolf over the last days. */
  readonly calm: SquareMatrix;
  /** Of the stretch with the highest average pair. */
  readonly tight: SquareMatrix;
  /** The lowest each pair has been over any stretch, made possible by the nearest correlation matrix. */
  readonly broken: SquareMatrix;
  /** How far the repair of the broken matrix moved it (Frobenius). */
  readonly brokenRepair: number;
  /** How often pairs crash and jump together, by the worst twentieth of days; in the order of the upper triangle. */
  readonly tails: readonly TailDependence[];
}

/** Days of the calm window and of a stretch, and how often the regimes are estimated anew in the backtest. */
const CALM_DAYS = 250;
const STRETCH_DAYS = 60;
const STEP_DAYS = 20;
const TAIL = 0.05;

/**
 * Three correlation regimes from standardised moves. The backtest takes every pair of assets long one and short the
 * other in equal risk, charges `multiple` × the largest deviation under the three regimes of the days before (estimated
 * anew every 20 days), and sets the day's worst loss among the pairs against it.
 *
 * @param multiple  of a standard deviation, as the pooled tail: what a margin charges
 *
 * @throws NoEstimate for fewer than two assets or 271 days, or a stretch in which an asset did not move.
 * @method ESTIMATE-23
 */
export function proposeCorrelationRegimes(
  { assets, days, columns }: JointHistory,
  multiple: number,
  promised: number,
): Proposal<"CORRELATION_REGIMES", CorrelationRegimes> {
  checkColumns([days, ...columns], CALM_DAYS + STEP_DAYS + 1);
  checkWhole("assets", assets.length, 2);
  const pairs = pairsOf(assets.length);
  const stretches = stretchCorrelations(columns, STRETCH_DAYS, STEP_DAYS);
  const series = { days: [] as number[], happened: [] as number[], covered: [] as number[], margins: [] as number[] };
  for (let from = CALM_DAYS; from < days.length; from += STEP_DAYS) {
    const regimes = regimesOf(columns, stretches, from);
    const charges = pairs.map((pair) => multiple * pairDeviation(regimes, pair, assets.length));
    for (let day = from; day < Math.min(from + STEP_DAYS, days.length); day += 1) {
      const ratios = pairs.map(([long, short], at) => {
        const spread = (columns[long]?.[day] as number) - (columns[short]?.[day] as number);
        return Math.abs(spread) / (charges[at] as number);
      });
      series.days.push(days[day] as number);
      series.happened.push(Math.max(...ratios));
      series.covered.push(1);
      series.margins.push(charges.reduce((sum, charge) => sum + charge, 0) / charges.length);
    }
  }
  const now = regimesOf(columns, stretches, days.length);
  const value: CorrelationRegimes = {
    assets,
    ...now,
    tails: pairs.map(([left, right]) =>
      tailDependence(columns[left] as Float64Array, columns[right] as Float64Array, TAIL),
    ),
  };
  return proposalOf("CORRELATION_REGIMES", assets.join(" "), value, series, promised);
}

type Regimes = Pick<CorrelationRegimes, "calm" | "tight" | "broken" | "brokenRepair">;
type Pair = readonly [number, number];

/** The regimes as they were known before the day `until`. */
function regimesOf(columns: readonly Float64Array[], stretches: readonly StretchCorrelation[], until: number): Regimes {
  const known = stretches.filter(({ end }) => end <= until).map(({ correlation }) => correlation);
  const [first] = known;
  if (first === undefined)
    throw new NoEstimate("SERIES_TOO_SHORT", { series: "days", needed: STRETCH_DAYS, found: until });
  const tight = known.reduce((best, next) => (averagePair(next) > averagePair(best) ? next : best));
  const lowest = symmetricMatrix(first.size, (row, column) =>
    row === column ? 1 : Math.min(...known.map((correlation) => entry(correlation, row, column))),
  );
  const { matrix: broken, distance: brokenRepair } = nearestCorrelation(lowest);
  const calm = shrunkCorrelation(columns.map((column) => column.subarray(Math.max(0, until - CALM_DAYS), until)));
  return { calm, tight, broken, brokenRepair };
}

/** Largest standard deviation of long one, short the other under the regimes. */
function pairDeviation(regimes: Regimes, [long, short]: Pair, size: number): number {
  const weights = Array.from({ length: size }, (_, asset) => (asset === long ? 1 : asset === short ? -1 : 0));
  return Math.sqrt(
    Math.max(...[regimes.calm, regimes.tight, regimes.broken].map((matrix) => quadraticForm(matrix, weights))),
  );
}

function averagePair(correlation: SquareMatrix): number {
  const pairs = pairsOf(correlation.size);
  return pairs.reduce((sum, [left, right]) => sum + entry(correlation, left, right), 0) / pairs.length;
}

function pairsOf(size: number): readonly Pair[] {
  return Array.from({ length: size }, (_, left) =>
    Array.from({ length: size - left - 1 }, (_, more): Pair => [left, left + 1 + more]),
  ).flat();
}
