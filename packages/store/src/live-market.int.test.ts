import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { assetId, type MarketSnapshot, ok, reject } from "@ballast/model";
import { price, ratio } from "@ballast/money";
import { createTestDatabase, type TestDatabase } from "@ballast/testkit";
import { Client } from "pg";
import type { Command } from "./command.js";
import type { Store } from "./store.js";
import { inFlight } from "./testing/in-flight.js";
import { command, marketAt, openTestStore } from "./testing/world.js";

let database: TestDatabase;
let store: Store;

beforeEach(async () => {
  database = await createTestDatabase();
  store = await openTestStore(database.url, { poolMax: 12 });
}, 60_000);

afterEach(async () => {
  await store.close();
  await database.drop();
});

const BTC = assetId("BTC");
const UNFUNDED = { fundings: [], pay: () => null };
const SAID = {
  asset: BTC,
  condition: "FROZEN",
  reason: "JUMP",
  confidence: ratio("0"),
  creditPrice: price("9999.5"),
  candidate: price("7999.000000000000000001"),
  excluded: [{ source: "venue-a", reason: "STALE" }],
} as const;

/** Adds one to a count that is the whole market, and publishes it as the next snapshot. */
const count = (as: Command = command("quotes"), through = store) =>
  through.publishLive<number>(as, (kept, latestSequence) => {
    const counted = ((kept?.record as number | undefined) ?? 0) + 1;
    const market = marketAt((latestSequence ?? 0) + 1, "10000");
    const [first, second] = [...market.markPrices];
    const stableMarks = new Map([first, second].flatMap((one) => (one === undefined ? [] : [one])));
    if (first !== undefined) stableMarks.set(first[0], price("9999"));
    const snapshot: MarketSnapshot = { ...market, stableMarks, frozen: new Set([BTC]) };
    return ok({ kept: { clock: "feed", record: counted }, snapshot, indices: [SAID], ...UNFUNDED, response: counted });
  });

describe("MARKET-12: the live market in memory", () => {
  test("goes on where it stood, and the snapshot and what the indices said are as they were", async () => {
    expect(await store.liveMarket()).toBeNull();
    expect(await count()).toMatchObject({ ok: true, value: { response: 1 } });
    expect(await count()).toMatchObject({ ok: true, value: { response: 2 } });
    expect(await store.liveMarket()).toEqual({ clock: "feed", record: 2 });
    const latest = await store.latestSnapshot();
    expect(latest?.frozen).toEqual(new Set(["BTC"]));
    expect([...(latest?.creditPrices ?? [])].map(([asset, counts]) => `${asset} ${counts.toFixed()}`)).toEqual([
      "BTC 9999.5",
    ]);
    // A stable mark that is the mark is not kept.
    expect([...(latest?.stableMarks?.values() ?? [])].map((stable) => stable.toFixed())).toEqual(["9999"]);
    expect(await store.indicesAt(2)).toEqual([SAID]);
    expect(await store.indicesAt(3)).toEqual([]);
  });

  test("twenty pushes at once are twenty, one after the other", async () => {
    const answers = await inFlight(Array.from({ length: 20 }), 20, () => count());
    const counts = answers.map((answer) => (answer.ok ? answer.value.response : 0));
    expect([...counts].sort((left, right) => left - right)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
    expect((await store.latestSnapshot())?.sequence).toBe(20);
  });

  test("the same push twice is one", async () => {
    const twice = command("twice");
    const answers = await inFlight([1, 2, 3], 3, () => count(twice));
    expect(answers.map((answer) => answer.ok && answer.value.response)).toEqual([1, 1, 1]);
    expect(await store.liveMarket()).toEqual({ clock: "feed", record: 1 });
  });

  test("what is refused changes nothing; what is incomplete goes on and is not published", async () => {
    await count();
    const refused = await store.publishLive(command("refused"), () => reject({ code: "ASSET_UNKNOWN", asset: BTC }));
    expect(refused).toMatchObject({ ok: false, rejection: { code: "ASSET_UNKNOWN" } });
    expect(await store.liveMarket()).toEqual({ clock: "feed", record: 1 });
    await store.publishLive(command("incomplete"), () =>
      ok({
        kept: { clock: "anew", record: { nothing: null } },
        snapshot: null,
        indices: [],
        ...UNFUNDED,
        response: "INCOMPLETE",
      }),
    );
    expect(await store.liveMarket()).toEqual({ clock: "anew", record: { nothing: null } });
    expect((await store.latestSnapshot())?.sequence).toBe(1);
  });

  test("a snapshot that was published as marks has nothing frozen", async () => {
    await store.publishSnapshot(command("marks"), marketAt(1, "10000"));
    expect((await store.latestSnapshot())?.frozen).toBeUndefined();
  });

  test("what an index said is never rewritten, and there is one live market", async () => {
    await count();
    const client = new Client({ connectionString: database.url });
    await client.connect();
    for (const statement of [
      "UPDATE market_index SET condition = 'LIVE'",
      "DELETE FROM market_index",
      "INSERT INTO live_market (one, clock, record, updated_at) VALUES (false, 'x', '{}', now())",
      "INSERT INTO live_market (clock, record, updated_at) VALUES ('x', '{}', now())",
    ]) {
      await expect(client.query(statement)).rejects.toThrow(/append-only|live_market_one|live_market_pkey/);
    }
    await client.end();
  });
});

describe("MARKET-14: a person's price in memory", () => {
  const propose = (actor: string, said = "9000") =>
    store.proposePrice(
      { ...command("propose"), actor },
      { asset: BTC, price: price(said), reason: "seen on four venues" },
      () => ok("PROPOSED"),
    );
  const confirm = (actor: string) =>
    store.confirmPrice<string>({ ...command("confirm"), actor }, { asset: BTC, price: price("9000") }, (kept) =>
      ok({
        kept: kept ?? { clock: "feed", record: 0 },
        snapshot: null,
        indices: [],
        ...UNFUNDED,
        response: "IN FORCE",
      }),
    );

  test("of ten people who confirm at once one does, and whoever proposed it never", async () => {
    await propose("ann");
    expect(await confirm("ann")).toMatchObject({ rejection: { code: "SECOND_PERSON_NEEDED", firstBy: "ann" } });
    const answers = await inFlight(Array.from({ length: 10 }), 10, (_, at) => confirm(`person-${at}`));
    expect(answers.filter(({ ok: yes }) => yes)).toHaveLength(1);
    expect(await store.proposedPrices(command("now").at)).toEqual([]);
  });

  test("the database itself knows two people, and rewrites neither", async () => {
    await propose("ann");
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const refuses = (statement: string) =>
      expect(client.query(statement)).rejects.toThrow(/person_price_two_people|never rewritten/);
    await refuses("UPDATE person_price SET confirmed_by = 'ann', confirmed_at = now()");
    await refuses("UPDATE person_price SET price = 1");
    await refuses("DELETE FROM person_price");
    await client.query("UPDATE person_price SET confirmed_by = 'ben', confirmed_at = now()");
    await refuses("UPDATE person_price SET confirmed_by = 'carol'");
    await client.end();
  });
});
