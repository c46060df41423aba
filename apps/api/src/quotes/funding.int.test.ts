import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { printTime, type QuoteRound } from "@ballast/api-contract";
import { assertInvariant, instrumentId, ok, type Rejection, type Result, TREASURY, toUtcMillis } from "@ballast/model";
import { parseDecimal, price, rate } from "@ballast/money";
import { STANDARD_SOURCES } from "@ballast/risk-core";
import type { Command, CommandAnswer, FundingTerms, PayFunding } from "@ballast/store";
import { freshKey, startTestApi, type TestApi } from "../testing/test-api.js";
import { fill, open } from "../testing/trading-day.js";
import { payFunding } from "./pay-funding.js";

/*
 * A day of funding: the house opens at noon, intervals end at four in the afternoon and at midnight.
 */

const PERPETUAL = "BTC_USDC-PERPETUAL";
const BOOKS: Readonly<Record<string, string>> = {
  // Two per mille above the index: longs pay.
  [PERPETUAL]: "8016",
  "BTC-PERPETUAL": "8000",
  "BTC_USDC-26JUN20": "8000",
  "ETH_USDC-PERPETUAL": "200",
  "ETH-PERPETUAL": "200",
};
const MINUTE = 60_000;

let api: TestApi;
let minute = 0;

beforeAll(async () => {
  api = await startTestApi({ BALLAST_MARKET_RULES: "standard" });
  await open(api, ["alice", "bob", "carol"], "1000");
}, 60_000);

afterAll(async () => {
  await api.expectBooksToBalance();
  await api.close();
});

function nextMinute(): QuoteRound {
  const sequence = ++minute;
  api.advance(MINUTE);
  const levels = { USDC: "1", BTC: "8000", ETH: "200" };
  return {
    elapsedMs: minute * MINUTE,
    at: printTime(api.now()),
    ticks: Object.entries(levels).flatMap(([asset, level]) =>
      STANDARD_SOURCES.slice(0, 3).map((source) => ({ asset, source, sequence, price: level, ageMs: 0 })),
    ),
    books: Object.entries(BOOKS).map(([instrument, level]) => {
      return { instrument, sequence, bid: level, ask: level, last: level, depth: "5000000" };
    }),
  };
}

/** So many minutes in one push. */
async function pass(minutes: number) {
  const rounds = Array.from({ length: minutes }, nextMinute);
  const key = freshKey("quotes");
  const body = { clock: "feed", rounds };
  return { body, key, answer: await api.client().publishQuotes(key, body) };
}

const dollars = async (account: string) => {
  const { balances } = await api.client().account(account);
  return parseDecimal(balances.find(({ asset }) => asset === "USDC")?.amount ?? "0");
};
const statuses = async () =>
  (await api.client().fundings()).data.map(({ instrument, paidAt, status }) => [
    instrument,
    paidAt.slice(11, 16),
    status,
  ]);

describe("MARK-15: funding is paid when its interval ends", () => {
  test("an interval that was seen for too short has no rate, and nobody pays", async () => {
    await pass(1);
    await api.client().fills(freshKey(), { fills: [fill(api, { buyer: "alice", seller: "bob", quantity: "100" })] });
    await pass(239);
    expect(await statuses()).toEqual(
      ["BTC-PERPETUAL", PERPETUAL, "ETH-PERPETUAL", "ETH_USDC-PERPETUAL"].map((id) => [id, "16:00", "NO_RATE"]),
    );
    expect((await dollars("alice")).toFixed()).toBe("1000");
  });

  test("at the end of a whole one longs pay shorts, the last unit is the treasury's, and the push that ends it pays once", async () => {
    await pass(240);
    const ending = await pass(240);
    const { data } = await api.client().fundings();
    const paid = data.find(({ instrument }) => instrument === PERPETUAL);
    expect(paid).toMatchObject({ status: "POSTED", paidAt: "2020-03-13T00:00:00.000Z", asset: "USDC", accounts: 2 });
    // The premium is two per mille less the way of the impact order; the dampener takes half of a per mille of it.
    const known = parseDecimal(paid?.rate ?? "0");
    expect(known.gt("0.0014") && known.lt("0.0015")).toBe(true);
    const [alice, bob, treasury] = await Promise.all(["alice", "bob", TREASURY].map(dollars));
    assertInvariant(alice !== undefined && bob !== undefined && treasury !== undefined, "three balances", {});
    // 100 contracts of a thousandth of a bitcoin.
    const due = parseDecimal(paid?.price ?? "0")
      .mul("0.1")
      .mul(known);
    expect(alice.sub(1000).add(due).abs().lt("1e-17")).toBe(true);
    expect(parseDecimal(paid?.paid ?? "0").eq(alice.sub(1000).neg())).toBe(true);
    expect(alice.add(bob).add(treasury).toFixed()).toBe("2000");
    expect(treasury.gte(0)).toBe(true);
    const [row] = (await api.client().ledger("alice", { limit: 1 })).data;
    expect(row).toMatchObject({ kind: "FUNDING", asset: "USDC" });

    expect(await api.client().publishQuotes(ending.key, ending.body)).toEqual(ending.answer);
    await api.client().publishQuotes(freshKey("again"), ending.body);
    expect((await dollars("alice")).eq(alice)).toBe(true);
  });
});

