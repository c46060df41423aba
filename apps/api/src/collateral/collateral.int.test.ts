import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { assetId, accountId } from "@ballast/model";
import {
  EXCHANGE,
  freshKey,
  problemOf,
  startTestApi,
  type TestApi,
  type TestKey,
  verdict,
} from "../testing/test-api.js";
import { fill, open, publish } from "../testing/trading-day.js";

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
}, 60_000);

afterAll(async () => {
  await api.expectBooksToBalance();
  await api.close();
});

const balance = async (account: string, asset = "USDC") =>
  (await api.store.account(accountId(account)))?.balances.get(assetId(asset))?.toFixed() ?? "0";

function post(target: string, body: object, key = freshKey(), as: TestKey = EXCHANGE) {
  return api.askAs(as, { method: "POST", target, body: JSON.stringify(body), headers: { "idempotency-key": key } });
}

describe("before the first marks", () => {
  test("money may come in and not go out", async () => {
    await open(api, ["early"], "10");
    expect(await balance("early")).toBe("10");
    const out = await post("/v1/accounts/early/withdrawals", { asset: "USDC", amount: "1" });
    expect(verdict(out)).toBe("409 MARKET_UNKNOWN");
    expect(verdict(await api.askAs(EXCHANGE, { method: "GET", target: "/v1/accounts/early/margin" }))).toBe(
      "409 MARKET_UNKNOWN",
    );
    await publish(api, 1, "8000");
  });
});

describe("in and out", () => {
  test("a deposit and a withdrawal answer with the balance they leave", async () => {
    await open(api, ["alice"], "0");
    const deposit = await post("/v1/accounts/alice/deposits", { asset: "BTC", amount: "0.12345678" });
    expect(deposit.json).toMatchObject({ account: "alice", asset: "BTC", balance: "0.12345678" });
    const withdrawal = await post("/v1/accounts/alice/withdrawals", { asset: "BTC", amount: "0.00000001" });
    expect(withdrawal.json).toMatchObject({ balance: "0.12345677" });
  });

  test.each([
    ["an account nobody has", "nobody", { asset: "USDC", amount: "1" }, "404 ACCOUNT_UNKNOWN"],
    ["an asset nobody has", "alice", { asset: "DOGE", amount: "1" }, "422 ASSET_UNKNOWN"],
    ["an instrument instead of an asset", "alice", { asset: "BTC-PERPETUAL", amount: "1" }, "422 ASSET_UNKNOWN"],
    ["nothing", "alice", { asset: "USDC", amount: "0" }, "422 AMOUNT_NOT_POSITIVE"],
    ["less than nothing", "alice", { asset: "USDC", amount: "-5" }, "422 AMOUNT_NOT_POSITIVE"],
    ["a digit too many", "alice", { asset: "USDC", amount: "0.0000001" }, "422 AMOUNT_TOO_FINE"],
    ["more than there is", "alice", { asset: "BTC", amount: "1" }, "409 BALANCE_INSUFFICIENT"],
  ])("a withdrawal of %s is refused", async (_case, account, body, expected) => {
    expect(verdict(await post(`/v1/accounts/${account}/withdrawals`, body))).toBe(expected);
  });

  test("a refusal carries the facts a person would ask for next", async () => {
    const refused = await post("/v1/accounts/alice/withdrawals", { asset: "BTC", amount: "1" });
    expect(problemOf(refused).facts).toEqual({ asset: "BTC", balance: "0.12345677", required: "1" });
  });

  test("a frozen account moves nothing until it is freed", async () => {
    await open(api, ["icy"], "10");
    const freeze = (frozen: boolean) =>
      api.store.setFrozen(
        {
          scope: "tests",
          key: freshKey("freeze"),
          fingerprint: String(frozen),
          actor: "tests",
          action: "freeze",
          at: api.now(),
        },
        accountId("icy"),
        frozen,
      );
    await freeze(true);
    const deposit = () => post("/v1/accounts/icy/deposits", { asset: "USDC", amount: "1" });
    expect(verdict(await deposit())).toBe("409 ACCOUNT_FROZEN");
    const batch = await api.client().deposits(freshKey(), {
      deposits: [
        { account: "icy", asset: "USDC", amount: "1", key: freshKey() },
        { account: "alice", asset: "USDC", amount: "1", key: freshKey() },
      ],
    });
    expect(batch.results.map((result) => result.rejection?.code ?? result.status)).toEqual([
      "ACCOUNT_FROZEN",
      "POSTED",
    ]);
    await freeze(false);
    expect(verdict(await deposit())).toBe("201");
  });
});

