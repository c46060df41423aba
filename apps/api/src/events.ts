import { Injectable } from "@nestjs/common";
import pino, { type Logger } from "pino";

/*
 * What the API tells its operators: one function a business event, the detail in the record. The log goes to standard
 * error as JSON lines; standard output belongs to the READY line. Nothing here ever receives a secret, a password, a
 * signature or a cookie.
 */

/** Returns the process's logger. */
export function createLogger(level: string): Logger {
  return pino({ level, base: { app: "api" } }, pino.destination({ dest: 2, sync: true }));
}

@Injectable()
export class Events {
  constructor(private readonly log: Logger) {}

  started(address: string): void {
    this.log.info({ event: "started", address }, "the API listens");
  }

  stopping(signal: string): void {
    this.log.info({ event: "stopping", signal }, "the API stops");
  }

  /** Our fault: the one place where it is written down. */
  requestFailed(traceId: string, method: string, target: string, fault: unknown): void {
    this.log.error({ event: "request-failed", traceId, method, target, err: fault }, "a request failed");
  }

  accessRefused(traceId: string, code: string, keyId: string | null): void {
    this.log.warn({ event: "access-refused", traceId, code, keyId }, "a request was not let in");
  }

  signedIn(name: string): void {
    this.log.info({ event: "signed-in", name }, "a console user signed in");
  }

  signInRefused(code: string): void {
    this.log.warn({ event: "sign-in-refused", code }, "a sign-in was refused");
  }

  fillsCleared(posted: number, replayed: number, rejected: number): void {
    this.log.info({ event: "fills-cleared", posted, replayed, rejected }, "a batch of fills was cleared");
  }

  depositsBooked(posted: number, replayed: number, rejected: number): void {
    this.log.info({ event: "deposits-booked", posted, replayed, rejected }, "a batch of deposits was booked");
  }

  accountsOpened(count: number): void {
    this.log.info({ event: "accounts-opened", count }, "accounts were opened");
  }

  marginModeChanged(account: string, mode: string): void {
    this.log.info({ event: "margin-mode-changed", account, mode }, "an account is margined by another model");
  }

  collateralMoved(kind: "deposit" | "withdrawal" | "transfer", asset: string): void {
    this.log.info({ event: "collateral-moved", kind, asset }, "collateral moved");
  }

  /** An index has changed its condition: who watches the house is told, above all when a person is needed. */
  indexTurned(asset: string, condition: string, reason: string | null): void {
    const level = condition === "LIVE" ? "info" : condition === "NEEDS_PERSON" ? "error" : "warn";
    this.log[level]({ event: "index-turned", asset, condition, reason }, "an index has changed its condition");
  }

  feedTurned(silent: boolean, sequence: number | null): void {
    const level = silent ? "error" : "info";
    this.log[level](
      { event: "feed-turned", silent, sequence },
      silent ? "nobody tells prices" : "prices are told again",
    );
  }

  feedWatchFailed(fault: unknown): void {
    this.log.error({ event: "feed-watch-failed", err: fault }, "whether prices are told could not be looked at");
  }

  priceProposed(asset: string, by: string): void {
    this.log.warn({ event: "price-proposed", asset, by }, "a person has proposed the price of an asset");
  }

  priceConfirmed(asset: string, by: string): void {
    this.log.warn({ event: "price-confirmed", asset, by }, "a second person has confirmed the price of an asset");
  }

  bidTaken(account: string, provider: string, facts: object): void {
    this.log.warn({ event: "bid-taken", account, provider, ...facts }, "a provider took a share of a failing account");
  }

  marksPublished(sequence: number): void {
    this.log.info({ event: "marks-published", sequence }, "marks were published");
  }

  keyMade(account: string, keyId: string, scopes: readonly string[]): void {
    this.log.info({ event: "key-made", account, keyId, scopes }, "an API key was made");
  }

  ledgerChecked(balanced: boolean, journals: number, durationMs: number): void {
    const record = { event: "ledger-checked", balanced, journals, durationMs };
    if (balanced) this.log.debug(record, "the ledger balances");
    else this.log.fatal(record, "the ledger does not balance");
  }

  ledgerCheckFailed(fault: unknown): void {
    this.log.error({ event: "ledger-check-failed", err: fault }, "the ledger could not be checked");
  }

  sweepFailed(fault: unknown): void {
    this.log.error({ event: "sweep-failed", err: fault }, "old nonces could not be forgotten");
  }

  framework(level: "warn" | "error", message: string): void {
    this.log[level]({ event: "framework" }, message);
  }
}
