import {
  type Account,
  type AccountId,
  assertInvariant,
  compareIds,
  type Instrument,
  type MarketSnapshot,
  type RiskParameters,
} from "@ballast/model";
import { add, magnitude, min, type Quantity, type Ratio, sub, type Usd, ZERO_QUANTITY, ZERO_USD } from "@ballast/money";
import { isHouse } from "../decision/health.js";
import { markPositions } from "../position/marked-position.js";
import { assessHealth } from "../scan/assess-health.js";

/*
 * Who gives up contracts when the insurance fund cannot carry a bankrupt account?
 *
 * Those who win most on that side with the most leverage, in one list that depends on nothing but the snapshot and the
 * accounts handed in: not on the order of rows, and not on who asked first.
 */

/** The side of the holders that are ranked: shorts give up contracts when a bankrupt long is closed. */
export type Side = "LONG" | "SHORT";

/** One holder who can be deleveraged. */
export interface RankedHolder {
  readonly account: AccountId;
  /** Contracts that it holds on the ranked side, above zero. */
  readonly quantity: Quantity;
  /** Profit share × effective leverage, above zero; 18 digits, for the record and for the order. */
  readonly score: Ratio;
  /** 1 is deleveraged first. */
  readonly rank: number;
}

/** One holder's part in a deleveraging; `quantity` above zero. */
export interface DeleveragingShare {
  readonly account: AccountId;
  readonly quantity: Quantity;
}

/**
 * The holders of one side of an instrument who are in profit on it, most deleverageable first.
 *
 * Score = (unrealised profit ÷ notional of the position) × (notional of all the account's positions ÷ its equity).
 * Left out: the house, accounts that are themselves below maintenance margin, and positions not in profit. Ties go to
 * the lower id.
 *
 * @throws MissingPrice when the snapshot lacks a price that one of the accounts needs.
 * @method LIQUIDATION-8
 */
export function rankForDeleveraging(
  instrument: Instrument,
  side: Side,
  accounts: readonly Account[],
  market: MarketSnapshot,
  parameters: RiskParameters,
): readonly RankedHolder[] {
  return accounts
    .map((account) => candidate(instrument, side, account, market, parameters))
    .filter((found) => found !== null)
    .sort((left, right) => right.score.cmp(left.score) || compareIds(left.account, right.account))
    .map((found, at) => ({ ...found, rank: at + 1 }));
}

/**
 * Hands out exactly `need` contracts in the order of the list, the last holder in part; less only when the whole list
 * holds less. Never more than the need, and nobody more than it holds.
 *
 * @method LIQUIDATION-9
 */
export function allocateDeleveraging(
  need: Quantity,
  ranked: Iterable<{ readonly account: AccountId; readonly quantity: Quantity }>,
): readonly DeleveragingShare[] {
  assertInvariant(need.gte(0), "LIQUIDATION-9 a need is not below zero", { need: need.toFixed() });
  const shares: DeleveragingShare[] = [];
  let open = need;
  for (const { account, quantity } of ranked) {
    if (open.lte(0)) break;
    const taken = min(open, quantity);
    if (taken.gt(0)) shares.push({ account, quantity: taken });
    open = sub(open, taken);
  }
  return shares;
}

function candidate(
  instrument: Instrument,
  side: Side,
  account: Account,
  market: MarketSnapshot,
  parameters: RiskParameters,
): Omit<RankedHolder, "rank"> | null {
  const held = account.positions.get(instrument.id)?.quantity ?? ZERO_QUANTITY;
  if (held.isZero() || held.gt(0) !== (side === "LONG") || isHouse(account.kind)) return null;
  const { state, summary } = assessHealth(account, market, parameters);
  if (state === "BANKRUPT" || state === "LIQUIDATABLE" || summary.equity.lte(0)) return null;
  const positions = markPositions(account, market, parameters);
  const position = positions.find((marked) => marked.instrument.id === instrument.id);
  if (position === undefined || position.unrealisedProfitUsd.lte(0)) return null;
  const gross = positions.reduce<Usd>((sum, { notional }) => add(sum, notional), ZERO_USD);
  const score = position.unrealisedProfitUsd.mul(gross).div(position.notional.mul(summary.equity));
  return { account: account.id, quantity: magnitude(held), score: score.toDecimalPlaces(18) as unknown as Ratio };
}
