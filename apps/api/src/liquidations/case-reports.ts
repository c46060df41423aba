import { isDeepStrictEqual } from "node:util";
import { type CaseReportBody, printTime, type ReportedStep } from "@ballast/api-contract";
import { type AccountId, assertInvariant, compareIds, type MarketSnapshot } from "@ballast/model";
import { printDecimal } from "@ballast/money";
import { type AccountRecord, loadRiskParameters, type ReductionRecord, replayReduction } from "@ballast/risk-core";
import type { LiquidationStep, StepGround, Store } from "@ballast/store";
import { Inject, Injectable } from "@nestjs/common";
import { Refusal } from "../http/refusal.js";
import { STORE } from "../house/tokens.js";
import { liquidationRow, stepRow } from "./liquidations.service.js";

/** Complete records of liquidations, for whoever argues about one. */
@Injectable()
export class CaseReports {
  constructor(@Inject(STORE) private readonly store: Store) {}

  /** Everything a case was decided on, did and paid, with each reduction decided again. Codes: CASE_UNKNOWN. @method CASE-14 */
  async of(account: AccountId, epoch: number): Promise<CaseReportBody> {
    const found = await this.store.case(account, epoch);
    if (found === null) throw new Refusal("CASE_UNKNOWN", { account, epoch });
    const stepList: ReportedStep[] = [];
    for (const step of await this.store.steps(account, epoch)) stepList.push(await this.step(step));
    return {
      ...liquidationRow(found),
      stepList,
      journals: (await this.store.journalsOfCase(account, epoch)).map(({ key, kind, at, legs }) => ({
        key,
        kind,
        at: printTime(at),
        legs: legs.map(({ book, asset, amount }) => ({ book, asset, amount: printDecimal(amount) })),
      })),
      debts: (await this.store.debts(account)).map(({ creditor, asset, amount }) => ({
        creditor,
        asset,
        amount: printDecimal(amount),
      })),
    };
  }

  private async step(step: LiquidationStep): Promise<ReportedStep> {
    const ground = await this.store.groundOf(step);
    const snapshot = await this.store.snapshot(step.sequence);
    assertInvariant(snapshot !== null, "CASE-3 a step names its snapshot", { account: step.account });
    return {
      ...stepRow(step, await this.store.ordersOf(step), await this.store.fillsOf(step)),
      decidedAt: ground === null ? null : printTime(ground.decidedAt),
      snapshotAt: printTime(snapshot.at),
      priceAgeMs: ground === null ? null : Math.round(ground.decidedAt - snapshot.at),
      parametersVersion: ground?.parametersVersion ?? null,
      engineVersion: ground?.engineVersion ?? null,
      inputs: ground?.inputs ?? null,
      prices: pricesSeen(snapshot, ground),
      replay: await this.replay(step, ground, snapshot),
    };
  }

  /** Only a reduction is a function of one account; a takeover also depends on the fund and on the other side. */
  private async replay(
    step: LiquidationStep,
    ground: StepGround | null,
    snapshot: MarketSnapshot,
  ): Promise<ReportedStep["replay"]> {
    if (step.kind !== "REDUCE" || ground === null) return "NOT_REPLAYED";
    const content = await this.store.riskParametersContent(ground.parametersVersion);
    if (content === null) return "NOT_REPLAYED";
    const again = replayReduction(ground.inputs as unknown as ReductionRecord, snapshot, loadRiskParameters(content));
    return again.sameFigures && isDeepStrictEqual(again.plan, step.plan) ? "SAME" : "DIFFERS";
  }
}

/** The prices of what the account held, all of them when that was not kept. */
function pricesSeen(snapshot: MarketSnapshot, ground: StepGround | null): ReportedStep["prices"] {
  const record = ground?.inputs as unknown as AccountRecord | undefined;
  const held = record && new Set(record.positions.map(({ instrument }) => instrument));
  const rows = [
    ...[...snapshot.indexPrices].map(([of, price]) => ({ kind: "INDEX" as const, of, price: printDecimal(price) })),
    ...[...snapshot.markPrices].map(([of, price]) => ({ kind: "MARK" as const, of, price: printDecimal(price) })),
    ...[...snapshot.depths].map(([of, price]) => ({ kind: "DEPTH" as const, of, price: printDecimal(price) })),
  ];
  return rows
    .filter(({ kind, of }) => kind === "INDEX" || held === undefined || held.has(of))
    .sort((left, right) => compareIds(left.kind, right.kind) || compareIds(left.of, right.of));
}
