import { buildProgramme, type ColumnFigures, type Programme, solveProgramme } from "@ballast/risk-core";
import { CELLS, type Crowd, type Holdings, MOVES, optionAsset, SHORT_OPTION_RATE } from "./crowd.f64.js";
import { optionValue, SAME, VOLATILITIES } from "./option-lines.f64.js";

/*
 * The planner's programme of one account of a replay, and the orders that its answer is.
 */

/** One order of a liquidation. `line` is an option; −1 is the perpetual of the asset. Signed units. */
export interface LiquidationOrder {
  readonly account: number;
  readonly asset: number;
  readonly line: number;
  units: number;
  /** Equity over maintenance margin of the account: the lowest are served first. */
  readonly ratio: number;
}

/** What trading costs: half a spread and fee on perpetuals, and on options a share of the premium and of spot. */
export const HALF_SPREAD = 0.00055;
export const OPTION_COST = { ofPremium: 0.04, ofSpot: 0.001 };

/** The market that a plan is made in. */
export interface PlanMarket {
  readonly marks: Float64Array;
  /** Dollars that move the price of each asset by one per cent. */
  readonly depths: Float64Array;
}

interface Planned {
  readonly programme: Programme;
  readonly lines: readonly number[];
  readonly assets: readonly number[];
}

const GUARD = 0.25;
const SEGMENTS = 8;
const COST_SHARE = 0.9;

/**
 * The cheapest orders that restore the account to `target`, or that leave the least shortfall; null when the solver has no answer.
 */
export function planAccount(
  crowd: Crowd,
  holdings: Holdings,
  account: number,
  { equity, ratio }: { readonly equity: number; readonly ratio: number },
  market: PlanMarket,
  target: number,
): readonly LiquidationOrder[] | null {
  const planned = programmeOf(crowd, holdings, account, equity, market, target);
  if (planned === null) return [];
  const { programme, lines, assets } = planned;
  let optimum = solveProgramme(programme, { cost: 1, shortfall: 0 });
  if (optimum.status !== "OPTIMAL") optimum = solveProgramme(programme, { cost: 1e-9, shortfall: 1 });
  if (optimum.status !== "OPTIMAL") return null;
  return programme.movables.flatMap(({ unitsMax, direction, column }, at): LiquidationOrder[] => {
    const share = optimum.shares[at]!;
    if (share < 1e-9) return [];
    const units = direction * (share > 1 - 1e-9 ? unitsMax : unitsMax * share);
    return [{ account, asset: assets[column]!, line: lines[column]!, units, ratio }];
  });
}

function programmeOf(
  crowd: Crowd,
  holdings: Holdings,
  account: number,
  equity: number,
  market: PlanMarket,
  target: number,
): Planned | null {
  const book = holdings.options[account] ?? null;
  const asset = book === null ? -1 : optionAsset(crowd, book);
  const columns: ColumnFigures[] = [];
  const lines: number[] = [];
  const assets: number[] = [];
  const underlyings: number[] = [];
  const add = (
    of: number,
    line: number,
    held: number,
    figures: Pick<ColumnFigures, "halfSpread" | "impact" | "charge" | "profits">,
  ) => {
    if (!underlyings.includes(of)) underlyings.push(of);
    const underlying = underlyings.indexOf(of);
    columns.push({
      ...figures,
      underlying,
      bucket: underlying,
      direction: held > 0 ? -1 : 1,
      unitsMax: Math.abs(held),
      delta: 0,
      held,
      mark: 0,
    });
    lines.push(line);
    assets.push(of);
  };
  for (let each = 0; each < crowd.assets; each++) {
    const held = holdings.units[account * crowd.assets + each]!;
    if (held !== 0 && (asset < 0 || each === asset)) add(each, -1, held, perpetual(crowd, each, market, asset >= 0));
  }
  if (book !== null && asset >= 0) {
    for (let line = 0; line < book.length; line++) {
      if (book[line] !== 0) add(asset, line, book[line]!, option(crowd, line, book[line]!, market));
    }
  }
  if (columns.length === 0) return null;
  const programme = buildProgramme({
    cells: asset < 0 ? 2 : CELLS,
    segments: SEGMENTS,
    target,
    // Perpetuals of different coins have no offset here.
    offset: 1,
    guard: asset < 0 ? 1 : GUARD,
    costShareMax: COST_SHARE,
    cash: equity,
    underlyings: underlyings.length,
    bucketRates: underlyings.map(() => 0),
    columns,
  });
  if (asset < 0) return { programme, lines, assets };
  const hedge = hedgeOf(crowd, programme, asset, market);
  if (hedge === null) return { programme, lines, assets };
  return {
    programme: { ...programme, movables: [...programme.movables, { ...hedge, column: columns.length }] },
    lines: [...lines, -1],
    assets: [...assets, asset],
  };
}

function perpetual({ marginRates, ranges }: Crowd, asset: number, { marks, depths }: PlanMarket, inGrid: boolean) {
  const mark = marks[asset]!;
  const rate = marginRates[asset]!;
  return {
    halfSpread: mark * HALF_SPREAD,
    impact: (0.5 * mark * mark * 0.01) / depths[asset]!,
    charge: 0,
    profits: inGrid
      ? Float64Array.from(
          { length: CELLS },
          (_, cell) => mark * MOVES[Math.floor(cell / VOLATILITIES)]! * ranges[asset]!,
        )
      : Float64Array.of(-mark * rate, mark * rate),
  };
}

function option({ options, opening, ranges }: Crowd, line: number, held: number, { marks }: PlanMarket) {
  const found = options[line]!;
  const price = marks[found.asset]!;
  const start = opening[found.asset]!;
  const value = optionValue(found, SAME, price, start);
  return {
    halfSpread: OPTION_COST.ofPremium * value + OPTION_COST.ofSpot * price,
    impact: 0,
    charge: held < 0 ? SHORT_OPTION_RATE * price : 0,
    profits: Float64Array.from({ length: CELLS }, (_, cell) => {
      const moved = price * (1 + MOVES[Math.floor(cell / VOLATILITIES)]! * ranges[found.asset]!);
      return optionValue(found, cell % VOLATILITIES, moved, start) - value;
    }),
  };
}

/** A hedge in the perpetual against the worst cell, unless one is held on the other side. */
function hedgeOf(crowd: Crowd, { underlyings, movables }: Programme, asset: number, market: PlanMarket) {
  const { losses } = underlyings[0]!;
  let worst = 0;
  for (let cell = 1; cell < losses.length; cell++) if (losses[cell]! > losses[worst]!) worst = cell;
  const figures = perpetual(crowd, asset, market, true);
  const profit = figures.profits[worst]!;
  if (losses[worst]! <= 0 || profit === 0) return null;
  const direction = profit > 0 ? (1 as const) : (-1 as const);
  // A reduction of the perpetual trades against it: a long is reduced by selling.
  const held = movables.find(({ impact }) => impact > 0);
  if (held !== undefined && held.direction === direction) return null;
  return { ...figures, underlying: 0, bucket: 0, direction, unitsMax: losses[worst]! / Math.abs(profit), delta: 0 };
}