describe("once", () => {
  test("a replay gets the stored answer, says so, and books nothing", async () => {
    await open(api, ["again"], "0");
    const key = freshKey();
    const body = { asset: "USDC", amount: "5" };
    const first = await post("/v1/accounts/again/deposits", body, key);
    const second = await post("/v1/accounts/again/deposits", body, key);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.json).toEqual(first.json);
    expect(first.headers["idempotency-replayed"]).toBeUndefined();
    expect(second.headers["idempotency-replayed"]).toBe("true");
    expect(await balance("again")).toBe("5");
  });

  test.each([
    ["another amount", "/v1/accounts/again/deposits", { asset: "USDC", amount: "6" }],
    ["another route", "/v1/accounts/again/withdrawals", { asset: "USDC", amount: "5" }],
  ])("the same key with %s is refused", async (_case, target, body) => {
    const key = freshKey();
    await post("/v1/accounts/again/deposits", { asset: "USDC", amount: "5" }, key);
    expect(verdict(await post(target, body, key))).toBe("422 IDEMPOTENCY_KEY_REUSED");
  });

  test("a rejection does not use up its key: the same request may be tried again", async () => {
    const key = freshKey();
    const body = { asset: "BTC", amount: "1" };
    expect(verdict(await post("/v1/accounts/again/withdrawals", body, key))).toBe("409 BALANCE_INSUFFICIENT");
    await post("/v1/accounts/again/deposits", { asset: "BTC", amount: "1" });
    expect(verdict(await post("/v1/accounts/again/withdrawals", body, key))).toBe("201");
  });

  test.each([
    ["none", {}],
    ["an empty one", { "idempotency-key": "" }],
    ["one with a space", { "idempotency-key": "a b" }],
    ["one of 129 characters", { "idempotency-key": "a".repeat(129) }],
  ])("a request that moves money needs a key: %s is refused", async (_case, headers) => {
    const body = '{"asset":"USDC","amount":"1"}';
    const target = "/v1/accounts/again/deposits";
    const signed = api.sign(EXCHANGE, { method: "POST", target, body });
    const sent = { ...signed, "content-type": "application/json", ...headers };
    expect(verdict(await api.ask({ method: "POST", target, body, headers: sent }))).toBe("400 IDEMPOTENCY_KEY_MISSING");
  });

  test("two API keys may use the same idempotency key for different things", async () => {
    await publish(api, 2, "8000");
    const made = await api.client().newApiKey(freshKey(), "again", { scopes: ["account:withdraw"] });
    const own: TestKey = { id: made.id, secret: made.secret ?? "" };
    const key = freshKey();
    const before = await balance("again");
    expect(verdict(await post("/v1/accounts/again/deposits", { asset: "USDC", amount: "5" }, key))).toBe("201");
    expect(verdict(await post("/v1/accounts/again/withdrawals", { asset: "USDC", amount: "5" }, key, own))).toBe("201");
    expect(await balance("again")).toBe(before);
  });

  test("fifty at once with one key are one deposit", async () => {
    await open(api, ["crowd"], "0");
    const key = freshKey();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => post("/v1/accounts/crowd/deposits", { asset: "USDC", amount: "7" }, key)),
    );
    expect(new Set(answers.map(verdict))).toEqual(new Set(["201"]));
    expect(new Set(answers.map((answered) => answered.text)).size).toBe(1);
    expect(answers.filter((answered) => answered.headers["idempotency-replayed"] === undefined)).toHaveLength(1);
    expect(await balance("crowd")).toBe("7");
  });

  test("a batch item is booked once under its own key, whatever the key of its batch", async () => {
    await open(api, ["batched"], "0");
    const deposits = [{ account: "batched", asset: "USDC", amount: "3", key: freshKey("item") }];
    const first = await api.client().deposits(freshKey(), { deposits });
    const second = await api.client().deposits(freshKey(), { deposits: [...deposits, ...deposits] });
    expect(first.results.map((result) => result.status)).toEqual(["POSTED"]);
    expect(second.results.map((result) => result.status)).toEqual(["REPLAYED", "REPLAYED"]);
    expect(await balance("batched")).toBe("3");
  });

  test("a batch says of each item what became of it", async () => {
    const answer = await api.client().deposits(freshKey(), {
      deposits: [
        { account: "nobody", asset: "USDC", amount: "1", key: freshKey() },
        { account: "batched", asset: "DOGE", amount: "1", key: freshKey() },
        { account: "batched", asset: "USDC", amount: "-1", key: freshKey() },
        { account: "batched", asset: "USDC", amount: "0.0000001", key: freshKey() },
        { account: "batched", asset: "USDC", amount: "1", key: freshKey() },
      ],
    });
    expect(answer.results.map((result) => result.rejection?.code ?? result.status)).toEqual([
      "ACCOUNT_UNKNOWN",
      "ASSET_UNKNOWN",
      "AMOUNT_NOT_POSITIVE",
      "AMOUNT_TOO_FINE",
      "POSTED",
    ]);
    expect(await balance("batched")).toBe("4");
  });
});

