import type { AccountId } from "@ballast/model";
import type { Logger } from "pino";

/** What this worker tells the world: one function a business event, few words, the facts as fields. */
export interface Events {
  scanned(sequence: number, facts: object): void;
  settled(sequence: number): void;
  lookedAt(account: AccountId, facts: object): void;
  takenOver(account: AccountId, facts: object): void;
  disposed(facts: object): void;
  jobRefused(reason: string): void;
  /** A bug met one account: it is left alone until a person has looked, the others go on. */
  quarantined(account: AccountId, cause: unknown): void;
  /** The world failed (database away, connection cut); what was due is still due. */
  faulted(where: string, cause: unknown): void;
}

/** Returns the events as log records. */
export function logEvents(log: Logger): Events {
  return {
    scanned: (sequence, facts) => log.info({ event: "snapshot.scanned", sequence, ...facts }),
    settled: (sequence) => log.info({ event: "snapshot.settled", sequence }),
    lookedAt: (account, facts) => log.info({ event: "account.looked-at", account, ...facts }),
    takenOver: (account, facts) => log.warn({ event: "account.taken-over", account, ...facts }),
    disposed: (facts) => log.info({ event: "fund.disposed", ...facts }),
    jobRefused: (reason) => log.error({ event: "job.refused", reason }),
    quarantined: (account, cause) => log.fatal({ event: "account.quarantined", account, err: cause }),
    faulted: (where, cause) => log.error({ event: "fault", where, err: cause }),
  };
}
