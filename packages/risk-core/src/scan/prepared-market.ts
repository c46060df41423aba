import {
  type AssetId,
  assertInvariant,
  type HaircutTier,
  type Instrument,
  type InstrumentId,
  type MarginTier,
  type MarketSnapshot,
  type RiskParameters,
} from "@ballast/model";
import { Decimal, LEDGER_SCALE, USD_SCALE } from "@ballast/money";
import { decimalUnits, divideFloor, judgedSize, shiftedWords, tenTo, WORD_DIGITS, wordRow } from "./fixed-point.js";
import type { ShiftedWords, Words } from "./words.f64.js";

/*
 * One snapshot under one parameter version, as a table of whole numbers: what a contract is worth and requires, and
 * what a unit of an asset counts for, bracket by bracket. A marginal bracket is a straight line, size × slope + constant,
 * so an account costs a product and a sum for each figure, whichever bracket it is in.
 *
 * The table holds only what it can hold exactly. Prices of more than nine digits before the point, or so many digits
 * behind it that the pipeline's sixty would not carry a product, leave the row out, and accounts that need the row
 * are judged by the pipeline.
 */

/** One straight piece of a marginal table: applies to sizes up to `upTo`, null for the last piece. */
export interface Line {
  readonly upTo: Words | null;
  readonly slope: ShiftedWords;
  readonly constant: ShiftedWords;
}

/** A bracket of margin tiers over |quantity|; `upTo` is infinite where no size that is judged here is larger. */
export interface MarginLines {
  readonly upTo: number;
  readonly initialSlope: ShiftedWords;
  readonly initialConstant: ShiftedWords;
  readonly maintenanceSlope: ShiftedWords;
  readonly maintenanceConstant: ShiftedWords;
}

/** One instrument at this snapshot. Quantities count in units of 10^-(7 × quantityWords). */
export interface InstrumentRow {
  /** Index of the settlement asset in `assets`. */
  readonly settlement: number;
  readonly quantityWords: number;
  /** Linear: amount units of value for a quantity unit. */
  readonly linearValue: ShiftedWords | null;
  /** Inverse: |quantity| × numerator ÷ denominator is the value in units of 10^-18, before rounding. */
  readonly inverseNumerator: bigint;
  readonly inverseDenominator: bigint;
  readonly margin: readonly MarginLines[];
}

/** One asset at this snapshot; sizes are net amounts in amount units. */
export interface AssetRow {
  /** Dollar units for an amount unit, without haircut. */
  readonly value: ShiftedWords;
  /** What a net amount above zero counts for. */
  readonly counted: readonly Line[];
}

/** Everything about one snapshot under one parameter version that does not depend on the account. */
export interface PreparedMarket {
  readonly market: MarketSnapshot;
  readonly parameters: RiskParameters;
  readonly instruments: ReadonlyMap<InstrumentId, InstrumentRow>;
  readonly assets: readonly AssetRow[];
  readonly assetSlots: ReadonlyMap<AssetId, number>;
  /** Words of a dollar figure behind the point, and in all. */
  readonly dollarWords: number;
  readonly sums: Sums;
}

/**
 * The sums of one verdict, written over by the next: a verdict is reached in one go, and ten rows made anew for each would cost
 * more than what is added up in them.
 */
export interface Sums {
  readonly initial: Words;
  readonly maintenance: Words;
  readonly equity: Words;
  readonly netValue: Words;
  readonly equityWithoutProfit: Words;
  /** Profit of one position. */
  readonly profit: Words;
  /** Of each asset: the profits, and everything else. */
  readonly gains: readonly Words[];
  readonly losses: readonly Words[];
}

/** Amounts count in units of 10^-21: the ledger's 18 digits, filled up to whole words. */
export const AMOUNT_WORDS = 3;
/** Words of an amount in all: what an account may have is below 10^28, sums of it below 10^35. */
export const AMOUNT_LENGTH = AMOUNT_WORDS + 5;
/** Words of a dollar figure before the point: such an amount at a price below a billion. */
const DOLLAR_WORDS_BEFORE = 7;
const AMOUNT_DIGITS = AMOUNT_WORDS * WORD_DIGITS;
/** Amount units in one unit of the ledger. */
export const LEDGER_UNIT = tenTo(AMOUNT_DIGITS - LEDGER_SCALE);