describe("fields that only make sense together", () => {
  beforeAll(async () => {
    await open(api, ["main", "main/one", "main/two", "other", "other/one"], "100");
  });

  test.each([
    ["main to sub", "main", "main.one", "201"],
    ["sub to main", "main.one", "main", "201"],
    ["sub to sub", "main.one", "main.two", "201"],
    ["main to somebody else", "main", "other", "422 NOT_RELATED"],
    ["sub to somebody else's sub", "main.one", "other.one", "422 NOT_RELATED"],
    ["to itself", "main", "main", "422 SAME_ACCOUNT"],
    ["to nobody", "main", "nobody", "404 ACCOUNT_UNKNOWN"],
    ["to the insurance fund", "main", "house.insurance-fund", "422 NOT_RELATED"],
  ])("a transfer from %s", async (_case, from, to, expected) => {
    expect(verdict(await post("/v1/transfers", { from, to, asset: "USDC", amount: "1" }))).toBe(expected);
  });

  test("an amount of one asset does not pay in another: 100 dollars are not 100 bitcoin", async () => {
    const asked = { from: "main", to: "main.one", asset: "BTC", amount: "50" };
    expect(verdict(await post("/v1/transfers", asked))).toBe("409 BALANCE_INSUFFICIENT");
    const withdrawal = { asset: "BTC", amount: "0.001" };
    expect(verdict(await post("/v1/accounts/main/withdrawals", withdrawal))).toBe("409 BALANCE_INSUFFICIENT");
  });

  test("a sub-account's money is not its main account's", async () => {
    const total = await balance("main");
    const asked = { asset: "USDC", amount: String(Number.parseInt(total, 10) + 1) };
    expect(verdict(await post("/v1/accounts/main/withdrawals", asked))).toBe("409 BALANCE_INSUFFICIENT");
  });

  test("an account in the body cannot override the one in the path", async () => {
    const smuggled = { account: "other", asset: "USDC", amount: "1" };
    expect(verdict(await post("/v1/accounts/main/deposits", smuggled))).toBe("422 REQUEST_INVALID");
  });
});

