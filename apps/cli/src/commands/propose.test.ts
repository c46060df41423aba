import { afterAll, describe, expect, test } from "@jest/globals";
import type { ProposalDocument } from "./propose-document.js";
import { ran, scratchFolder } from "./testing.js";

const folder = scratchFolder();
afterAll(folder.remove);

const DAY_MS = 86_400_000;
const FIRST = Date.parse("2022-01-01");
const DAYS = 700;
const JUMP = 400;
const dateAt = (day: number) => new Date(FIRST + day * DAY_MS).toISOString().slice(0, 10);

/** Numbers between −0.5 and 0.5 from a linear congruence. */
function stream(seed: number) {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647 - 0.5;
  };
}

/** Daily candles of two coins that move together by half, with one jump of the second. */
function candles(): string {
  const next = stream(20_220_101);
  const prices: Record<string, number> = {};
  const rows = ["asset,date,open,high,low,close,volume"];
  for (let day = 0; day < DAYS; day += 1) {
    const common = next();
    for (const asset of ["BTC", "ETH"]) {
      const open = prices[asset] ?? 100;
      const jump = asset === "ETH" && day === JUMP ? -0.5 : 0;
      const close = open * Math.exp(0.05 * common + 0.05 * next() + jump);
      prices[asset] = close;
      const [high, low] = [Math.max(open, close) * 1.01, Math.min(open, close) / 1.01];
      rows.push([asset, dateAt(day), open, high, low, close, 10_000].join(","));
    }
  }
  return `${rows.join("\n")}\n`;
}

/** A token at a dollar that once traded at 0.9 within a day, and an expiry quoted once a day. */
function tokens(): string {
  const rows = Array.from({ length: DAYS }, (_, day) => `${dateAt(day)},1,${day === 650 ? 0.9 : 0.999}`);
  return `date,USDT,USDT_low\n${rows.join("\n")}\n`;
}

function surfaces(): string {
  const next = stream(77);
  const rows = Array.from({ length: 200 }, (_, at) => {
    const ts = (FIRST + (DAYS - 200 + at) * DAY_MS) / 1000 + 3600;
    return `${ts},BTC,${ts + 86_400 * (300 - at)},100,${(0.6 + 0.2 * next()).toFixed(4)}`;
  });
  return `ts,currency,expiry_ts,forward,atm_iv\n${rows.map((row) => row.replace(/,(\d+),100,/, `,${FIXED_EXPIRY},100,`)).join("\n")}\n`;
}
const FIXED_EXPIRY = (FIRST + (DAYS + 60) * DAY_MS) / 1000;

const daily = folder.written("daily.csv", candles());
const all = [
  "--daily",
  daily,
  "--from",
  dateAt(350),
  "--collateral",
  folder.written("tokens.csv", tokens()),
  "--surfaces",
  folder.written("surfaces.csv", surfaces()),
  "--fund",
  "1000000",
];
const event = {
  id: "rate-decision",
  reason: "interest rate decision",
  underlyings: ["ETH"],
  announcedAt: `${dateAt(DAYS - 10)}T00:00:00Z`,
  startsAt: `${dateAt(DAYS)}T12:00:00Z`,
  endsAt: `${dateAt(DAYS + 1)}T12:00:00Z`,
  transitionMinutes: 360,
  multiplier: "1.5",
};
const events = folder.written("events.json", { events: [event] });

const proposed = async (...args: readonly string[]) => {
  const { code, stdout } = await ran("propose", ...args, "--json");
  expect(code).toBe(0);
  return JSON.parse(stdout) as ProposalDocument;
};

