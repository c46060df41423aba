import { assessPortfolio, marketColumns, PRESETS, readPortfolio } from "@ballast/risk-core";

/*
 * margin.pm2_128_options_ms: one account of 128 options in four expiries under a 33-scenario portfolio margin. Cold: from a
 * portfolio and nothing else, every option priced in every scenario. Warm: the market's columns are there, as they are for
 * every account after the first at one snapshot. Baseline of the cold figure: the same prices one by one, by the plain
 * function, without the engine around them.
 */

const ROUNDS = 41;

export async function run({ progress }) {
  const portfolio = readPortfolio(document128());
  const model = PRESETS.get("derive-pm2")();
  const columns = marketColumns(portfolio, model.scan);
  const cold = [];
  const warm = [];
  const plain = [];
  for (let round = 1; round <= ROUNDS; round++) {
    plain.push(millisecondsOf(() => pricesOneByOne(columns)));
    cold.push(millisecondsOf(() => assessPortfolio(portfolio, model)));
    // Samples shorter than a slice of processor time, or each would hold a wait for the others.
    for (let sample = 0; sample < 20; sample++) {
      warm.push(millisecondsOf(() => assessPortfolio(portfolio, model, { columns }), 5));
    }
    if (round % 20 === 0) progress(`round ${round} of ${ROUNDS}: cold ${median(cold).toFixed(2)} ms`);
  }
  return [
    result("margin.pm2_128_options_ms.cold", cold, plain, "every option in every scenario by the plain formula"),
    result("margin.pm2_128_options_ms.warm", warm, cold, "the cold figure of the same run"),
  ];
}

/** Medians; the fastest tenth beside them, because on a busy machine a median is mostly of the others' work. */
const result = (name, values, baselines, of) => {
  const [value, baseline] = [median(values), median(baselines)];
  const fastest = [values, baselines].map((some) => quantile(some, 0.1).toPrecision(3));
  return {
    name,
    value,
    unit: "ms",
    baseline,
    ratio: value / baseline,
    note: `baseline: ${of}; fastest tenth: ${fastest.join(" against ")} ms`,
  };
};

/** 128 options: four expiries, sixteen strikes, calls and puts, long and short. */
function document128() {
  const at = Date.UTC(2026, 7, 1);
  const expiries = [7, 28, 91, 182].map((days) => new Date(at + days * 86_400_000).toISOString());
  const strikes = Array.from({ length: 16 }, (_, step) => 60_000 + 5_000 * step);
  const contracts = expiries.flatMap((expiresAt, e) =>
    strikes.flatMap((strike) =>
      ["call", "put"].map((right) => ({
        id: `BTC-${e}-${strike}-${right}`,
        kind: "option",
        payoff: "linear",
        underlying: "BTC",
        right,
        strike: String(strike),
        expiresAt,
        volatility: (0.5 + Math.abs(strike - 100_000) / 400_000).toFixed(4),
      })),
    ),
  );
  return {
    quote: "USDC",
    at: new Date(at).toISOString(),
    underlyings: { BTC: { spot: "100000" } },
    expiries: expiries.map((expiresAt, e) => ({
      underlying: "BTC",
      expiresAt,
      forward: String(100_000 + 300 * e),
      rate: "0.04",
    })),
    contracts,
    balances: { USDC: { amount: "250000", price: "1" } },
    holdings: contracts.map(({ id }, place) => ({ instrument: id, quantity: ((place % 7) - 3.5).toFixed(1) })),
  };
}

function pricesOneByOne({ columns, rule }) {
  let sum = 0;
  for (const { terms } of columns) {
    for (const { price } of rule.scenarios) {
      const forward = terms.forward * price.factor;
      const deviation = terms.volatility * Math.sqrt(terms.yearsToExpiry);
      const d1 = Math.log(forward / terms.strike) / deviation + deviation / 2;
      sum += forward * normal(d1) - terms.strike * normal(d1 - deviation);
    }
  }
  return sum;
}

/** Abramowitz and Stegun 7.1.26: what a plain program uses, seven digits. */
function normal(x) {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * z);
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = 0.5 * series * Math.exp(-z * z);
  return x < 0 ? tail : 1 - tail;
}

function millisecondsOf(work, repeats = 1) {
  const begun = performance.now();
  for (let repeat = 0; repeat < repeats; repeat++) work();
  return (performance.now() - begun) / repeats;
}

const quantile = (numbers, share) =>
  [...numbers].sort((left, right) => left - right)[Math.floor(numbers.length * share)];
const median = (numbers) => quantile(numbers, 0.5);
