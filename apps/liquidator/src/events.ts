import type { AccountId } from "@ballast/model";
import type { StepHold, StepId } from "@ballast/store";
import type { Logger } from "pino";

/** What this worker tells the world: one function a business event, few words, the facts as fields. */
export interface Events {
  scanned(sequence: number, facts: object): void;
  settled(sequence: number): void;
  lookedAt(account: AccountId, facts: object): void;
  /** The auction of a failing account was opened or closed, or goes on. */
  auctioned(account: AccountId, facts: object): void;
  takenOver(account: AccountId, facts: object): void;
  disposed(facts: object): void;
  /** An account that owes has repaid something. */
  recovered(account: AccountId, facts: object): void;
  jobRefused(reason: string): void;
  /** Somebody else has taken the step over; what we found out was refused by the database. */
  fencedOff(hold: StepHold): void;
  /** A step failed for a reason of ours; it is tried again a little later. */
  failed(step: StepId, cause: unknown): void;
  /** A step failed too often: its account is left alone until a person has looked, the others go on. */
  quarantined(step: StepId, cause: unknown): void;
  /** A newer engine has started; this one only finishes what it holds. */
  outdated(newestEngine: number): void;
  /** The world failed (database away, connection cut); what was due is still due. */
  faulted(where: string, cause: unknown): void;
}

/** Returns the events as log records. */
export function logEvents(log: Logger): Events {
  return {
    scanned: (sequence, facts) => log.info({ event: "snapshot.scanned", sequence, ...facts }),
    settled: (sequence) => log.info({ event: "snapshot.settled", sequence }),
    lookedAt: (account, facts) => log.info({ event: "account.looked-at", account, ...facts }),
    auctioned: (account, facts) => log.info({ event: "account.auctioned", account, ...facts }),
    takenOver: (account, facts) => log.warn({ event: "account.taken-over", account, ...facts }),
    disposed: (facts) => log.info({ event: "fund.disposed", ...facts }),
    recovered: (account, facts) => log.info({ event: "debt.recovered", account, ...facts }),
    jobRefused: (reason) => log.error({ event: "job.refused", reason }),
    fencedOff: (hold) => log.warn({ event: "step.fenced-off", ...hold }),
    failed: (step, cause) => log.error({ event: "step.failed", ...step, err: cause }),
    quarantined: (step, cause) => log.fatal({ event: "step.quarantined", ...step, err: cause }),
    outdated: (newestEngine) => log.error({ event: "engine.outdated", newestEngine }),
    faulted: (where, cause) => log.error({ event: "fault", where, err: cause }),
  };
}
