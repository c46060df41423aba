import type { MarketSnapshot } from "@ballast/model";
import type { Store } from "@ballast/store";
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from "@nestjs/common";
import type { Config } from "../config.js";
import { Events } from "../events.js";
import { CONFIG, MONOTONIC, type MonotonicClock, STORE } from "./tokens.js";

/**
 * Sees whether anybody still tells prices. A feed that has died tells nobody so: the last snapshot just stays the last.
 * Every process looks for itself, on its own clock that only runs forward, and counts from when it has first seen a
 * snapshot. While there has been none for too long, decisions are made as if every price were frozen.
 *
 * @method DECISION-8
 */
@Injectable()
export class FeedWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: ReturnType<typeof setInterval> | undefined;
  private newest: { readonly sequence: number; readonly seenAtMs: number } | null = null;
  private toldSilent = false;

  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(MONOTONIC) private readonly elapsedMs: MonotonicClock,
    @Inject(Events) private readonly events: Events,
  ) {}

  onApplicationBootstrap(): void {
    const { feedSilenceMs } = this.config;
    if (feedSilenceMs === null) return;
    const look = () => {
      this.look().catch((fault: unknown) => this.events.feedWatchFailed(fault));
    };
    look();
    this.timer = setInterval(look, Math.max(LOOK_MS_MIN, feedSilenceMs / LOOKS_PER_SILENCE));
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Looks for a newer snapshot. */
  async look(): Promise<void> {
    const sequence = await this.store.latestSequence();
    if (sequence !== null) this.saw(sequence);
    const silent = this.isSilent();
    if (silent !== this.toldSilent) this.events.feedTurned(silent, this.newest?.sequence ?? null);
    this.toldSilent = silent;
  }

  /** The market as decisions may use it now. */
  believed(market: MarketSnapshot | null): MarketSnapshot | null {
    if (market === null) return null;
    this.saw(market.sequence);
    return this.isSilent() ? { ...market, frozen: new Set(market.indexPrices.keys()) } : market;
  }

  private saw(sequence: number): void {
    if (this.newest === null || sequence > this.newest.sequence) {
      this.newest = { sequence, seenAtMs: this.elapsedMs() };
    }
  }

  private isSilent(): boolean {
    const { feedSilenceMs } = this.config;
    if (feedSilenceMs === null || this.newest === null) return false;
    return this.elapsedMs() - this.newest.seenAtMs > feedSilenceMs;
  }
}

const LOOK_MS_MIN = 100;
const LOOKS_PER_SILENCE = 10;
