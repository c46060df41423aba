import { assetId, instrumentId, toUtcMillis } from "@ballast/model";
import { price, ratio, usd } from "@ballast/money";
import {
  liveMarketRules,
  liveSnapshot,
  loadIndexRules,
  reduceMarket,
  silentMarket,
  sourceId,
  toMonotonicMillis,
} from "@ballast/risk-core";

/*
 * market.tick_to_snapshot_us: from one source's tick to a whole snapshot of 1,000 instruments: the index it belongs to, the
 * marks that follow it, the stable price, and the maps that decisions read. Baseline: making every index and every mark
 * again at the same tick, in the same run. Input: 50 assets with 8 sources each (three of them quoting in a stablecoin), 20
 * instruments each (ten perpetuals, ten dated futures, all with an own book); one tick in four hundred is the
 * stablecoin's, which everything is quoted in.
 */

const ASSETS = 50;
const INSTRUMENTS_EACH = 20;
const SOURCES = 8;
const TICKS = 4_000;
const BASELINE_TICKS = 200;
const T0 = 1_780_000_000_000;
const STABLECOIN = assetId("USDT");

export async function run({ progress }) {
  const rules = marketRules();
  const opened = openedMarket(rules);
  const ticks = Array.from({ length: TICKS }, (_, at) => tickOf(at));
  requireSame(rules, opened, ticks.slice(0, 20));

  const touched = [];
  let market = opened;
  for (const [at, tick] of ticks.entries()) {
    const begun = performance.now();
    market = reduceMarket(rules, market, tick);
    const snapshot = liveSnapshot(rules, market);
    touched.push((performance.now() - begun) * 1_000);
    if (snapshot.markPrices.size !== ASSETS * INSTRUMENTS_EACH) throw new Error("a mark is missing");
    if ((at + 1) % 1_000 === 0) progress(`tick ${at + 1} of ${TICKS}: ${median(touched).toFixed(1)} µs`);
  }

  const whole = [];
  market = opened;
  for (const tick of ticks.slice(0, BASELINE_TICKS)) {
    const begun = performance.now();
    market = reduceMarket(rules, reduceMarket(rules, market, tick), { ...tick, kind: "clock" });
    liveSnapshot(rules, market);
    whole.push((performance.now() - begun) * 1_000);
  }
  const [value, baseline] = [median(touched), median(whole)];
  return {
    name: "market.tick_to_snapshot_us",
    value: round(value),
    unit: "us",
    baseline: round(baseline),
    ratio: baseline / value,
    note: `median of ${TICKS} ticks, fastest tenth ${round(at(touched, 0.1))} against ${round(at(whole, 0.1))} µs, slowest (stablecoin: everything) ${round(Math.max(...touched))} µs; ${ASSETS * INSTRUMENTS_EACH} instruments, ${ASSETS} assets of ${SOURCES} sources`,
  };
}

const coin = (at) => assetId(`COIN${at}`);
const levelOf = (asset) => 10 + 137 * asset;

