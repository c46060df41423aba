import { expect, test } from "@jest/globals";
import { type Client, ProblemAnswer, type QuoteRound, type QuotesRequest } from "@ballast/api-contract";
import { accountId, assetId, type Instrument, instrumentId, type RiskParameters, toUtcMillis } from "@ballast/model";
import { amount, contractSize, price, quantity, ratio, usd } from "@ballast/money";
import type { Population, PopulationAccount } from "@ballast/simulator";
import fc from "fast-check";
import { drive } from "./drive.js";
import { PLAYED_INSTRUMENTS } from "./scenario/assumptions.js";
import type { Candle } from "./scenario/candles.js";
import { playScenario } from "./scenario/ticks.js";

const USDC = assetId("USDC");
const MAKER = accountId("mm01");
const USERS = Array.from({ length: 30 }, (_, index) => accountId(`u${index}`));

const member = (id: PopulationAccount["id"], kind: PopulationAccount["kind"]): PopulationAccount => ({
  id,
  kind,
  name: id,
  parent: null,
  style: kind === "USER" ? "DIRECTIONAL" : "MAKER",
  wealth: usd("10000"),
});
const POPULATION: Population = {
  accounts: [member(MAKER, "MARKET_MAKER"), ...USERS.map((id) => member(id, "USER"))],
  deposits: [MAKER, ...USERS].map((account) => ({ account, asset: USDC, amount: amount("10000") })),
  fills: USERS.map((buyer) => ({
    instrument: instrumentId("BTC_USDC-PERPETUAL"),
    buyer,
    seller: MAKER,
    quantity: quantity("10"),
    price: price("100"),
    buyerFeeRate: ratio("0.0005"),
    sellerFeeRate: ratio("0.0002"),
  })),
  openInterest: usd("0"),
};
const PARAMETERS = {
  instruments: new Map(
    PLAYED_INSTRUMENTS.map(({ id, underlying }): [Instrument["id"], Instrument] => [
      id,
      {
        kind: "perpetual",
        id,
        payoff: "linear",
        underlying: assetId(underlying),
        settlementAsset: USDC,
        contractSize: contractSize("0.001"),
        lotSize: quantity("1"),
        tickSize: price("0.01"),
      },
    ]),
  ),
} as unknown as RiskParameters;

const candle = (at: string): Candle => ({ open: price(at), high: price(at), low: price(at), close: price(at) });
const scenarioOf = (hours: number, start = 100) =>
  playScenario({
    name: "test",
    remarks: [],
    hours: Array.from({ length: hours }, (_, hour) => ({
      startsAt: toUtcMillis(Date.UTC(2020, 2, 12, hour)),
      marks: new Map([
        [assetId("BTC"), candle(String(start + hour))],
        [assetId("ETH"), candle("10")],
      ]),
    })),
  });

class Killed extends Error {}

const lastRound = (push: QuotesRequest | undefined): QuoteRound | undefined => push?.rounds.at(-1);

/**
 * A house that keeps what it was told, once per key. Who is in margin call depends on the latest push and on the money
 * they added, so a driver that asks twice hears two answers. Dies before or after call number `diesAt`.
 */
class FakeHouse {
  readonly effects = new Map<string, string>();
  readonly pushes: QuotesRequest[] = [];
  readonly topped = new Set<string>();
  calls = 0;
  diesAt = Number.POSITIVE_INFINITY;
  diesBefore = true;

  client(): Client {
    const change = (name: string, key: string, body: unknown, effect: () => unknown) =>
      this.call(() => {
        const text = JSON.stringify([name, body]);
        const known = this.effects.get(key);
        if (known !== undefined && known !== text) throw this.problem(422, "IDEMPOTENCY_KEY_REUSED");
        if (known !== undefined) return {};
        const answer = effect();
        this.effects.set(key, text);
        return answer;
      });
    const client: Partial<Record<keyof Client, unknown>> = {
      openAccounts: (key: string, body: unknown) =>
        change("open", key, body, () => {
          if (this.effects.size > 0) throw this.problem(409, "ACCOUNT_EXISTS");
          return { opened: 1 };
        }),
      deposits: (key: string, body: { deposits: { key: string }[] }) =>
        this.call(() => {
          this.effects.set(key, JSON.stringify(body));
          return { results: body.deposits.map((deposit) => ({ key: deposit.key, status: "POSTED" })) };
        }),
      fills: (key: string, body: { fills: { id: string }[] }) =>
        this.call(() => {
          const text = JSON.stringify(body);
          if ((this.effects.get(key) ?? text) !== text) throw this.problem(422, "IDEMPOTENCY_KEY_REUSED");
          this.effects.set(key, text);
          return { results: body.fills.map((fill) => ({ id: fill.id, status: "POSTED" })) };
        }),
      deposit: (key: string, account: string, body: unknown) =>
        change("deposit", key, [account, body], () => {
          this.topped.add(`${this.pushes.length}.${account}`);
          return {};
        }),
      withdraw: (key: string, account: string, body: unknown) =>
        change("withdraw", key, [account, body], () => {
          if (account.endsWith("3")) throw this.problem(409, "WITHDRAWAL_EXCEEDS_MARGIN");
          return {};
        }),
      publishQuotes: (key: string, body: QuotesRequest) =>
        this.call(() => {
          const text = JSON.stringify(body);
          const known = this.effects.get(key);
          if (known !== undefined && known !== text) throw this.problem(422, "IDEMPOTENCY_KEY_REUSED");
          if (known === undefined) {
            const heard = lastRound(this.pushes.at(-1))?.elapsedMs ?? -1;
            if ((body.rounds[0]?.elapsedMs ?? 0) <= heard) throw new Error("told backwards");
            this.pushes.push(body);
            this.effects.set(key, text);
          }
          return { sequence: this.pushes.length };
        }),
      market: () =>
        this.call(() => {
          const latest = this.pushes.at(-1);
          if (latest === undefined) throw this.problem(404, "SNAPSHOT_UNKNOWN");
          return { clock: latest.clock, at: lastRound(latest)?.at };
        }),
      marks: (sequence: number) =>
        this.call(() => ({ sequence, status: "SETTLED", markPrices: { "BTC_USDC-PERPETUAL": "100" }, frozen: [] })),
      accounts: () =>
        this.call(() => ({
          data: USERS.filter(
            (id, index) => (index + this.pushes.length) % 2 === 0 && !this.topped.has(`${this.pushes.length}.${id}`),
          ).map((id) => ({ id })),
          page: { nextCursor: null, hasMore: false },
        })),
      summary: () => this.call(() => ({ cases: { open: 0, byOutcome: {} } })),
      insuranceFund: () => this.call(() => ({ health: null })),
    };
    return client as unknown as Client;
  }

