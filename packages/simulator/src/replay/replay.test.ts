import { describe, expect, test } from "@jest/globals";
import { CLOSE_AT_ONCE, type ClosingPolicy, LEG_BY_LEG, ours, SLICES } from "./closing-policies.f64.js";
import { readEvent, UnreadableEvents } from "./event-window.f64.js";
import { POLICIES, replay } from "./replay.f64.js";

const MIDNIGHT = 1_700_006_400;
const HEADING = "event,asset,ts,open,high,low,close,volume";
const OPENING: Readonly<Record<string, number>> = { ADA: 0.3, BTC: 30_000, ETH: 1_900, SOL: 25, XRP: 0.6, DOGE: 0.07 };

/** Hourly candles: two days as `before` says, then two days in which hour `at` falls by `fall` and half of it comes back. */
function events({ fall, at = 20, before = 0.002 }: { fall: number; at?: number; before?: number }): string {
  const lines = [HEADING];
  for (const [asset, opening] of Object.entries(OPENING)) {
    let price = opening;
    for (let hour = -48; hour < 48; hour++) {
      const open = price;
      const swing = hour < 0 ? before * (hour % 2 === 0 ? 1 : -1) : 0.001 * (hour % 2 === 0 ? 1 : -1);
      const low = hour === at ? open * (1 - fall) : open * (1 - Math.abs(swing) - 0.0005);
      const close = hour === at ? open * (1 - fall / 2) : open * (1 + swing);
      const high = Math.max(open, close) * 1.0005;
      const volume = (asset === "DOGE" ? 1 : 1000) / opening;
      lines.push(`2099-crash,${asset},${MIDNIGHT + hour * 3600},${open},${high},${low},${close},${volume}`);
      price = close;
    }
  }
  return lines.join("\n");
}

describe("the path of an event", () => {
  const path = readEvent(events({ fall: 0.2 }), "2099");

  test("is the two days around the worst hour, of BTC, ETH and the three assets that traded most", () => {
    expect(path.assets).toEqual(["BTC", "ETH", "ADA", "SOL", "XRP"]);
    expect(path.prices.map((prices) => prices.length)).toEqual(path.assets.map(() => 48 * 60 + 1));
    expect([path.hoursBefore, path.hourlyReturns[0]?.length]).toEqual([48, 96]);
  });

  test("walks an hour from its open to the far extreme, to the near one, and to its close", () => {
    const prices = path.prices[0]!;
    const [start, high, low, end] = [0, 20, 40, 60].map((minute) => prices[20 * 60 + minute]!);
    expect(low! / start!).toBeCloseTo(0.8, 12);
    expect(end! / start!).toBeCloseTo(0.9, 12);
    expect(high!).toBeGreaterThan(start!);
    expect(prices[20 * 60 + 30]).toBeCloseTo((high! + low!) / 2, 9);
  });

  //  what is wrong                        text
  test.each([
    ["no such event", events({ fall: 0.1 }).replaceAll("2099-crash", "2098-crash")],
    ["a missing column", events({ fall: 0.1 }).replace("volume", "size")],
    ["a price of zero", events({ fall: 0.1 }).replace(",30000,", ",0,")],
    [
      "a missing hour",
      events({ fall: 0.1 })
        .split("\n")
        .filter((_, line) => line !== 96 + 60)
        .join("\n"),
    ],
  ])("refuses %s", (_, text) => {
    expect(() => readEvent(text, "2099")).toThrow(UnreadableEvents);
  });
});

const ACCOUNTS = 60;
const play = (fall: number) => replay(readEvent(events({ fall }), "2099"), 1, ["middle"], POLICIES, ACCOUNTS)[0]!;
const named = (played: ReturnType<typeof play>, name: string) => {
  const found = played.policies.find(({ policy }) => policy === name);
  if (found === undefined) throw new Error(`no policy ${name}`);
  return found;
};

describe("a replay", () => {
  const crash = play(0.25);

  test("plays the same twice", () => {
    const path = readEvent(events({ fall: 0.25 }), "2099");
    const [again] = replay(path, 1, ["middle"], [ours()], ACCOUNTS);
    expect(again?.policies[0]?.slippage).toBe(named(crash, "ours").slippage);
  });

  test("starts every policy with the same accounts, so that a market without breaches costs nobody anything", () => {
    const quiet = play(0.001);
    expect(quiet.breaching).toBe(0);
    for (const figures of quiet.policies) expect([figures.totalLoss, figures.liquidated]).toEqual([0, 0]);
  });

  test("closes once and for all what is closed at once, and comes back to what is only sliced", () => {
    const whole = named(crash, CLOSE_AT_ONCE.name);
    expect([whole.secondRounds, whole.fullyClosed > 0]).toEqual([0, true]);
    expect(named(crash, SLICES.name).secondRounds).toBeGreaterThan(0);
    expect(named(crash, LEG_BY_LEG.name).liquidated).toBeLessThan(whole.liquidated);
  });

  const depths = (policy: ClosingPolicy, before?: number) =>
    replay(
      readEvent(events({ fall: 0.25, ...(before === undefined ? {} : { before }) }), "2099"),
      1,
      ["low", "middle", "high"],
      [policy],
      ACCOUNTS,
    ).map(({ policies: [figures] }) => figures!);

  test("moves the mark further where the book is thinner", () => {
    const [low, middle, high] = depths(CLOSE_AT_ONCE).map(({ displacement }) => displacement);
    expect(low! > middle! && middle! > high!).toBe(true);
  });

  test("LIQUIDATION-20: ours keeps the displacement near its limit in a calm sky, and closes whole in a storm", () => {
    const [low, middle] = depths(ours());
    expect(low!.displacement).toBeLessThan(2.6);
    expect(depths(ours(), 0.02)[1]!.fullyClosed).toBeGreaterThan(middle!.fullyClosed);
  });

  /** Sends nothing: what happens then is the house's doing alone. */
  const idle: ClosingPolicy = { ...CLOSE_AT_ONCE, name: "idle", goesOn: () => false, orders: () => [] };

  test("LIQUIDATION-7: what nobody saves is taken over, and let go of without moving the mark by a fiftieth", () => {
    const [low, , high] = depths(idle);
    for (const { takenOver, liquidated, houseLossPeak, displacement, fullyClosed } of [low!, high!]) {
      expect(Math.min(takenOver, liquidated, houseLossPeak, fullyClosed)).toBeGreaterThan(0);
      // 60 per cent of a tenth of a per cent a minute, fading by half in 20 minutes, never adds up to more.
      expect(displacement).toBeLessThan(1.8);
    }
  });

  test("LIQUIDATION-7: the house pays whoever is below zero, and nobody ends there", () => {
    const sudden = replay(readEvent(events({ fall: 0.6 }), "2099"), 1, ["low"], [idle], ACCOUNTS)[0]!.policies[0]!;
    expect(sudden.bankrupt).toBeGreaterThan(0);
    expect(sudden.houseLossPeak).toBeGreaterThan(0.5);
  });

  test("adds up: total loss is the house's and the users'", () => {
    for (const { totalLoss, houseLoss, usersLoss } of crash.policies)
      expect(totalLoss).toBeCloseTo(houseLoss + usersLoss, 9);
  });
});
