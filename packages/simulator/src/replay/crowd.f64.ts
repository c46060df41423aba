import { type Random, randomOf } from "../random.js";
import type { EventPath } from "./event-window.f64.js";
import { listOptions, type OptionLine, optionValue, SAME, VOLATILITIES } from "./option-lines.f64.js";

/*
 * Who holds what when the crash begins, and what each of them needs.
 *
 * Two thousand accounts with Pareto sizes (exponent 1.16, cut at 200 times the least): 70 per cent directional in one to three
 * perpetuals, 62 per cent of those long; 12 per cent long one coin and short another; 13 per cent option sellers, 5 per cent
 * option buyers with a perpetual. Equity over maintenance margin is log-normal around 4. The rest of every perpetual lies
 * with makers who have capital enough not to fail.
 *
 * Maintenance margin of an account of perpetuals is a share of each position; of an account with options it is the worst of 33
 * cells (11 moves, three volatilities) plus 0.3 per cent of spot for each short option.
 */

/** Everything that does not change in a replay. */
export interface Crowd {
  readonly path: EventPath;
  readonly accounts: number;
  readonly assets: number;
  readonly opening: readonly number[];
  /** Maintenance margin of a perpetual, a share of its notional, and the range of the option grid. */
  readonly marginRates: readonly number[];
  readonly ranges: readonly number[];
  readonly options: readonly OptionLine[];
  readonly founding: Holdings;
  /** What makers hold of each perpetual, signed units. */
  readonly makerUnits: Float64Array;
  /** Dollars of long open interest by asset, and in all. */
  readonly openInterest: readonly number[];
  readonly openInterestTotal: number;
}

/** What accounts hold. Perpetuals row by row [account × asset]; options only where an account has any. */
export interface Holdings {
  readonly cash: Float64Array;
  readonly units: Float64Array;
  readonly options: readonly (Float64Array | null)[];
}

/** The figures of one account. */
export interface AccountFigures {
  readonly equity: number;
  readonly maintenance: number;
}

export const MOVES: readonly number[] = Array.from({ length: 11 }, (_, at) => (at - 5) / 5);
export const CELLS = MOVES.length * VOLATILITIES;
/** What a short option is charged, a share of spot. */
export const SHORT_OPTION_RATE = 0.003;

const LEVERAGE_MEDIAN = 4;
const LEVERAGE_SIGMA = 0.55;
const LEAST_RATIO = 1.15;
const WEALTH_EXPONENT = 1.16;
const WEALTH_CAP = 200;
const LEAST_NOTIONAL = 20_000;
const ASSET_WEIGHTS = [0.45, 0.25, 0.12, 0.1, 0.08];

/** The accounts of a seed on the path of an event. The same seed gives the same accounts. */
export function foundCrowd(path: EventPath, seed: number, accounts: number): Crowd {
  const random = randomOf(`${seed}/replay/crowd`);
  const assets = path.assets.length;
  const opening = path.prices.map((prices) => prices[0]!);
  const options = listOptions(opening);
  const units = new Float64Array(accounts * assets);
  const books: (Float64Array | null)[] = Array.from({ length: accounts }, () => null);
  for (let account = 0; account < accounts; account++) {
    drawPositions(random, { account, assets, opening, options, units, books });
  }
  const cash = new Float64Array(accounts);
  const crowd = {
    path,
    accounts,
    assets,
    opening,
    marginRates: opening.map((_, asset) => [0.062, 0.072][asset] ?? 0.1 + 0.01 * (asset - 2)),
    ranges: opening.map((_, asset) => [0.16, 0.18][asset] ?? 0.24),
    options,
    founding: { cash, units, options: books },
    makerUnits: opening.map((_, asset) => -sumOver(accounts, (at) => units[at * assets + asset]!)),
  };
  const openInterest = opening.map(
    (price, asset) =>
      price *
      (sumOver(accounts, (at) => Math.max(0, units[at * assets + asset]!)) + Math.max(0, crowd.makerUnits[asset]!)),
  );
  const founded: Crowd = {
    ...crowd,
    makerUnits: Float64Array.from(crowd.makerUnits),
    openInterest,
    openInterestTotal: openInterest.reduce((sum, each) => sum + each, 0),
  };
  const marks = Float64Array.from(opening);
  for (let account = 0; account < accounts; account++) {
    const { equity, maintenance } = figuresOf(founded, founded.founding, account, marks);
    const ratio = Math.max(LEAST_RATIO, LEVERAGE_MEDIAN * Math.exp(LEVERAGE_SIGMA * normal(random)));
    cash[account] = maintenance * ratio - equity;
  }
  return founded;
}

interface Drawing {
  readonly account: number;
  readonly assets: number;
  readonly opening: readonly number[];
  readonly options: readonly OptionLine[];
  readonly units: Float64Array;
  readonly books: (Float64Array | null)[];
}