/** With this many digits behind the point and prices below a billion, no product of the pipeline passes sixty digits. */
const DIGITS_MAX = 31;
const PRICE_MAX = new Decimal("1e9");
/** A mark of this many digits keeps the pipeline's division away from a false tie (see `divideHalfEven`). */
const MARK_DIGITS_MAX = 20;

/**
 * Prepares a snapshot for judging many accounts.
 *
 * Cost: some microseconds for each tier of each instrument and asset, once a snapshot.
 *
 * @method MARGIN-7
 */
export function prepareMarket(market: MarketSnapshot, parameters: RiskParameters): PreparedMarket {
  const digits = dollarDigits(market, parameters);
  const assets: AssetRow[] = [];
  const assetSlots = new Map<AssetId, number>();
  for (const [asset, index] of market.indexPrices) {
    const row = assetRow(index, parameters.haircuts.get(asset), digits);
    if (row === null) continue;
    assetSlots.set(asset, assets.length);
    assets.push(row);
  }
  const instruments = new Map<InstrumentId, InstrumentRow>();
  for (const instrument of parameters.instruments.values()) {
    const row = instrumentRow(instrument, market, parameters, assetSlots, digits);
    if (row !== null) instruments.set(instrument.id, row);
  }
  const dollarWords = digits / WORD_DIGITS;
  const sums = sumsOf(dollarWords + DOLLAR_WORDS_BEFORE, assets.length);
  return { market, parameters, instruments, assets, assetSlots, dollarWords, sums };
}

function sumsOf(dollarLength: number, assets: number): Sums {
  const dollars = () => new Float64Array(dollarLength);
  const amounts = () => new Float64Array(AMOUNT_LENGTH);
  return {
    initial: dollars(),
    maintenance: dollars(),
    equity: dollars(),
    netValue: dollars(),
    equityWithoutProfit: dollars(),
    profit: amounts(),
    gains: Array.from({ length: assets }, amounts),
    losses: Array.from({ length: assets }, amounts),
  };
}

/** Digits behind the point of a dollar unit: whole words, enough for every product and constant of the table. */
function dollarDigits({ indexPrices, markPrices }: MarketSnapshot, parameters: RiskParameters): number {
  const { instruments, haircuts, marginTiers } = parameters;
  const price = Math.max(0, ...[...indexPrices.values()].map((value) => value.decimalPlaces()));
  const mark = Math.max(0, ...[...markPrices.values()].map((value) => value.decimalPlaces()));
  const size = Math.max(0, ...[...instruments.values()].map(({ contractSize }) => contractSize.decimalPlaces()));
  const lot = Math.max(0, ...[...instruments.values()].map(quantityWordsOf)) * WORD_DIGITS;
  const rates = Math.max(0, ...[...haircuts.values(), ...marginTiers.values()].map(deepestOf));
  const enough = Math.max(AMOUNT_DIGITS + price, lot + size + mark + price, rates, USD_SCALE) + rates;
  return Math.ceil(enough / WORD_DIGITS) * WORD_DIGITS;
}

function assetRow(index: Decimal, tiers: readonly HaircutTier[] | undefined, digits: number): AssetRow | null {
  const places = LEDGER_SCALE + index.decimalPlaces() + deepestOf(tiers ?? []);
  if (!isPlain(index) || places > DIGITS_MAX) return null;
  const value = units(index, digits - AMOUNT_DIGITS);
  const one = new Decimal(1);
  const lines = marginalLines(tiers ?? [], ({ haircut }) => one.sub(haircut));
  return {
    value: shiftedWords(value),
    counted: lines.map(({ next, slope, constant }) => ({
      upTo: next === null ? null : wordRow(divideFloor(units(next, digits), value)),
      slope: shiftedWords(units(index.mul(slope), digits - AMOUNT_DIGITS)),
      constant: shiftedWords(units(constant, digits)),
    })),
  };
}

