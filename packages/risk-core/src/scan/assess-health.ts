import type {
  Account,
  AccountHealth,
  MarginSummary,
  MarketSnapshot,
  PortfolioMarginParameters,
  RiskParameters,
} from "@ballast/model";
import { roundAsset, type Usd } from "@ballast/money";
import { valueCollateral } from "../collateral/equity.js";
import { healthState } from "../decision/health.js";
import { summarise } from "../margin/summary.js";
import { assessAccount } from "../pipeline.js";
import { inPortfolio, portfolioParametersOf, portfolioRequirement } from "../portfolio-account/portfolio-margin.js";
import { markPositions } from "../position/marked-position.js";
import { addDecimal, divideHalfEven, shiftedWords, usdFromWords, wordSize } from "./fixed-point.js";
import {
  AMOUNT_WORDS,
  type AssetRow,
  type InstrumentRow,
  LEDGER_UNIT,
  type MarginLines,
  type PreparedMarket,
  prepareMarket,
} from "./prepared-market.js";
import {
  addProduct,
  addRow,
  addTimes,
  addWords,
  carry,
  isAtMost,
  isNegative,
  isZero,
  PRODUCTS_MAX,
  type ShiftedWords,
  WORD,
  type Words,
} from "./words.f64.js";

/*
 * The verdict of the pipeline for whoever needs it of thousands of accounts at once: the same five figures and the same
 * state, digit for digit, without the breakdown. The chapters are the pipeline's; only the numbers are whole ones
 * (`fixed-point.ts`) and what does not depend on the account is in a table (`prepared-market.ts`).
 */

/**
 * State and figures of one account, exactly those of `assessAccount`. The table of the snapshot is prepared once and
 * remembered for as long as the snapshot itself is.
 *
 * @throws MissingPrice when the snapshot lacks a price that the account needs.
 * @method MARGIN-7
 */
export function assessHealth(account: Account, market: MarketSnapshot, parameters: RiskParameters): AccountHealth {
  const remembered = tables.get(market);
  if (remembered?.parameters === parameters) return assessPrepared(account, remembered);
  const prepared = prepareMarket(market, parameters);
  tables.set(market, prepared);
  return assessPrepared(account, prepared);
}

/** The last table of each living snapshot: a memory of results, not a state anybody can see. */
const tables = new WeakMap<MarketSnapshot, PreparedMarket>();

/**
 * State and figures of one account at a prepared snapshot, exactly those of `assessAccount`.
 *
 * Cost: some 6 to 10 µs for ten positions (`bench/exact-accounts.bench.mjs`). Accounts that the table cannot hold exactly, a
 * missing price among the reasons, are judged by the pipeline, at some 100 µs; a portfolio account costs a scan, a millisecond or two.
 *
 * @throws MissingPrice when the snapshot lacks a price that the account needs.
 * @method MARGIN-7
 */
export function assessPrepared(account: Account, prepared: PreparedMarket): AccountHealth {
  const rules = portfolioParametersOf(account, prepared.parameters);
  const summary = rules === null ? exactSummary(account, prepared) : portfolioSummary(account, prepared, rules);
  if (summary !== null) return { state: healthState(account.kind, summary), summary };
  const assessed = assessAccount(account, prepared.market, prepared.parameters);
  return { state: assessed.state, summary: assessed.summary };
}

/**
 * Net value of one account at a prepared snapshot, exactly that of `assessAccount`; of a portfolio account without a scan, because
 * no model decides what it is worth.
 *
 * @throws MissingPrice when the snapshot lacks a price that the account needs.
 * @method COLLATERAL-6
 */
export function netValuePrepared(account: Account, prepared: PreparedMarket): Usd {
  const { market, parameters } = prepared;
  const rules = portfolioParametersOf(account, parameters);
  if (rules === null) return assessPrepared(account, prepared).summary.netValue;
  return roundAsset(
    valueCollateral(account, markPositions(account, market, parameters), market, inPortfolio(rules)).netValue,
  );
}

/** The figures of a portfolio account: one scan, in the columns of the snapshot, without the breakdown. */
function portfolioSummary(
  account: Account,
  { market, parameters }: PreparedMarket,
  rules: PortfolioMarginParameters,
): MarginSummary {
  const marked = markPositions(account, market, parameters);
  const collateral = valueCollateral(account, marked, market, inPortfolio(rules));
  return summarise({ ...collateral, ...portfolioRequirement(marked, collateral, market, parameters, rules) });
}

