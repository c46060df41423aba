import {
  type Client,
  type MarksAnswer,
  parseTime,
  ProblemAnswer,
  type QuotesAccepted,
  type QuotesRequest,
} from "@ballast/api-contract";
import type { MarketSnapshot } from "@ballast/model";
import { AnotherExchange } from "./opening.js";
import type { PlayedScenario } from "./scenario/ticks.js";
import { quoteRounds } from "./scenario/quotes.js";
import { waitUntilSettled } from "./settlement.js";

/*
 * What the exchange tells the house of the market: not what things are worth, but what venues and its own books say. One
 * push for every snapshot of the scenario, under a key of its own; the house publishes a snapshot of each, and the next
 * push waits until everything that followed from it has been done.
 */

/** The house has heard a whole market and published nothing: its rules are of another one. */
export class NothingPublished extends Error {
  override readonly name = "NothingPublished";
}

export interface QuoteFeed {
  /** Sequence of the scenario's snapshot that the house has heard last; 0 before the first. @throws AnotherExchange */
  heard(): Promise<number>;
  /**
   * Tells everything up to a snapshot of the scenario; answers what the house made of it, once that is settled.
   * @throws AnotherExchange when the house was told something else at this place.
   */
  tellUntil(snapshot: MarketSnapshot): Promise<MarksAnswer>;
}

/** The feed of one run. `clock` names the run, and is the beginning of every key. */
export function quoteFeed(
  client: Client,
  run: {
    readonly clock: string;
    readonly seed: string;
    readonly scenario: PlayedScenario;
    readonly settleMs: number;
  },
): QuoteFeed {
  const { clock, seed, scenario, settleMs } = run;
  const told = [scenario.opening, ...scenario.hours.flatMap(({ ticks }) => ticks)];
  return {
    async heard() {
      const market = await marketIfAny(client);
      if (market === null) return 0;
      const ours = told.find(({ at }) => at === parseTime(market.at));
      if (market.clock !== clock || ours === undefined) {
        throw new AnotherExchange(`its feed is ${market.clock}, at ${market.at}`);
      }
      return ours.sequence;
    },
    async tellUntil(to) {
      const from = told[told.indexOf(to) - 1] ?? null;
      const rounds = quoteRounds({ seed, startedAt: scenario.opening.at, from, to });
      const { sequence } = await publish(client, `${clock}.quotes.${to.sequence}`, { clock, rounds });
      if (sequence === null) throw new NothingPublished("the house lacks prices that this exchange does not tell");
      return waitUntilSettled(client, sequence, settleMs);
    },
  };
}

async function publish(client: Client, key: string, body: QuotesRequest): Promise<QuotesAccepted> {
  try {
    return await client.publishQuotes(key, body);
  } catch (fault) {
    if (fault instanceof ProblemAnswer && fault.code === "IDEMPOTENCY_KEY_REUSED") {
      throw new AnotherExchange(`it was told other quotes under ${key}`);
    }
    throw fault;
  }
}

async function marketIfAny(client: Client) {
  try {
    return await client.market();
  } catch (fault) {
    if (fault instanceof ProblemAnswer && fault.code === "SNAPSHOT_UNKNOWN") return null;
    throw fault;
  }
}
