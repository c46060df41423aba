import {
  type Account,
  type AccountKind,
  accountId,
  assetId,
  compareIds,
  instrumentId,
  type LiquidationLeg,
  type MarginMode,
  type MarginSummary,
  type MarketSnapshot,
  type RiskParameters,
} from "@ballast/model";
import { amount, printDecimal, quantity } from "@ballast/money";
import type { Json } from "../parameters/fields.js";
import { type AppliedPolicy, policyOfRecord, type PolicyRecord, recordPolicy } from "../liquidation/applied-policy.js";
import { planForAccount } from "../liquidation/plan-for-account.js";
import type { PlanChoice } from "../liquidation/planned-liquidation.js";
import { assessAccount } from "../pipeline.js";

/*
 * What the record of a step keeps of the account that it was decided for, in a form that is read back: with the snapshot
 * and the parameters, which are kept under their numbers, the decision can be made again and compared.
 */

/** An account as a step found it: amounts as text, everything in ascending order of ids. */
export type AccountRecord = {
  readonly id: string;
  readonly kind: AccountKind;
  readonly parent: string | null;
  /** Absent in records that are older than portfolio accounts. */
  readonly marginMode?: MarginMode;
  readonly balances: { readonly asset: string; readonly amount: string }[];
  readonly positions: { readonly instrument: string; readonly quantity: string; readonly entryCash: string }[];
  readonly equity: string;
  readonly netValue: string;
  readonly initialMargin: string;
  readonly maintenanceMargin: string;
};

/** What a reduction was decided for and by: the account, and the policy that its plan was made under. */
export type ReductionRecord = AccountRecord & {
  /** Null, or absent in older records: to the target of the parameters. */
  readonly policy?: PolicyRecord | null;
};

/** Returns what the step of a reduction keeps. @method CASE-14 */
export function recordReduction(
  account: Account,
  summary: MarginSummary,
  policy: AppliedPolicy | null,
): ReductionRecord {
  return { ...recordAccount(account, summary), policy: policy === null ? null : recordPolicy(policy) };
}

/** Returns what a step keeps of its account. @method CASE-14 */
export function recordAccount(account: Account, summary: MarginSummary): AccountRecord {
  return {
    id: account.id,
    kind: account.kind,
    parent: account.parent,
    marginMode: account.marginMode,
    balances: [...account.balances]
      .sort(([left], [right]) => compareIds(left, right))
      .map(([asset, balance]) => ({ asset, amount: printDecimal(balance) })),
    positions: [...account.positions.values()]
      .sort((left, right) => compareIds(left.instrument, right.instrument))
      .map((position) => ({
        instrument: position.instrument,
        quantity: printDecimal(position.quantity),
        entryCash: printDecimal(position.entryCash),
      })),
    equity: printDecimal(summary.equity),
    netValue: printDecimal(summary.netValue),
    initialMargin: printDecimal(summary.initialMargin),
    maintenanceMargin: printDecimal(summary.maintenanceMargin),
  };
}

/** Returns the account of a record. @throws MalformedId, MalformedDecimal when it is not one that we wrote. */
export function accountOfRecord(record: AccountRecord): Account {
  return {
    id: accountId(record.id),
    kind: record.kind,
    parent: record.parent === null ? null : accountId(record.parent),
    marginMode: record.marginMode ?? "STANDARD",
    balances: new Map(record.balances.map((one) => [assetId(one.asset), amount(one.amount)])),
    positions: new Map(
      record.positions.map((one) => {
        const instrument = instrumentId(one.instrument);
        return [instrument, { instrument, quantity: quantity(one.quantity), entryCash: amount(one.entryCash) }];
      }),
    ),
  };
}

/**
 * A plan as the record keeps it: amounts as text, and for each leg why: how the plan was found (of a reduction), what the leg
 * releases and what it costs.
 */
export function recordPlan(legs: readonly LiquidationLeg[], chosenBy?: PlanChoice): Json {
  return legs.map((leg) => ({
    instrument: leg.instrument,
    quantity: printDecimal(leg.quantity),
    markPrice: printDecimal(leg.markPrice),
    expectedPrice: printDecimal(leg.expectedPrice),
    released: printDecimal(leg.released),
    cost: printDecimal(leg.cost),
    ...(chosenBy === undefined ? {} : { chosenBy }),
  }));
}

/** Does a recorded plan close its account whole? Then its case goes on while anything is held. */
export function closesWhole(plan: Json): boolean {
  const [first] = Array.isArray(plan) ? plan : [];
  return (first as { readonly chosenBy?: PlanChoice } | undefined)?.chosenBy === "WHOLE";
}

/** What comes out when a recorded reduction is decided again. */
export interface Replay {
  /** Does the account, judged again, have the figures of the record? */
  readonly sameFigures: boolean;
  /** The plan of the same account at the same prices under the same parameters; null when it is taken over. */
  readonly plan: Json | null;
}

/**
 * Decides a recorded reduction again.
 *
 * @throws MissingPrice when the snapshot is not the one that the step was decided at.
 * @method CASE-14
 */
export function replayReduction(record: ReductionRecord, market: MarketSnapshot, parameters: RiskParameters): Replay {
  const account = accountOfRecord(record);
  const again = recordAccount(account, assessAccount(account, market, parameters).summary);
  const policy = record.policy ? policyOfRecord(record.policy) : null;
  const plan = planForAccount(account, market, parameters, policy);
  const figures = ["equity", "netValue", "initialMargin", "maintenanceMargin"] as const;
  return {
    sameFigures: figures.every((figure) => again[figure] === record[figure]),
    plan: plan.kind === "REDUCE" ? recordPlan(plan.legs, plan.chosenBy) : null,
  };
}