describe("races over HTTP", () => {
  // 100 contracts at 8000 are 800 dollars of notional and 16 of initial margin; nobody can have both the fill and all
  // of the money.
  test("a withdrawal racing a fill: never both", async () => {
    const rounds = 30;
    const names = Array.from({ length: rounds }, (_, round) => `racer-${round}`);
    await open(api, names, "20");
    await open(api, ["race-maker"], "1000000");
    const outcomes = await Promise.all(
      names.map(async (name) => {
        const [withdrawn, cleared] = await Promise.all([
          post(`/v1/accounts/${name}/withdrawals`, { asset: "USDC", amount: "10" }),
          api.client().fills(freshKey(), { fills: [fill(api, { buyer: name, seller: "race-maker" })] }),
        ]);
        const { state, equity, initialMargin } = await api.client().margin(name);
        return {
          name,
          withdrawn: verdict(withdrawn),
          cleared: cleared.results[0]?.status,
          state,
          equity,
          initialMargin,
        };
      }),
    );
    for (const outcome of outcomes) {
      const both = outcome.withdrawn === "201" && outcome.cleared === "POSTED";
      expect([outcome, both, outcome.state]).toEqual([outcome, false, "HEALTHY"]);
      expect([outcome.name, outcome.withdrawn === "201" || outcome.cleared === "POSTED"]).toEqual([outcome.name, true]);
    }
  }, 60_000);

  test("two withdrawals racing for the same money: one", async () => {
    const names = Array.from({ length: 20 }, (_, round) => `pair-${round}`);
    await open(api, names, "10");
    for (const name of names) {
      const verdicts = await Promise.all(
        Array.from({ length: 2 }, () => post(`/v1/accounts/${name}/withdrawals`, { asset: "USDC", amount: "6" })),
      );
      expect([name, ...verdicts.map(verdict).sort()]).toEqual([name, "201", "409 BALANCE_INSUFFICIENT"]);
    }
  }, 60_000);

  test("transfers back and forth at once lose and make nothing", async () => {
    await open(api, ["seesaw", "seesaw/a", "seesaw/b"], "100");
    const ends = ["seesaw", "seesaw.a", "seesaw.b"] as const;
    const moves = Array.from({ length: 60 }, (_, at) => ({
      from: ends[at % 3] as string,
      to: ends[(at + 1 + (at % 2)) % 3] as string,
      asset: "USDC",
      amount: String(1 + (at % 40)),
    }));
    const answers = await Promise.all(moves.map((move) => post("/v1/transfers", move)));
    expect(new Set(answers.map((answered) => answered.status))).not.toContain(500);
    const held = await Promise.all(ends.map((name) => balance(name)));
    expect(held.reduce((sum, text) => sum + Number.parseInt(text, 10), 0)).toBe(300);
    expect(held.filter((text) => text.startsWith("-"))).toEqual([]);
  }, 60_000);
});

describe("LIQUIDATION-25: when accounts lack more than the fund has", () => {
  const takeOut = () => post("/v1/accounts/bystander/withdrawals", { asset: "USDC", amount: "1" });
  const markAt = async (sequence: number, bitcoin: string) => {
    await publish(api, sequence, bitcoin);
    await api.store.scanSnapshot(sequence);
  };

  test("nothing leaves the house, whoever asks first; money still comes in, and it opens again by itself", async () => {
    await open(api, ["bystander"], "100");
    await open(api, ["deep-maker"], "1000000");
    await open(api, ["sinking"], "50");
    await api.client().fills(freshKey(), { fills: [fill(api, { buyer: "sinking", seller: "deep-maker" })] });
    // A tenth of a bitcoin loses 100 dollars, of which 50 are there.
    await markAt(102, "7000");
    const refused = await takeOut();
    expect(verdict(refused)).toBe("409 WITHDRAWALS_BRAKED");
    expect(problemOf(refused).facts).toEqual({ deficitsInProgress: "50", fund: "0", uncovered: "50" });
    expect(verdict(await post("/v1/accounts/bystander/deposits", { asset: "USDC", amount: "1" }))).toBe("201");
    await markAt(103, "7990");
    expect(verdict(await takeOut())).toBe("201");
  });
});
