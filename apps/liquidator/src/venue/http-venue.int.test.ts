import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { AccountId } from "@ballast/model";
import { assertLedgerInOrder } from "@ballast/store";
import { lookAgain } from "../liquidate/look-again.js";
import type { Setting } from "../setting.js";
import { BTC_LINEAR, type House, MAKER, openHouse } from "../testing/house.js";
import { type Behaviour, type EnginePromises, type HttpEngine, startHttpEngine } from "../testing/http-engine.js";
import { openHttpVenue } from "./http-venue.js";
import type { Venue } from "./venue.js";

const engines: HttpEngine[] = [];

async function engine(promises?: EnginePromises): Promise<HttpEngine> {
  const started = await startHttpEngine(promises);
  engines.push(started);
  return started;
}

function open({ url }: HttpEngine): Promise<Venue> {
  return openHttpVenue({ url, token: null, timeoutMs: 2_000, probeInstrument: BTC_LINEAR }, () => Date.now());
}

afterEach(async () => {
  for (const one of engines.splice(0)) await one.close();
});

describe("CASE-6: before a venue is trusted", () => {
  test("one that keeps both promises is opened, and nothing has traded", async () => {
    const kept = await engine();
    expect(await open(kept)).toMatchObject({ promises: { refusesRepeatedIds: true, honoursDeadlines: true } });
    expect(kept.heard.map((line) => line.replace(/probe\..*/, "probe"))).toEqual([
      "POST probe",
      "POST probe",
      "POST probe",
    ]);
  });

  //  what it does not keep                    promises                         is said
  test.each<[string, EnginePromises, RegExp[]]>([
    ["takes an id twice", { refusesRepeatedIds: false }, [/took the client order id probe\.\S+ twice \(REPORT\)/]],
    ["takes orders late", { honoursDeadlines: false }, [/took an order a minute after its deadline \(REPORT\)/]],
    ["does both", { refusesRepeatedIds: false, honoursDeadlines: false }, [/twice/, /after its deadline/]],
  ])("one that %s is refused, and why is said", async (_, promises, sentences) => {
    const broken = await engine(promises);
    for (const sentence of sentences) await expect(open(broken)).rejects.toThrow(sentence);
  });

  test("one that does not answer is not taken for one that keeps its promises", async () => {
    const gone = await engine();
    await gone.close();
    await expect(open(gone)).rejects.toMatchObject({ code: "VENUE_UNREACHABLE" });
  });
});

