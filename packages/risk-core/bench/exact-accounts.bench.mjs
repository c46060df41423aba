import { accountId, assetId, instrumentId, toUtcMillis } from "@ballast/model";
import { amount, contractSize, price, quantity, ratio, usd } from "@ballast/money";
import { assessAccount, assessPrepared, prepareMarket, standardParameters } from "@ballast/risk-core";

/*
 * risk.exact_accounts_per_s: accounts of ten linear positions judged a second, in exact decimals, by the scan; and the
 * same with five and with twenty. Baseline: the readable pipeline on the same accounts in the same run. Input: 2,000
 * different accounts, one collateral asset, linear contracts with prices of two digits after the point, sizes that reach
 * the second margin tier.
 */

const ACCOUNTS = 2_000;
const ROUNDS = 12;

export async function run({ progress }) {
  return [
    measure(10, "risk.exact_accounts_per_s", progress),
    measure(5, "risk.exact_accounts_of_5_per_s", progress),
    measure(20, "risk.exact_accounts_of_20_per_s", progress),
  ];
}

function measure(positions, name, progress) {
  const parameters = contracts(positions);
  const market = {
    sequence: 1,
    at: toUtcMillis(1_583_971_200_000),
    indexPrices: new Map([[assetId("USDC"), price("0.9998")]]),
    markPrices: new Map(
      [...parameters.instruments.keys()].map((id, at) => [id, price(`${7000 + 137 * at}.${10 + at}`)]),
    ),
    depths: new Map(),
  };
  const accounts = Array.from({ length: ACCOUNTS }, (_, at) => accountOf(at, parameters));
  const prepared = prepareMarket(market, parameters);
  const scan = () => accounts.map((account) => assessPrepared(account, prepared));
  const pipeline = () => accounts.map((account) => assessAccount(account, market, parameters));
  requireSameVerdicts(scan(), pipeline());

  const scanned = [];
  const piped = [];
  for (let round = 1; round <= ROUNDS; round++) {
    for (let repeat = 0; repeat < 5; repeat++) scanned.push(secondsOf(scan));
    piped.push(secondsOf(pipeline));
    if (round % 4 === 0) {
      progress(`${positions} positions, round ${round} of ${ROUNDS}: ${micros(median(scanned))} µs an account`);
    }
  }
  const value = ACCOUNTS / median(scanned);
  const baseline = ACCOUNTS / median(piped);
  return {
    name,
    value: Math.round(value),
    unit: "accounts/s",
    baseline: Math.round(baseline),
    ratio: value / baseline,
    note: `${micros(median(scanned))} µs an account of ${positions} positions, median of ${scanned.length} scans of ${ACCOUNTS}; fastest ${micros(Math.min(...scanned))} µs`,
  };
}

/** Linear contracts under the standard rules, as many as an account holds positions. */
function contracts(positions) {
  const standard = standardParameters();
  const tiers = standard.marginTiers.get(instrumentId("BTC_USDC-PERPETUAL"));
  const ids = Array.from({ length: positions }, (_, at) => instrumentId(`COIN${at}_USDC-PERPETUAL`));
  const contract = {
    kind: "perpetual",
    payoff: "linear",
    underlying: assetId("BTC"),
    settlementAsset: assetId("USDC"),
    contractSize: contractSize("0.001"),
    lotSize: quantity("1"),
    tickSize: price("0.01"),
  };
  return {
    ...standard,
    instruments: new Map(ids.map((id) => [id, { ...contract, id }])),
    marginTiers: new Map(ids.map((id) => [id, tiers])),
    haircuts: new Map([[assetId("USDC"), [{ from: usd("0"), haircut: ratio("0") }]]]),
  };
}

/** Account number `at`, the same in every run: sizes and entry prices from a small linear congruence. */
function accountOf(at, parameters) {
  let state = at * 7919 + 17;
  const next = (below) => (state = (state * 48271) % 2147483647) % below;
  const positions = [...parameters.instruments.keys()].map((instrument) => {
    const contracts = 1 + next(100_000);
    const long = next(2) === 0;
    const held = quantity(`${long ? "" : "-"}${contracts}`);
    const entry = price(`${6500 + next(1500)}.${10 + next(90)}`);
    return [instrument, { instrument, quantity: held, entryCash: held.mul("0.001").mul(entry).neg() }];
  });
  return {
    id: accountId(`account-${at}`),
    kind: "USER",
    parent: null,
    balances: new Map([[assetId("USDC"), amount(`${1_000 + next(5_000_000)}.${100000 + next(900000)}`)]]),
    positions: new Map(positions),
  };
}

function requireSameVerdicts(fast, slow) {
  const text = ({ state, summary }) =>
    [
      state,
      ...Object.keys(summary)
        .sort()
        .map((key) => summary[key].toFixed()),
    ].join();
  for (const [at, health] of fast.entries()) {
    if (text(health) !== text(slow[at])) throw new Error(`account ${at}: ${text(health)} ≠ ${text(slow[at])}`);
  }
}

function secondsOf(work) {
  const begun = performance.now();
  work();
  return (performance.now() - begun) / 1000;
}

const median = (numbers) => [...numbers].sort((left, right) => left - right)[Math.floor(numbers.length / 2)];
const micros = (seconds) => ((seconds * 1e6) / ACCOUNTS).toFixed(2);