describe("MARK-15: what could not be paid is due", () => {
  const terms: FundingTerms = {
    instrument: instrumentId(PERPETUAL),
    paidAt: toUtcMillis(Date.UTC(2020, 2, 13, 8)),
    rate: rate("0.0001"),
    price: price("8000"),
  };

  /** A push that ends a funding and pays in this way. */
  async function publish(
    pay: PayFunding,
    fundings: readonly FundingTerms[] = [terms],
  ): Promise<Result<CommandAnswer<string>, Rejection>> {
    const command: Command = {
      scope: "test",
      key: freshKey("funding"),
      fingerprint: "0",
      actor: "test",
      action: "publish-quotes",
      at: api.now(),
    };
    const latest = await api.store.latestSnapshot();
    return api.store.publishLive<string>(command, (kept, sequence) => {
      assertInvariant(kept !== null && latest !== null && sequence !== null, "the market is open", {});
      const snapshot = { ...latest, sequence: sequence + 1 };
      return ok({ kept, snapshot, indices: [], fundings, pay, response: "PUBLISHED" });
    });
  }
  const newest = async () => (await api.client().fundings()).data[0];

  test("a fault publishes the snapshot, undoes the payments, and leaves them due; the next push pays", async () => {
    const before = await dollars("alice");
    const broken = () => {
      throw new Error("a bug");
    };
    expect((await publish(broken)).ok).toBe(true);
    expect(await newest()).toMatchObject({ status: "DUE", accounts: 0 });
    expect((await dollars("alice")).eq(before)).toBe(true);
    const { data } = await api.client().audit({ limit: 5 });
    expect(JSON.stringify(data)).toContain("a bug");

    await publish(payFunding, []);
    expect(await newest()).toMatchObject({ status: "POSTED", accounts: 2, paid: "0.08" });
    expect(before.sub(await dollars("alice")).toFixed()).toBe("0.08");
  });

  test("what is told twice is paid once, with other words too", async () => {
    const before = await dollars("alice");
    await publish(payFunding);
    await publish(payFunding, [{ ...terms, rate: rate("0.5") }]);
    expect((await dollars("alice")).eq(before)).toBe(true);
  });

  test("while everybody trades, three fundings are paid by everybody who holds, and the books balance", async () => {
    const trades = Array.from({ length: 30 }, (_, at) =>
      api.client().fills(freshKey(), {
        fills: [
          fill(api, { buyer: at % 2 === 0 ? "carol" : "bob", seller: at % 2 === 0 ? "bob" : "carol", quantity: "1" }),
        ],
      }),
    );
    const later = (hours: number) => ({ ...terms, paidAt: toUtcMillis(terms.paidAt + hours * 3_600_000) });
    const fundings = [8, 16, 24].map((hours) => publish(payFunding, [later(hours)]));
    await Promise.all([...trades, ...fundings]);
    expect((await statuses()).slice(0, 3).map(([, , status]) => status)).toEqual(["POSTED", "POSTED", "POSTED"]);
    await api.expectBooksToBalance();
  });
});
