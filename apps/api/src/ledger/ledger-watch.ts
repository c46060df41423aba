import type { UtcMillis } from "@ballast/model";
import type { LedgerCheck, Store } from "@ballast/store";
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from "@nestjs/common";
import type { Config } from "../config.js";
import { Events } from "../events.js";
import { CLOCK, type Clock, CONFIG, STORE } from "../house/tokens.js";

/** What an audit found, and when it began. */
export interface LedgerLook {
  readonly check: LedgerCheck;
  readonly at: UtcMillis;
}

/** Audits the ledger at start and then again and again, so that being ready means that the books were seen to balance. */
@Injectable()
export class LedgerWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: ReturnType<typeof setInterval> | undefined;
  private running: Promise<LedgerLook> | undefined;
  private last: LedgerLook | null = null;

  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Events) private readonly events: Events,
  ) {}

  onApplicationBootstrap(): void {
    const look = () => {
      this.look().catch((fault: unknown) => this.events.ledgerCheckFailed(fault));
    };
    look();
    this.timer = setInterval(look, this.config.ledgerCheckMs);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running?.catch((fault: unknown) => this.events.ledgerCheckFailed(fault));
  }

  /** The last audit of this process; null before the first one ended. */
  get latest(): LedgerLook | null {
    return this.last;
  }

  /** Audits now; those who ask while an audit runs get its answer. */
  look(): Promise<LedgerLook> {
    this.running ??= this.audit().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async audit(): Promise<LedgerLook> {
    const at = this.clock();
    const check = await this.store.ledgerCheck();
    this.last = { check, at };
    this.events.ledgerChecked(check.balanced, check.journals, this.clock() - at);
    return this.last;
  }
}