/** The figures in whole numbers, rounded once at the end; null when a number or a price is not in the table. */
function exactSummary(account: Account, prepared: PreparedMarket): MarginSummary | null {
  const { instruments, assets, assetSlots, dollarWords, sums } = prepared;
  const { initial, maintenance, equity, netValue, equityWithoutProfit, profit, gains, losses } = sums;
  for (const sum of [initial, maintenance, equity, netValue, equityWithoutProfit, ...gains, ...losses]) sum.fill(0);
  let uncarried = 0;
  for (const position of account.positions.values()) {
    const row = instruments.get(position.instrument);
    if (row === undefined) return null;
    const quantity = wordSize(position.quantity, row.quantityWords);
    if (Number.isNaN(quantity)) return null;
    profit.fill(0);
    if (!addValue(profit, quantity, row) || !addDecimal(profit, position.entryCash, AMOUNT_WORDS)) return null;
    carry(profit);
    addRow((isNegative(profit) ? losses : gains)[row.settlement] as Words, profit);
    addMargin(initial, maintenance, Math.abs(quantity), row.margin);
    uncarried += PRODUCTS_A_POSITION;
    if (uncarried + PRODUCTS_A_POSITION > PRODUCTS_MAX) {
      carry(initial);
      carry(maintenance);
      uncarried = 1;
    }
  }
  for (const [asset, balance] of account.balances) {
    const slot = assetSlots.get(asset);
    if (slot === undefined || !addDecimal(losses[slot] as Words, balance, AMOUNT_WORDS)) return null;
  }
  for (let slot = 0; slot < assets.length; slot++) {
    const row = assets[slot] as AssetRow;
    const settled = losses[slot] as Words;
    const net = gains[slot] as Words;
    addRow(net, settled);
    carry(settled);
    carry(net);
    addProduct(netValue, net, row.value);
    addCounted(equity, net, row);
    addCounted(equityWithoutProfit, settled, row);
    carry(netValue);
    carry(equity);
    carry(equityWithoutProfit);
  }
  carry(initial);
  carry(maintenance);
  return {
    equity: usdFromWords(equity, dollarWords, "FLOOR") as Usd,
    netValue: usdFromWords(netValue, dollarWords, "FLOOR") as Usd,
    equityWithoutProfit: usdFromWords(equityWithoutProfit, dollarWords, "FLOOR") as Usd,
    initialMargin: usdFromWords(initial, dollarWords, "CEIL") as Usd,
    maintenanceMargin: usdFromWords(maintenance, dollarWords, "CEIL") as Usd,
  };
}

/** What one position adds to a word of the margins at most: two products of its size, and a constant. */
const PRODUCTS_A_POSITION = 3;

/** Adds `size` × `scale`; |size| is below two words. */
function addTimesSize(sum: Words, scale: ShiftedWords, size: number): void {
  const high = Math.trunc(size / WORD);
  const low = size - high * WORD;
  if (low !== 0) addTimes(sum, scale, low, 0);
  if (high !== 0) addTimes(sum, scale, high, 1);
}

/** Adds the value of contracts in amount units, as `contractValue` rounds it; answers false when it does not fit. */
function addValue(sum: Words, quantity: number, row: InstrumentRow): boolean {
  if (row.linearValue !== null) {
    addTimesSize(sum, row.linearValue, quantity);
    return true;
  }
  const size = BigInt(Math.abs(quantity));
  const units = divideHalfEven(size * row.inverseNumerator, row.inverseDenominator) * LEDGER_UNIT;
  const value = shiftedWords(quantity < 0 ? units : -units);
  if (value.at + value.words.length >= sum.length) return false;
  addWords(sum, value);
  return true;
}

/** Adds the margins of a size: the line of its bracket. */
function addMargin(initial: Words, maintenance: Words, size: number, brackets: readonly MarginLines[]): void {
  for (const line of brackets) {
    if (size > line.upTo) continue;
    addTimesSize(initial, line.initialSlope, size);
    addTimesSize(maintenance, line.maintenanceSlope, size);
    addWords(initial, line.initialConstant);
    addWords(maintenance, line.maintenanceConstant);
    return;
  }
}

/** Adds what a carried net amount counts for: after haircuts above zero, in full below. */
function addCounted(sum: Words, net: Words, { value, counted }: AssetRow): void {
  if (isNegative(net)) return addProduct(sum, net, value);
  if (isZero(net)) return;
  for (const line of counted) {
    if (line.upTo !== null && !isAtMost(net, line.upTo)) continue;
    addProduct(sum, net, line.slope);
    addWords(sum, line.constant);
    return;
  }
}