function marketRules() {
  const index = (sources) =>
    loadIndexRules({
      sources,
      ownBook: "excluded",
      freshSourcesMin: 3,
      deviationMax: "0.03",
      capWidth: "0.005",
      jumpMax: "0.1",
      jumpPersistenceMs: 3_000,
      frozenMsMax: 900_000,
    });
  const source = (at, quotedIn) => ({
    id: `venue-${at}`,
    role: "venue",
    weight: "1",
    quotedIn,
    ageMsMax: 3_600_000,
    unchangedMsMax: null,
    priceMin: "0",
    priceMax: "10000000",
  });
  const many = (quotedIn) => Array.from({ length: SOURCES }, (_, at) => source(at, at < 3 ? quotedIn : null));
  const indices = new Map([
    [STABLECOIN, index(many(null))],
    ...Array.from({ length: ASSETS }, (_, at) => [coin(at), index(many(STABLECOIN))]),
  ]);
  const perpetual = { clampWidth: ratio("0.02"), memoryMs: 150_000 };
  const instruments = Array.from({ length: ASSETS }, (_, asset) =>
    Array.from({ length: INSTRUMENTS_EACH }, (_, at) => {
      const common = {
        id: instrumentId(`COIN${asset}-${at}`),
        underlying: coin(asset),
        anchor: null,
        bookAgeMsMax: 3_600_000,
      };
      if (at % 2 === 0) return { ...common, kind: "perpetual", rules: perpetual, funding: null };
      return {
        ...common,
        kind: "dated-future",
        expiresAt: toUtcMillis(T0 + (at + 2) * 7 * 86_400_000),
        rules: { ...perpetual, clampWidthPerYear: ratio("0.3") },
        settlement: { windowMs: 1_800_000, sampleEveryMs: 4_000, samplesShareMin: ratio("0.8") },
      };
    }),
  ).flat();
  return liveMarketRules(indices, instruments, { perSecondMax: ratio("0.0001"), stepMsMax: 600_000 });
}

const moment = (ms) => ({ nowMs: toMonotonicMillis(ms), at: toUtcMillis(T0 + ms) });

/** Every source has spoken once and every book stands a little above the index. */
function openedMarket(rules) {
  let market = silentMarket(rules, moment(0));
  for (const asset of [STABLECOIN, ...Array.from({ length: ASSETS }, (_, at) => coin(at))]) {
    for (let at = 0; at < SOURCES; at++) {
      market = reduceMarket(rules, market, {
        ...moment(0),
        kind: "tick",
        asset,
        source: sourceId(`venue-${at}`),
        sequence: 1,
        price: price(asset === STABLECOIN ? "1" : levelOf(Number(asset.slice(4))).toFixed(2)),
        ageMs: 0,
      });
    }
  }
  for (const { id, underlying } of rules.instruments) {
    const side = price((levelOf(Number(underlying.slice(4))) * 1.0005).toFixed(4));
    const book = { bid: side, ask: side, last: side };
    market = reduceMarket(rules, market, {
      ...moment(0),
      kind: "book",
      instrument: id,
      sequence: 1,
      book,
      depth: usd("1000000"),
    });
  }
  return market;
}

/** The ticks come from a fixed sequence: assets and sources in turn, prices within 20 bp. */
function tickOf(at) {
  const asset = at % 400 === 399 ? STABLECOIN : coin((at * 7) % ASSETS);
  const drift = 1 + (((at * 7919) % 401) - 200) / 100_000;
  const level = asset === STABLECOIN ? 1 : levelOf(Number(asset.slice(4)));
  return {
    ...moment(1 + at),
    kind: "tick",
    asset,
    source: sourceId(`venue-${(at * 3) % SOURCES}`),
    sequence: 2 + at,
    price: price((level * drift).toFixed(6)),
    ageMs: 0,
  };
}

/** Touching what a tick concerns gives the prices that making everything gives. */
function requireSame(rules, opened, ticks) {
  const text = (snapshot) =>
    [snapshot.indexPrices, snapshot.markPrices].map((column) =>
      [...column].map(([id, value]) => `${id} ${value.toFixed()}`).join(),
    );
  // One moment for all: an average basis moves with time, which only the whole looks at everywhere.
  const together = ticks.map((tick) => ({ ...tick, ...moment(1) }));
  let market = reduceMarket(rules, opened, { ...moment(1), kind: "clock" });
  for (const tick of together) market = reduceMarket(rules, market, tick);
  const whole = reduceMarket(rules, market, { ...moment(1), kind: "clock" });
  const [fast, slow] = [text(liveSnapshot(rules, market)), text(liveSnapshot(rules, whole))];
  if (fast.join() !== slow.join()) throw new Error("the snapshots differ");
}

const at = (numbers, share) => [...numbers].sort((left, right) => left - right)[Math.floor(numbers.length * share)];
const median = (numbers) => at(numbers, 0.5);
const round = (micros) => Math.round(micros * 10) / 10;
