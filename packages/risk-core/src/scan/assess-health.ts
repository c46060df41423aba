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
import { divideCeil, divideFloor, divideHalfEven, usdFromUnits, wordUnits } from "./fixed-point.js";
import {
  AMOUNT_WORDS,
  type InstrumentRow,
  LEDGER_UNIT,
  type Line,
  type PreparedMarket,
  prepareMarket,
} from "./prepared-market.js";

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
 * Cost: some 3 µs for ten positions (`bench/exact-accounts.bench.mjs`). Accounts that the table cannot hold exactly, a
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
  const { instruments, assets, assetSlots, toUsdUnits } = prepared;
  const gains: bigint[] = [];
  const losses: bigint[] = [];
  for (let slot = 0; slot < assets.length; slot++) {
    gains.push(0n);
    losses.push(0n);
  }
  let initial = 0n;
  let maintenance = 0n;
  for (const position of account.positions.values()) {
    const row = instruments.get(position.instrument);
    if (row === undefined) return null;
    const quantity = wordUnits(position.quantity, row.quantityWords);
    const entryCash = wordUnits(position.entryCash, AMOUNT_WORDS);
    if (quantity === null || entryCash === null) return null;
    const profit = valueOf(quantity, row) + entryCash;
    const profits = profit > 0n ? gains : losses;
    profits[row.settlement] = (profits[row.settlement] ?? 0n) + profit;
    const size = quantity < 0n ? -quantity : quantity;
    for (const line of row.margin) {
      if (line.upTo !== null && size > line.upTo) continue;
      initial += size * line.initialSlope + line.initialConstant;
      maintenance += size * line.maintenanceSlope + line.maintenanceConstant;
      break;
    }
  }
  for (const [asset, balance] of account.balances) {
    const slot = assetSlots.get(asset);
    const held = wordUnits(balance, AMOUNT_WORDS);
    if (slot === undefined || held === null) return null;
    losses[slot] = (losses[slot] ?? 0n) + held;
  }
  let equity = 0n;
  let netValue = 0n;
  let equityWithoutProfit = 0n;
  for (let slot = 0; slot < assets.length; slot++) {
    const { value, counted } = assets[slot] as (typeof assets)[number];
    const settled = losses[slot] ?? 0n;
    const net = settled + (gains[slot] ?? 0n);
    netValue += net * value;
    const worth = net > 0n ? along(counted, net) : net * value;
    equity += worth;
    equityWithoutProfit += settled === net ? worth : settled > 0n ? along(counted, settled) : settled * value;
  }
  return {
    equity: usdFromUnits(divideFloor(equity, toUsdUnits)) as Usd,
    netValue: usdFromUnits(divideFloor(netValue, toUsdUnits)) as Usd,
    equityWithoutProfit: usdFromUnits(divideFloor(equityWithoutProfit, toUsdUnits)) as Usd,
    initialMargin: usdFromUnits(divideCeil(initial, toUsdUnits)) as Usd,
    maintenanceMargin: usdFromUnits(divideCeil(maintenance, toUsdUnits)) as Usd,
  };
}

/** Value of contracts in amount units, as `contractValue` rounds it. */
function valueOf(quantity: bigint, { linearValue, inverseNumerator, inverseDenominator }: InstrumentRow): bigint {
  if (linearValue !== null) return quantity * linearValue;
  return quantity < 0n
    ? divideHalfEven(-quantity * inverseNumerator, inverseDenominator) * LEDGER_UNIT
    : divideHalfEven(quantity * inverseNumerator, inverseDenominator) * -LEDGER_UNIT;
}

/** The value of a piecewise straight line at a size above zero; zero when there is no line at all. */
function along(lines: readonly Line[], size: bigint): bigint {
  for (const line of lines) {
    if (line.upTo === null || size <= line.upTo) return size * line.slope + line.constant;
  }
  return 0n;
}