function drawPositions(random: Random, drawing: Drawing): void {
  const { account, assets, opening, options, units, books } = drawing;
  const size = LEAST_NOTIONAL * (1 - uniform(random) * (1 - WEALTH_CAP ** -WEALTH_EXPONENT)) ** (-1 / WEALTH_EXPONENT);
  const hold = (asset: number, dollars: number) => {
    units[account * assets + asset]! += dollars / opening[asset]!;
  };
  const style = uniform(random);
  if (style < 0.7) {
    const count = 1 + Math.floor(uniform(random) * 3);
    const side = uniform(random) < 0.62 ? 1 : -1;
    for (let each = 0; each < count; each++) hold(drawAsset(random), (side * size) / count);
    return;
  }
  if (style < 0.82) {
    const long = drawAsset(random);
    let short = drawAsset(random);
    while (short === long) short = drawAsset(random);
    hold(long, size / 2);
    hold(short, -size / 2);
    return;
  }
  const asset = uniform(random) < 0.6 ? 0 : 1;
  const book = new Float64Array(options.length);
  books[account] = book;
  const own = [...options.keys()].filter((line) => options[line]!.asset === asset);
  const draw = () => own[Math.floor(uniform(random) * own.length)]!;
  const contracts = size / opening[asset]!;
  if (style < 0.95) {
    const sold = 1 + Math.floor(uniform(random) * 3);
    for (let each = 0; each < sold; each++) book[draw()]! -= contracts / sold;
    if (uniform(random) < 0.5) book[draw()]! += contracts / sold;
    if (uniform(random) < 0.4) hold(asset, (uniform(random) < 0.5 ? 1 : -1) * 0.3 * size);
  } else {
    book[draw()]! += contracts;
    hold(asset, (uniform(random) < 0.62 ? 0.5 : -0.5) * size);
  }
}

function drawAsset(random: Random): number {
  let left = uniform(random);
  for (const [asset, weight] of ASSET_WEIGHTS.entries()) {
    left -= weight;
    if (left < 0) return asset;
  }
  return 0;
}

const uniform = (random: Random): number => (random.uint32() + 0.5) / 4_294_967_296;
const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(uniform(random))) * Math.cos(2 * Math.PI * uniform(random));

function sumOver(count: number, value: (at: number) => number): number {
  let sum = 0;
  for (let at = 0; at < count; at++) sum += value(at);
  return sum;
}

const cellBuffer = new Float64Array(CELLS);
// Taken once: looked up in the innermost loops of a replay, a global costs more than the arithmetic.
const { abs, max } = Math;
/** The move of each cell. */
const CELL_MOVES = Float64Array.from({ length: CELLS }, (_, cell) => MOVES[Math.floor(cell / VOLATILITIES)]!);

/** Equity and maintenance margin of one account at these marks. */
export function figuresOf(crowd: Crowd, holdings: Holdings, account: number, marks: Float64Array): AccountFigures {
  const { assets, marginRates } = crowd;
  const book = holdings.options[account] ?? null;
  let equity = holdings.cash[account]!;
  let maintenance = 0;
  const asset = book === null ? -1 : optionAsset(crowd, book);
  for (let each = 0; each < assets; each++) {
    const exposure = holdings.units[account * assets + each]! * marks[each]!;
    equity += exposure;
    if (asset < 0) maintenance += abs(exposure) * marginRates[each]!;
  }
  if (book === null || asset < 0) return { equity, maintenance };
  const price = marks[asset]!;
  const opening = crowd.opening[asset]!;
  let charge = 0;
  const losses = cellBuffer;
  const exposure = holdings.units[account * assets + asset]! * price;
  for (let cell = 0; cell < CELLS; cell++) {
    losses[cell] = -exposure * CELL_MOVES[cell]! * crowd.ranges[asset]!;
  }
  for (let line = 0; line < book.length; line++) {
    const held = book[line]!;
    if (held === 0) continue;
    const option = crowd.options[line]!;
    const value = optionValue(option, SAME, price, opening);
    equity += held * value;
    if (held < 0) charge -= held * SHORT_OPTION_RATE * price;
    for (let cell = 0; cell < CELLS; cell++) {
      const moved = price * (1 + CELL_MOVES[cell]! * crowd.ranges[asset]!);
      losses[cell]! -= held * (optionValue(option, cell % VOLATILITIES, moved, opening) - value);
    }
  }
  let worst = 0;
  for (let cell = 0; cell < CELLS; cell++) worst = max(worst, losses[cell]!);
  return { equity, maintenance: worst + charge };
}

/** The underlying of an account's options, which is one; −1 when it holds none any more. */
export function optionAsset({ options }: Crowd, book: Float64Array): number {
  for (let line = 0; line < book.length; line++) if (book[line] !== 0) return options[line]!.asset;
  return -1;
}

/** Does the account hold anything? */
export function holdsAnything({ assets }: Crowd, { units, options }: Holdings, account: number): boolean {
  for (let asset = 0; asset < assets; asset++) if (units[account * assets + asset] !== 0) return true;
  return options[account]?.some((held) => held !== 0) ?? false;
}