describe("CASE-5: orders at a real matching engine", () => {
  let house: House;
  let alice: AccountId;
  let matching: HttpEngine;
  let setting: Setting;

  /** Alice is long one bitcoin at 8,000 with 500 dollars, and short of margin at 7,570. */
  beforeEach(async () => {
    house = await openHouse();
    await house.bitcoinAt("8000");
    alice = await house.account("alice", "USER", { USDC: "500" });
    await house.trade(alice, MAKER, BTC_LINEAR, "1000", "8000");
    await house.bitcoinAt("7570");
    matching = await engine();
    setting = { ...house.setting, venue: await open(matching) };
    matching.heard.length = 0;
  });

  afterEach(async () => {
    assertLedgerInOrder(await house.store.ledgerCheck());
    await house.close();
  });

  /** Looks until the first step is done; answers how many looks it took. */
  async function finish(): Promise<number> {
    for (let looks = 1; looks < 20; looks += 1) {
      await lookAgain(setting, alice);
      const [first] = await house.store.steps(alice, 1);
      if (first?.status === "DONE") return looks;
    }
    throw new Error("the step is not done after 20 looks");
  }

  async function standing() {
    const [order] = await house.store.ordersOf({ account: alice, epoch: 1, step: 1 });
    const fills = await house.store.fillsOf({ account: alice, epoch: 1, step: 1 });
    const left = (await house.store.account(alice))?.positions.get(BTC_LINEAR)?.quantity;
    return {
      outcome: order?.outcome,
      reason: order?.reason ?? null,
      ordered: order?.quantity.neg().toNumber() ?? 0,
      booked: fills.reduce((sum, { quantity }) => sum - quantity.toNumber(), 0),
      left: left?.toNumber() ?? 0,
    };
  }

  const ORDER = "alice.1.1.1";
  const POST = `POST ${ORDER}`;
  const GET = `GET ${ORDER}`;

  //  what the engine does                                 with the requests             is heard               looks  outcome      share
  test.each<[string, Behaviour[], string[], number, string, number]>([
    ["fills it", ["FILL"], [POST], 1, "FILLED", 1],
    ["fills half of it", ["HALF"], [POST], 1, "PARTIAL", 0.5],
    ["fills none of it", ["NOTHING"], [POST], 1, "UNFILLED", 0],
    ["refuses it", ["REJECT"], [POST], 1, "REJECTED", 0],
    ["fills it late, in quarters", ["LATE"], [POST, GET, GET, GET, GET, GET], 6, "FILLED", 1],
    ["says that it ended before it shows the fills", ["FILLS_FOLLOW"], [POST, GET, GET], 3, "FILLED", 1],
    ["takes it, and the answer is lost", ["LOSE_ANSWER"], [POST, GET], 2, "FILLED", 1],
    ["never gets it", ["LOSE_REQUEST"], [POST, GET, POST], 2, "FILLED", 1],
    ["fails, and knows nothing of it", ["FAIL"], [POST, GET, POST], 2, "FILLED", 1],
    [
      "takes it; its answer, then a proxy's 404, are lost",
      ["LOSE_ANSWER", "BARE_404"],
      [POST, GET, GET],
      3,
      "FILLED",
      1,
    ],
    ["loses it twice", ["LOSE_REQUEST", "LOSE_REQUEST"], [POST, GET, POST, GET, POST], 3, "FILLED", 1],
  ])("%s: it trades once, and what traded is booked", async (_, behaviours, heard, looks, outcome, share) => {
    matching.next(...behaviours);
    expect(await finish()).toBe(looks);
    expect(matching.heard.slice(0, heard.length)).toEqual(heard);
    const end = await standing();
    expect(end).toMatchObject({ outcome, booked: Math.floor(end.ordered * share), left: 1000 - end.booked });
    expect(matching.traded(ORDER)).toBe(end.booked);
  });

  test("a refusal is kept in the venue's words", async () => {
    matching.next("REJECT");
    await finish();
    expect(await standing()).toMatchObject({ outcome: "REJECTED", reason: "the market is closed" });
  });

  test("what never arrived is given up only when no clock can still accept it, and never sent again", async () => {
    matching.next("LOSE_REQUEST");
    await lookAgain(setting, alice);
    const rules = { ...setting.rules, clockSkewMs: 60_000 };
    await house.database.run("UPDATE venue_order SET deadline = now() - interval '1 second'");
    await lookAgain({ ...setting, rules }, alice);
    expect((await standing()).outcome).toBeNull();
    await lookAgain({ ...setting, rules: { ...rules, clockSkewMs: 500 } }, alice);
    expect(await standing()).toMatchObject({ outcome: "NEVER_ARRIVED", booked: 0, left: 1000 });
    expect(matching.heard).toEqual([POST, GET, GET]);
  });

  test("a person's pause stops the sending of what was lost; it is given up in the end", async () => {
    matching.next("LOSE_REQUEST");
    await lookAgain(setting, alice);
    await house.store.pauseStage(house.command(), "ALL", "kill switch");
    await lookAgain(setting, alice);
    await house.database.run("UPDATE venue_order SET deadline = now() - interval '1 hour'");
    await lookAgain(setting, alice);
    expect(await standing()).toMatchObject({ outcome: "NEVER_ARRIVED" });
    expect(matching.heard).toEqual([POST, GET, GET]);
  });
});
