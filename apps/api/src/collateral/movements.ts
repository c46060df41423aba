import { applyJournal, depositJournal, type Journal, transferJournal, withdrawalJournal } from "@ballast/ledger";
import {
  type Account,
  type Asset,
  type AssetId,
  type MarginSummary,
  type MarketSnapshot,
  ok,
  type Rejection,
  reject,
  type Result,
  type RiskParameters,
  type UtcMillis,
} from "@ballast/model";
import type { Amount } from "@ballast/money";
import { checkWithdrawal, creditMarket, releaseAtFrozenPrices } from "@ballast/risk-core";

/*
 * Collateral in, out, and across. Coming in always helps, so a deposit is never margined; going out must leave the
 * balance of its asset at zero or above, and initial margin covered without unrealised profit, because profit that
 * nobody has paid yet must not leave the house.
 */

/** What a movement is judged by. */
export interface MovementState {
  readonly market: MarketSnapshot | null;
  readonly parameters: RiskParameters;
  /** Margin of an account at the snapshot; rejects with PRICE_MISSING. */
  readonly summarise: (account: Account, market: MarketSnapshot) => Result<MarginSummary, Rejection>;
}

export interface Movement {
  /** The key of its journal. */
  readonly key: string;
  readonly at: UtcMillis;
  readonly asset: AssetId;
  readonly amount: Amount;
}

/** Returns the journal of a deposit. Codes: ASSET_UNKNOWN, AMOUNT_NOT_POSITIVE, AMOUNT_TOO_FINE. */
export function planDeposit(state: MovementState, account: Account, deposit: Movement): Result<Journal, Rejection> {
  const asset = assetOf(state, deposit);
  if (!asset.ok) return asset;
  const amount = checkAmount(asset.value, deposit.amount);
  if (!amount.ok) return amount;
  return ok(depositJournal({ ...deposit, account: account.id }));
}

/**
 * Returns the journal of a withdrawal. Codes: ASSET_UNKNOWN, MARKET_UNKNOWN, PRICE_MISSING, AMOUNT_NOT_POSITIVE,
 * AMOUNT_TOO_FINE, PRICE_FROZEN, BALANCE_INSUFFICIENT, WITHDRAWAL_EXCEEDS_MARGIN.
 */
export function planWithdrawal(
  state: MovementState,
  account: Account,
  withdrawal: Movement,
): Result<Journal, Rejection> {
  return planOutflow(state, account, withdrawal, {
    relation: () => ok("RELATED"),
    journal: () => withdrawalJournal({ ...withdrawal, account: account.id }),
  });
}

/**
 * Returns the journal of a transfer between accounts of one owner; the giving side is judged like a withdrawal. Codes:
 * those of a withdrawal, and between PRICE_MISSING and AMOUNT_NOT_POSITIVE: SAME_ACCOUNT, NOT_RELATED.
 */
export function planTransfer(
  state: MovementState,
  from: Account,
  to: Account,
  transfer: Movement,
): Result<Journal, Rejection> {
  return planOutflow(state, from, transfer, {
    relation: () => checkRelation(from, to),
    journal: () => transferJournal({ ...transfer, from: from.id, to: to.id }),
  });
}

function planOutflow(
  state: MovementState,
  account: Account,
  movement: Movement,
  outflow: { readonly relation: () => Result<"RELATED", Rejection>; readonly journal: () => Journal },
): Result<Journal, Rejection> {
  const asset = assetOf(state, movement);
  if (!asset.ok) return asset;
  if (state.market === null) return reject({ code: "MARKET_UNKNOWN" });
  const current = state.summarise(account, state.market);
  if (!current.ok) return current;
  const related = outflow.relation();
  if (!related.ok) return related;
  const amount = checkAmount(asset.value, movement.amount);
  if (!amount.ok) return amount;
  const believed = releaseAtFrozenPrices(account, state.market, state.parameters);
  if (!believed.ok) return believed;
  const journal = outflow.journal();
  const left = applyJournal(account, journal);
  for (const market of [state.market, creditMarket(state.market, left, state.parameters)]) {
    if (market === null) continue;
    const next = state.summarise(left, market);
    if (!next.ok) return next;
    const allowed = checkWithdrawal(account, { asset: movement.asset, amount: movement.amount }, next.value);
    if (!allowed.ok) return allowed;
  }
  return ok(journal);
}

/** Do the two accounts belong to one owner: a main account and its sub-account, or two sub-accounts of one? */
function checkRelation(from: Account, to: Account): Result<"RELATED", Rejection> {
  if (from.id === to.id) return reject({ code: "SAME_ACCOUNT", account: from.id });
  if ((from.parent ?? from.id) === (to.parent ?? to.id)) return ok("RELATED");
  return reject({ code: "NOT_RELATED", from: from.id, to: to.id });
}

function assetOf(state: MovementState, movement: Movement): Result<Asset, Rejection> {
  const asset = state.parameters.assets.get(movement.asset);
  return asset === undefined ? reject({ code: "ASSET_UNKNOWN", asset: movement.asset }) : ok(asset);
}

function checkAmount(asset: Asset, amount: Amount): Result<"FINE", Rejection> {
  if (!amount.gt(0)) return reject({ code: "AMOUNT_NOT_POSITIVE", amount });
  if (amount.decimalPlaces() > asset.scale) return reject({ code: "AMOUNT_TOO_FINE", amount, scale: asset.scale });
  return ok("FINE");
}
