import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { coverageJournal, fillJournal } from "@ballast/ledger";
import { accountId, assetId, INSURANCE_FUND, instrumentId, ok } from "@ballast/model";
import { amount, magnitude, price, quantity, ZERO_AMOUNT } from "@ballast/money";
import { assessAccount, planForAccount, recordAccount, recordPlan } from "@ballast/risk-core";
import type { Command, VenueFill } from "@ballast/store";
import { type Say, twoPeople } from "../testing/people.js";
import { freshKey, startTestApi, type TestApi, verdict } from "../testing/test-api.js";
import { fill, open, publish } from "../testing/trading-day.js";

const PERPETUAL = instrumentId("BTC_USDC-PERPETUAL");
const alice = accountId("alice");
const bob = accountId("bob");

let api: TestApi;
let ann: string;
let ben: string;
let say: Say;

beforeAll(async () => {
  api = await startTestApi();
  ({ ann, ben, say } = await twoPeople(api));
}, 60_000);

afterAll(async () => {
  await api.expectBooksToBalance();
  await api.close();
});

const command = (action: string): Command => ({
  scope: "test",
  key: freshKey(action),
  fingerprint: "0",
  actor: "liquidator",
  action,
  at: api.now(),
});

describe("CASE-7: pauses over the API", () => {
  test("one person pauses, two resume, and each is named", async () => {
    const paused = await say(ann, "/v1/liquidation-pauses", { stage: "REDUCE", reason: "the index is wrong" });
    expect(paused.json).toEqual({ stage: "REDUCE", state: "PAUSED" });
    expect(verdict(await say(ben, "/v1/liquidation-pauses", { stage: "REDUCE", reason: "again" }))).toBe(
      "409 STAGE_ALREADY_PAUSED",
    );
    const { data } = await api.client().pauses();
    expect(data).toMatchObject([{ stage: "REDUCE", reason: "the index is wrong", pausedBy: "admin:admin" }]);

    const resume = (cookie: string) => say(cookie, "/v1/liquidation-pauses/REDUCE/resume");
    expect((await resume(ann)).json).toEqual({ stage: "REDUCE", state: "FIRST_SIGNATURE" });
    expect(verdict(await resume(ann))).toBe("409 SECOND_PERSON_NEEDED");
    expect((await resume(ben)).json).toEqual({ stage: "REDUCE", state: "RESUMED" });
    expect(verdict(await resume(ben))).toBe("409 STAGE_NOT_PAUSED");
    expect((await api.client().pauses()).data).toEqual([]);
  });

  //  what is tried                                    body                                         answer
  test.each([
    ["a stage that is none", { stage: "EVERYTHING", reason: "x" }, "422 REQUEST_INVALID"],
    ["without a reason", { stage: "ALL", reason: "" }, "422 REQUEST_INVALID"],
    ["in somebody else's name", { stage: "ALL", reason: "x", pausedBy: "ben" }, "422 REQUEST_INVALID"],
  ])("%s is refused", async (_, body, answer) => {
    expect(verdict(await say(ann, "/v1/liquidation-pauses", body))).toBe(answer);
  });

  test("a key, even the exchange's, pauses nothing; nor does a page of somebody else", async () => {
    const exchange = { id: "exchange", secret: "e".repeat(32) };
    const body = JSON.stringify({ stage: "ALL", reason: "x" });
    const byKey = await api.askAs(exchange, { method: "POST", target: "/v1/liquidation-pauses", body });
    expect(verdict(byKey)).toBe("403 SCOPE_INSUFFICIENT");
    const foreign = await say(ann, "/v1/liquidation-pauses", { stage: "ALL", reason: "x" }, "http://evil.test");
    expect(verdict(foreign)).toBe("403 ORIGIN_FORBIDDEN");
    expect((await api.client().pauses()).data).toEqual([]);
  });
});

describe("CASE-8: quarantine over the API", () => {
  test("is listed with its fault, and released by a person", async () => {
    await open(api, ["quentin"], "0");
    const step = { account: accountId("quentin"), epoch: 1, step: 1 };
    const fault = { code: "INVARIANT_VIOLATED", message: "CASE-6 a venue fills no more than was ordered" };
    for (let failure = 0; failure < 3; failure += 1) await api.store.recordFailure(command("failure"), step, fault);
    expect((await api.client().quarantine()).data).toMatchObject([{ ...step, failures: 3, fault }]);
    const release = () => say(ben, "/v1/liquidations/quentin/1/release");
    expect((await release()).json).toEqual({ account: "quentin", epoch: 1, released: true });
    expect(verdict(await release())).toBe("409 CASE_NOT_QUARANTINED");
    expect((await api.client().quarantine()).data).toEqual([]);
  });
});

