import type { ReadyBody } from "@ballast/api-contract";
import type { Store } from "@ballast/store";
import { Inject, Injectable } from "@nestjs/common";
import type { Config } from "../config.js";
import { CLOCK, type Clock, CONFIG, STORE } from "../house/tokens.js";
import { LedgerWatch } from "../ledger/ledger-watch.js";

type Check = ReadyBody["checks"][number];

/** A ledger check older than this many of its intervals is too old to rely on. */
const CHECK_INTERVALS_MAX = 3;

@Injectable()
export class HealthService {
  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LedgerWatch) private readonly watch: LedgerWatch,
  ) {}

  /** Can decisions be made here: is the database there, are prices known, were the books seen to balance? */
  async ready(): Promise<ReadyBody> {
    const checks = [await this.database(), await this.marks(), this.ledger()];
    return { status: checks.every((check) => check.ok) ? "ready" : "not-ready", checks };
  }

  private async database(): Promise<Check> {
    const answers = await this.store.ping().then(
      () => true,
      () => false,
    );
    return { name: "database", ok: answers, detail: answers ? "answers" : "does not answer" };
  }

  private async marks(): Promise<Check> {
    const latest = await this.store.latestSnapshot().catch(() => null);
    const detail = latest === null ? "none known" : `snapshot ${latest.sequence}`;
    return { name: "marks", ok: latest !== null, detail };
  }

  private ledger(): Check {
    const { latest } = this.watch;
    if (latest === null) return { name: "ledger", ok: false, detail: "not checked yet" };
    const ageSeconds = Math.round((this.clock() - latest.at) / 1000);
    const recent = ageSeconds * 1000 <= CHECK_INTERVALS_MAX * this.config.ledgerCheckMs;
    const detail = `${latest.check.balanced ? "balanced" : "OUT OF BALANCE"} ${ageSeconds} s ago`;
    return { name: "ledger", ok: recent && latest.check.balanced, detail };
  }
}
