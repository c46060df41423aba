import { accountId, assetId, contractValue, toUtcMillis } from "@ballast/model";
import { amount, negate, price, quantity, usd } from "@ballast/money";
import { assessHealth, DEFAULT_ESTIMATES, score, standardParameters } from "@ballast/risk-core";

/*
 * risk.scores_per_s: accounts of a house scored a second, margin included, as the list of the riskiest does it: prices,
 * liquidity and covariances prepared once for the snapshot. Baseline: the same accounts, each prepared for itself, as a
 * single account is scored when it is asked. Input: 10,000 accounts of one to four positions in bitcoin and ether, linear
 * and inverse, with dollars and coins.
 */

const ACCOUNTS = 10_000;
const BASELINE_ACCOUNTS = 1_000;
const ROUNDS = 9;

export async function run({ progress }) {
  const parameters = standardParameters();
  const market = calmMarket(parameters);
  const estimated = score.estimatedRisk(DEFAULT_ESTIMATES, score.STANDARD_SCORE_RULE);
  const openInterest = new Map([...parameters.instruments.keys()].map((id) => [id, quantity("1000000")]));
  const setting = { market, parameters, estimated, rule: score.STANDARD_SCORE_RULE, openInterest };
  const accounts = Array.from({ length: ACCOUNTS }, (_, at) => accountOf(at, parameters));
  const scored = (held, prepared) => prepared.score(held, assessHealth(held, market, parameters).summary).score.score;
  const together = () => {
    const prepared = score.scoredMarket(setting);
    return accounts.map((held) => scored(held, prepared));
  };
  const alone = () => accounts.slice(0, BASELINE_ACCOUNTS).map((held) => scored(held, score.scoredMarket(setting)));
  const expected = together();
  if (alone().some((value, at) => value !== expected[at])) throw new Error("the two ways give different scores");

  const fast = [];
  const slow = [];
  for (let round = 1; round <= ROUNDS; round++) {
    fast.push(secondsOf(together) / ACCOUNTS);
    slow.push(secondsOf(alone) / BASELINE_ACCOUNTS);
    if (round % 3 === 0) progress(`round ${round} of ${ROUNDS}: ${micros(median(fast))} µs an account`);
  }
  return {
    name: "risk.scores_per_s",
    value: Math.round(1 / median(fast)),
    unit: "accounts/s",
    baseline: Math.round(1 / median(slow)),
    ratio: median(slow) / median(fast),
    note: `${micros(median(fast))} µs an account with its margin, median of ${ROUNDS} rounds of ${ACCOUNTS}`,
  };
}

function calmMarket(parameters) {
  const level = (asset) => price(asset === "BTC" ? "8000" : "200");
  const listed = [...parameters.instruments.values()];
  return {
    sequence: 1,
    at: toUtcMillis(1_583_971_200_000),
    indexPrices: new Map(["USDC", "BTC", "ETH"].map((id) => [assetId(id), id === "USDC" ? price("1") : level(id)])),
    markPrices: new Map(listed.map(({ id, underlying }) => [id, level(underlying)])),
    depths: new Map(listed.map(({ id }) => [id, usd("4000000")])),
  };
}

function accountOf(at, parameters) {
  const listed = [...parameters.instruments.values()];
  const positions = listed.slice(at % 2, (at % 2) + 1 + (at % 4)).map((instrument, place) => {
    const held = quantity(String(((at * 37 + place * 11) % 900) * (place % 2 === 0 ? 1 : -1) || 5));
    const entry = price(instrument.underlying === "BTC" ? "7950" : "205");
    return [
      instrument.id,
      { instrument: instrument.id, quantity: held, entryCash: negate(contractValue(instrument, held, entry)) },
    ];
  });
  return {
    id: accountId(`u${at}`),
    kind: "USER",
    parent: null,
    balances: new Map([
      [assetId("USDC"), amount(String(500 + (at % 700)))],
      [assetId("BTC"), amount("0.05")],
    ]),
    positions: new Map(positions),
  };
}

function secondsOf(work) {
  const begun = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - begun) / 1e9;
}

const median = (values) => [...values].sort((left, right) => left - right)[values.length >> 1];
const micros = (seconds) => (seconds * 1e6).toFixed(2);