function instrumentRow(
  instrument: Instrument,
  { markPrices, indexPrices }: MarketSnapshot,
  { marginTiers }: RiskParameters,
  assetSlots: ReadonlyMap<AssetId, number>,
  digits: number,
): InstrumentRow | null {
  const mark = markPrices.get(instrument.id);
  const index = indexPrices.get(instrument.settlementAsset);
  const settlement = assetSlots.get(instrument.settlementAsset);
  const tiers = marginTiers.get(instrument.id);
  if (mark === undefined || index === undefined || settlement === undefined || tiers === undefined) return null;
  const { contractSize, payoff } = instrument;
  const quantityWords = quantityWordsOf(instrument);
  const quantityDigits = quantityWords * WORD_DIGITS;
  const valueDigits = quantityDigits + contractSize.decimalPlaces() + mark.decimalPlaces();
  const perContract = payoff === "inverse" ? contractSize : contractSize.mul(mark).mul(index);
  const places = quantityDigits + perContract.decimalPlaces() + deepestOf(tiers);
  const isExact =
    payoff === "inverse"
      ? mark.precision() <= MARK_DIGITS_MAX
      : valueDigits <= LEDGER_SCALE && isPlain(contractSize.mul(mark));
  if (!isExact || !isPlain(mark) || !isPlain(perContract) || places > DIGITS_MAX) return null;
  const notional = units(perContract, digits - quantityDigits);
  const numerator = units(contractSize, LEDGER_SCALE) * tenTo(LEDGER_SCALE);
  const denominator = units(mark, LEDGER_SCALE) * tenTo(quantityDigits);
  const common = greatestCommonDivisor(numerator, denominator);
  const initial = marginalLines(tiers, (tier) => tier.initialRate);
  const maintenance = marginalLines(tiers, (tier) => tier.maintenanceRate);
  return {
    settlement,
    quantityWords,
    linearValue:
      payoff === "linear" ? shiftedWords(units(contractSize.mul(mark), AMOUNT_DIGITS - quantityDigits)) : null,
    inverseNumerator: numerator / common,
    inverseDenominator: denominator / common,
    margin: initial.map(({ next, slope, constant }, at) => ({
      upTo: next === null ? Number.POSITIVE_INFINITY : judgedSize(divideFloor(units(next, digits), notional)),
      initialSlope: shiftedWords(units(perContract.mul(slope), digits - quantityDigits)),
      initialConstant: shiftedWords(units(constant, digits)),
      maintenanceSlope: shiftedWords(units(perContract.mul(maintenance[at]?.slope ?? 0), digits - quantityDigits)),
      maintenanceConstant: shiftedWords(units(maintenance[at]?.constant ?? new Decimal(0), digits)),
    })),
  };
}

/** A marginal table as lines: the sum over tiers up to a size is `size × slope + constant` in the tier of the size. */
function marginalLines<Tier extends HaircutTier | MarginTier>(tiers: readonly Tier[], rateOf: (tier: Tier) => Decimal) {
  let constant = new Decimal(0);
  let before = new Decimal(0);
  return tiers.map((tier, at) => {
    const slope = rateOf(tier);
    constant = constant.add(tier.from.mul(before.sub(slope)));
    before = slope;
    return { next: tiers[at + 1]?.from ?? null, slope, constant };
  });
}

/** The largest number of digits behind the point in a table of tiers. */
function deepestOf(tiers: readonly (HaircutTier | MarginTier)[]): number {
  return Math.max(
    0,
    ...tiers.flatMap((tier) => (Object.values(tier) as Decimal[]).map((value) => value.decimalPlaces())),
  );
}

/** Words behind the point in which whole lots of the instrument are whole numbers. */
function quantityWordsOf({ lotSize }: Instrument): number {
  return Math.ceil(lotSize.decimalPlaces() / WORD_DIGITS);
}

function isPlain(found: Decimal): boolean {
  return found.isFinite() && found.gt(0) && found.lt(PRICE_MAX);
}

/** A figure of the table in units of 10^-digits. @throws InvariantViolation when `dollarDigits` counted too few. */
function units(value: Decimal, digits: number): bigint {
  const found = decimalUnits(value, digits);
  assertInvariant(found !== null, "MARGIN-7 the table is exact", { value: value.toFixed(), digits });
  return found;
}

function greatestCommonDivisor(left: bigint, right: bigint): bigint {
  let [larger, smaller] = [left, right];
  while (smaller > 0n) [larger, smaller] = [smaller, larger % smaller];
  return larger;
}
