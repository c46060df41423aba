import {
  type PauseBody,
  type PauseRequest,
  type PauseRow,
  printTime,
  type QuarantineRow,
  type ReleaseBody,
  type StagesBody,
} from "@ballast/api-contract";
import type { AccountId, PausableStage } from "@ballast/model";
import { printDecimal, type Ratio } from "@ballast/money";
import { STANDARD_STAGES } from "@ballast/risk-core";
import type { Command, CommandAnswer, Signature, Store } from "@ballast/store";
import { Inject, Injectable } from "@nestjs/common";
import { accept } from "../http/refusal.js";
import { STORE } from "../house/tokens.js";

/** What people may see of liquidations and do about them: stop a stage, go on with it, and let a quarantined case go on. */
@Injectable()
export class LiquidationControlService {
  constructor(@Inject(STORE) private readonly store: Store) {}

  /** Codes: STAGE_ALREADY_PAUSED. @method CASE-7 */
  async pause(command: Command, { stage, reason }: PauseRequest): Promise<CommandAnswer<PauseBody>> {
    return accept(await this.store.pauseStage(command, stage, reason));
  }

  /** Codes: STAGE_NOT_PAUSED, SECOND_PERSON_NEEDED. @method CASE-7 */
  async resume(command: Command, stage: PausableStage): Promise<CommandAnswer<PauseBody>> {
    return accept(await this.store.resumeStage(command, stage));
  }

  /** Codes: CASE_NOT_QUARANTINED. @method CASE-8 */
  async release(command: Command, account: AccountId, epoch: number): Promise<CommandAnswer<ReleaseBody>> {
    const answer = accept(await this.store.releaseCase(command, account, epoch));
    return { ...answer, response: { account, epoch, released: true } };
  }

  /** @method CASE-2 */
  async stages(): Promise<StagesBody> {
    const multiple = (ratio: Ratio | null): string | null => (ratio === null ? null : printDecimal(ratio));
    return {
      rules: STANDARD_STAGES.map((rule) => ({
        ...rule,
        enterBelow: multiple(rule.enterBelow),
        leaveAt: multiple(rule.leaveAt),
      })),
      data: (await this.store.accountStages()).map((one) => ({ ...one, sinceAt: printTime(one.sinceAt) })),
    };
  }

  async pauses(): Promise<PauseRow[]> {
    return (await this.store.pauses()).map((pause) => ({
      ...pause,
      pausedAt: printTime(pause.pausedAt),
      firstResume: signed(pause.firstResume),
      secondResume: signed(pause.secondResume),
    }));
  }

  async quarantine(): Promise<QuarantineRow[]> {
    return (await this.store.quarantined()).map(({ account, epoch, step, failures, fault, firstAt, lastAt }) => ({
      account,
      epoch,
      step,
      failures,
      fault,
      firstAt: printTime(firstAt),
      lastAt: printTime(lastAt),
    }));
  }
}

function signed(signature: Signature | null): PauseRow["firstResume"] {
  return signature === null ? null : { by: signature.by, at: printTime(signature.at) };
}