  private async call<Answer>(work: () => Answer): Promise<Answer> {
    this.calls += 1;
    if (this.calls === this.diesAt && this.diesBefore) throw new Killed();
    const dying = this.calls === this.diesAt;
    try {
      const answer = work();
      if (!dying) return await Promise.resolve(answer);
    } catch (fault) {
      if (!dying) throw fault;
    }
    throw new Killed();
  }

  private problem(status: number, code: string): ProblemAnswer {
    const body = { type: "t", title: "t", status, detail: code, instance: "i", code, traceId: "t" };
    return new ProblemAnswer(status, body as ProblemAnswer["problem"]);
  }
}

const silent = { say: () => {}, opening: () => {}, opened: () => {}, tick: () => {}, hour: () => {} };
const playOn = (house: FakeHouse, hours = 4, seed = "7", start = 100) =>
  drive({
    client: house.client(),
    seed,
    scenario: scenarioOf(hours, start),
    population: POPULATION,
    parameters: PARAMETERS,
    progress: silent,
    settleMs: 1_000,
  });
const playedThrough = async () => {
  const house = new FakeHouse();
  await playOn(house);
  return house;
};
const sorted = (house: FakeHouse) => [...house.effects].sort(([left], [right]) => (left < right ? -1 : 1));

test("a run tells every minute once, in order, three pushes an hour, and lives between the hours", async () => {
  const house = await playedThrough();
  expect(house.pushes).toHaveLength(13);
  const minutes = house.pushes.flatMap(({ rounds }) => rounds.map(({ elapsedMs }) => elapsedMs / 60_000));
  expect(minutes).toEqual(Array.from({ length: 4 * 60 + 1 }, (_, minute) => minute));
  const keys = [...house.effects.keys()];
  expect(keys.every((key) => key.startsWith("test.7."))).toBe(true);
  for (const hour of [1, 2, 3]) {
    for (const kind of ["fills", "top-up", "withdrawal"]) {
      expect({ hour, kind, found: keys.some((key) => key.startsWith(`test.7.h${hour}.${kind}.`)) }).toEqual({
        hour,
        kind,
        found: true,
      });
    }
  }
  expect(keys.some((key) => key.startsWith("test.7.h4."))).toBe(false);
});

test("a second run over the kept house changes nothing", async () => {
  const house = await playedThrough();
  const before = sorted(house);
  await expect(playOn(house)).resolves.toEqual({ hoursBefore: 3 });
  expect(sorted(house)).toEqual(before);
});

test("a driver that is killed before or after any call, and started again, ends with the same commands", async () => {
  const whole = new FakeHouse();
  await playOn(whole, 2);
  const effects = sorted(whole);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: whole.calls }), fc.boolean(), async (diesAt, diesBefore) => {
      const house = new FakeHouse();
      Object.assign(house, { diesAt, diesBefore });
      await expect(playOn(house, 2)).rejects.toThrow(Killed);
      await playOn(house, 2);
      expect(sorted(house)).toEqual(effects);
    }),
  );
});

//  what is other        hours  seed  first price
test.each([
  ["the seed", 4, "8", 100],
  ["the prices", 4, "7", 200],
  ["the number of hours", 2, "7", 100],
] as const)("a house that was driven with another exchange is left alone: %s", async (_, hours, seed, start) => {
  const house = await playedThrough();
  const before = sorted(house);
  await expect(playOn(house, hours, seed, start)).rejects.toThrow("the database holds another exchange");
  expect(sorted(house)).toEqual(before);
});