describe("CASE-14: the record that is argued about", () => {
  beforeAll(async () => {
    await publish(api, 1, "8000");
    await open(api, ["alice"], "500");
    await open(api, ["bob"], "100000");
    await api.client().fills(freshKey("fills"), {
      fills: [fill(api, { buyer: "alice", seller: "bob", quantity: "1000" })],
    });
    api.advance(60_000);
    await publish(api, 2, "7570");
    await api.store.scanSnapshot(2);
    await reduceByHand();
  });

  /** What a worker does, step by step: intent, a fill of the venue, its booking, and a debt of an earlier case. */
  async function reduceByHand(): Promise<void> {
    const snapshot = await api.store.snapshot(2);
    const parameters = await api.store.riskParameters();
    if (snapshot === null || parameters === null) throw new Error("the house is open");
    await api.store.runCommand(command("look-again"), [alice, bob, INSURANCE_FUND], async (transaction) => {
      const account = transaction.account(alice);
      const plan = planForAccount(account, snapshot, parameters);
      if (plan.kind !== "REDUCE") throw new Error("alice is reduced");
      const [leg] = plan.legs;
      if (leg === undefined) throw new Error("there is a leg");
      const step = { account: alice, epoch: 1, step: 1 };
      const { hold } = await transaction.cases.intend(
        {
          ...step,
          kind: "REDUCE",
          status: "INTENT",
          sequence: 2,
          plan: recordPlan(plan.legs, plan.chosenBy),
          result: null,
          engineVersion: 2,
          inputs: recordAccount(account, assessAccount(account, snapshot, parameters).summary),
        },
        [{ ...step, clientOrderId: "alice.1.1.1", leg: 1, instrument: leg.instrument, quantity: leg.quantity }],
        5_000,
      );
      const filled: VenueFill = {
        venueFillId: "alice.1.1.1.1",
        clientOrderId: "alice.1.1.1",
        maker: bob,
        quantity: leg.quantity,
        price: price("7565"),
        markPrice: price("7570"),
      };
      const ended = { clientOrderId: "alice.1.1.1", outcome: "FILLED", reason: null } as const;
      await transaction.cases.book([{ hold, fills: [filled], ended: [ended] }]);
      const instrument = parameters.instruments.get(PERPETUAL);
      if (instrument === undefined) throw new Error("the perpetual is listed");
      await transaction.post([
        fillJournal({
          key: "venue.alice.1.1.1.1",
          kind: "LIQUIDATION_FILL",
          at: snapshot.at,
          instrument,
          buyer: transaction.account(bob),
          seller: account,
          quantity: magnitude(quantity(leg.quantity)),
          price: price("7565"),
          buyerFee: ZERO_AMOUNT,
          sellerFee: ZERO_AMOUNT,
        }),
        coverageJournal({
          key: "takeover.alice.0.fund.1",
          kind: "DEFICIT",
          at: snapshot.at,
          from: bob,
          to: alice,
          asset: assetId("USDC"),
          amount: amount("3"),
        }),
      ]);
      await transaction.cases.complete(hold, {});
      await transaction.cases.advance(alice, 1, { stage: "CLOSED", worked: 2, outcome: "REDUCED" });
      return ok(null);
    });
  }

  test("has inputs, prices with sequence and age, plan, orders, fills, payments and debts", async () => {
    const report = await api.client().liquidationReport("alice", 1);
    expect(report).toMatchObject({ account: "alice", epoch: 1, stage: "CLOSED", outcome: "REDUCED", steps: 1 });
    const [step] = report.stepList;
    expect(step).toMatchObject({
      sequence: 2,
      snapshotAt: "2020-03-12T12:01:00.000Z",
      parametersVersion: 1,
      engineVersion: 2,
      inputs: { id: "alice", balances: [{ asset: "USDC", amount: "500" }], equity: "70" },
      orders: [{ clientOrderId: "alice.1.1.1", outcome: "FILLED", fills: [{ maker: "bob", price: "7565" }] }],
    });
    expect(step?.priceAgeMs).toBeGreaterThan(0);
    expect(step?.prices).toContainEqual({ kind: "MARK", of: "BTC_USDC-PERPETUAL", price: "7570" });
    expect(step?.prices.some(({ of }) => of === "ETH-PERPETUAL")).toBe(false);
    expect(report.journals.map(({ key, kind }) => [key, kind])).toEqual([["venue.alice.1.1.1.1", "LIQUIDATION_FILL"]]);
    expect(report.debts).toEqual([{ creditor: "bob", asset: "USDC", amount: "3" }]);
  });

  test("is decided again, and comes out the same", async () => {
    expect((await api.client().liquidationReport("alice", 1)).stepList[0]?.replay).toBe("SAME");
  });

  test("of a case that is not, is not", async () => {
    await expect(api.client().liquidationReport("alice", 7)).rejects.toMatchObject({
      problem: { code: "CASE_UNKNOWN" },
    });
  });
});

describe("CASE-13: whoever owes", () => {
  test("takes nothing out of the house, and may bring in", async () => {
    const body = JSON.stringify({ asset: "USDC", amount: "1" });
    const move = (where: string) =>
      api.askAs(
        { id: "exchange", secret: "e".repeat(32) },
        { method: "POST", target: `/v1/accounts/alice/${where}`, body },
      );
    await api.client().deposit(freshKey("deposit"), "alice", { asset: "USDC", amount: "5000" });
    expect(verdict(await move("withdrawals"))).toBe("409 DEBT_OUTSTANDING");
    expect(verdict(await move("deposits"))).toBe("201");
  });
});