describe("propose", () => {
  test("ESTIMATE-21: every kind of parameter with its evidence, and the document says that it is a proposal", async () => {
    const document = await proposed(...all);
    expect(document).toMatchObject({
      status: "PROPOSED",
      day: dateAt(DAYS),
      recipe: "ballast-hybrid",
      promised: 0.005,
    });
    expect(document.scanRanges.map(({ subject, value }) => `${subject} ${value.horizonHours}`)).toEqual([
      "BTC 24",
      "BTC 8",
      "ETH 24",
      "ETH 8",
    ]);
    const jumped = document.scanRanges.find(({ subject }) => subject === "ETH");
    expect(jumped?.evidence).toMatchObject({ days: DAYS - 350, exceptions: 1, kupiec: "ACCEPTED" });
    expect(jumped?.evidence.windows).toHaveLength(1);
    expect(document.haircuts.map(({ subject }) => subject)).toEqual(["BTC", "ETH", "USDT"]);
    // A token that slips by a tenth is covered by the floor of its class.
    expect(document.haircuts[2]).toMatchObject({
      value: { initial: 0.125, maintenance: 0.04 },
      evidence: { exceptions: 0 },
    });
    expect(document.volatilityShocks.map(({ subject }) => subject)).toContain("BTC 90-400 days");
    expect(document.correlation?.assets).toEqual(["BTC", "ETH"]);
    expect(document.correlation?.value.calm[0]?.[1]).toBeGreaterThan(0.3);
    expect(document.openInterestCaps).toHaveLength(2);
    expect(document.openInterestCaps[1]?.value.worstBeyondMargin).toBeGreaterThan(0.1);
    for (const { evidence } of [...document.scanRanges, ...document.haircuts, ...document.openInterestCaps]) {
      expect(evidence.peakToTrough).toBeGreaterThanOrEqual(1);
      expect(evidence.independenceProbability).toBeGreaterThanOrEqual(0);
    }
  });

  test("ESTIMATE-21: a proposal for a day knows nothing of that day and what follows", async () => {
    const early = await proposed(...all, "--day", dateAt(JUMP));
    expect(early.scanRanges.find(({ subject }) => subject === "ETH")?.evidence.exceptions).toBe(0);
    const cut = candles()
      .split("\n")
      .slice(0, 1 + 2 * JUMP)
      .join("\n");
    const alone = await proposed("--daily", folder.written("cut.csv", cut), "--from", dateAt(350));
    expect(early.scanRanges).toEqual(alone.scanRanges);
  });

  test("LIQUIDATION-20: hourly closes say what sky the day has, without the last day and what follows", async () => {
    // Forty days of one per cent an hour, a last day of ten, and hours after the day that is covered.
    const hours = Array.from({ length: 41 * 24 }, (_, hour) => (FIRST + (DAYS - 40) * DAY_MS) / 1000 + hour * 3600);
    let price = 100;
    const rows = hours.map((ts, hour) => {
      price *= (hour >= 39 * 24 ? 1.1 : 1.01) ** (hour % 2 === 0 ? 1 : -1);
      return `${ts},${price}`;
    });
    const hourly = folder.written("hourly.csv", `ts,BTC\n${rows.join("\n")}\n`);
    const { skies } = await proposed("--daily", daily, "--from", dateAt(650), "--hourly", hourly);
    expect(skies).toEqual([{ asset: "BTC", dailyVolatility: expect.closeTo(Math.log(1.01) * Math.sqrt(24), 6) }]);
    expect((await proposed("--daily", daily, "--from", dateAt(650))).skies).toEqual([]);
  });

  test("ESTIMATE-20: an announced event raises the ranges of the days it touches, for what it names", async () => {
    const document = await proposed("--daily", daily, "--from", dateAt(350), "--events", events);
    const [bitcoin, , ether] = document.scanRanges;
    expect(bitcoin?.withEvents).toBeNull();
    expect(ether?.withEvents).toMatchObject({ event: "rate-decision", multiplier: "1.5" });
    expect(Math.log1p(ether?.withEvents?.up ?? 0)).toBeCloseTo(1.5 * Math.log1p(ether?.value.up ?? 0), 12);
    expect(document.events[0]).toMatchObject({ fullFrom: `${dateAt(DAYS)}T18:00:00.000Z` });
    const later = await proposed(
      "--daily",
      daily,
      "--from",
      dateAt(350),
      "--events",
      events,
      "--day",
      dateAt(DAYS - 1),
    );
    expect(later.scanRanges.every(({ withEvents }) => withEvents === null)).toBe(true);
  });

  test("for people: tables that say first that nothing of it is live", async () => {
    const { code, stdout } = await ran("propose", ...all, "--events", events);
    expect(code).toBe(0);
    expect(stdout.split("\n")[1]).toContain("PROPOSED, not live");
    for (const part of [
      "Scan ranges",
      "Announced events",
      "Volatility shocks",
      "Haircuts",
      "Correlation regimes",
      "Caps on open",
    ]) {
      expect(stdout).toContain(part);
    }
  });

  //  what is wrong                    arguments                                               answer
  test.each([
    ["no candles", () => [], "expected --daily"],
    ["no such recipe", () => ["--daily", daily, "--recipe", "luck"], "--recipe"],
    ["a fund of words", () => ["--daily", daily, "--fund", "much"], "--fund"],
    ["a day that is none", () => ["--daily", daily, "--day", "2022-02-30"], "--day"],
    ["a calendar that lowers margin", () => ["--daily", daily, "--events", lowering()], "MARGIN_EVENT_INVALID"],
    ["tables that are none", () => ["--daily", daily, "--surfaces", daily], "currency"],
  ] as const)("%s is refused", async (_, args, named) => {
    const { code, stderr } = await ran("propose", ...args());
    expect(code).toBe(2);
    expect(stderr).toContain(named);
  });

  const lowering = () => folder.written("lowering.json", { events: [{ ...event, multiplier: "0.9" }] });
});
