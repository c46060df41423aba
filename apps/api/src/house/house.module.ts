import { toUtcMillis } from "@ballast/model";
import type { LiveMarketRules } from "@ballast/risk-core";
import type { Store } from "@ballast/store";
import { type DynamicModule, Module } from "@nestjs/common";
import { APP_FILTER, APP_GUARD, APP_PIPE } from "@nestjs/core";
import { AccessGuard } from "../auth/access.guard.js";
import { KeyVault } from "../auth/key-vault.js";
import { Sessions } from "../auth/sessions.js";
import type { Config } from "../config.js";
import { Events } from "../events.js";
import { Commands } from "../http/commands.js";
import { CursorSeal } from "../http/cursor.js";
import { ProblemFilter } from "../http/problem.filter.js";
import { validationPipe } from "../http/validation.js";
import { FeedWatch } from "./feed-watch.js";
import { CLOCK, type Clock, CONFIG, MARKET_RULES, MONOTONIC, type MonotonicClock, STORE } from "./tokens.js";

/** What the process was started with. Tests hand in their own clock. */
export interface Furniture {
  readonly config: Config;
  readonly store: Store;
  readonly events: Events;
  readonly clock?: Clock;
  readonly monotonic?: MonotonicClock;
  /** Null or absent: the house takes finished marks, and no quotes. */
  readonly marketRules?: LiveMarketRules | null;
}

/** The rooms' common furniture: memory, configuration, time, and the guards at every door. */
@Module({})
export class HouseModule {
  static with({
    config,
    store,
    events,
    clock = systemClock,
    monotonic = () => performance.now(),
    marketRules = null,
  }: Furniture): DynamicModule {
    return {
      module: HouseModule,
      global: true,
      providers: [
        { provide: STORE, useValue: store },
        { provide: CONFIG, useValue: config },
        { provide: CLOCK, useValue: clock },
        { provide: MONOTONIC, useValue: monotonic },
        { provide: MARKET_RULES, useValue: marketRules },
        { provide: Events, useValue: events },
        { provide: KeyVault, useValue: new KeyVault(config.encryptionKey) },
        Commands,
        CursorSeal,
        FeedWatch,
        Sessions,
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_PIPE, useFactory: validationPipe },
      ],
      exports: [
        STORE,
        CONFIG,
        CLOCK,
        MONOTONIC,
        MARKET_RULES,
        Events,
        KeyVault,
        Commands,
        CursorSeal,
        FeedWatch,
        Sessions,
      ],
    };
  }
}

const systemClock: Clock = () => toUtcMillis(Date.now());
