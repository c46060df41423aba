import chain from "../../../vectors/market/option-quotes.json" with { type: "json" };
import { nelderMead } from "../dist/estimate/nelder-mead.f64.js";
import { fitSvi } from "../dist/mark/svi-fit.f64.js";
import { volPoints } from "../dist/mark/vol-points.f64.js";

/*
 * surface.fit_ms: five numbers to the volatilities of one expiry, free of butterfly arbitrage. Input: 39 and 41 strikes of two
 * real expiries in the middle of a crash (vectors/market/option-quotes.json). Baseline: a plain search over all five with
 * the same simplex and the same weights, from the usual start, in the same run. It stops at the same relative spread of
 * values, or after 5,000 evaluations; whether it has found as good a smile is in the note.
 */

const ROUNDS = 200;
const BASELINE_ROUNDS = 20;

export async function run({ progress }) {
  const expiries = chain.expiries.map(variancesOf);
  const fast = timed(ROUNDS, () => expiries.map((points) => fitSvi(points)));
  progress(`two layers: ${fast.ms.toFixed(3)} ms an expiry`);
  const slow = timed(BASELINE_ROUNDS, () => expiries.map((points) => fitAllFive(points)));
  const misses = expiries.map((_, at) => `${(slow.found[at].miss / fast.found[at].miss).toFixed(3)}`);
  return {
    name: "surface.fit_ms",
    value: Number(fast.ms.toFixed(4)),
    unit: "ms",
    baseline: Number(slow.ms.toFixed(4)),
    ratio: slow.ms / fast.ms,
    note: `median of ${ROUNDS}; fastest tenth ${fast.fastest.toFixed(3)} against ${slow.fastest.toFixed(3)} ms; ${fast.found.map(({ evaluations }) => evaluations).join(" and ")} passes against ${slow.found.map(({ evaluations }) => evaluations).join(" and ")}; squared miss of the baseline ÷ ours: ${misses.join(" and ")}`,
  };
}

function variancesOf({ expiryYears, quotes, ...expiry }) {
  const { points } = volPoints({
    ...expiry,
    expiryYears,
    quotes: quotes.map(([type, strike, bid, ask]) => ({ type, strike, bid, ask })),
  });
  return {
    logMoneyness: Float64Array.from(points, ({ logMoneyness }) => logMoneyness),
    totalVariance: Float64Array.from(points, ({ volatility }) => volatility * volatility * expiryYears),
    weight: Float64Array.from(
      points,
      ({ volatility, halfSpread }) => (2 * volatility * expiryYears * Math.max(0.002, halfSpread)) ** -2,
    ),
  };
}

/** Level, log of steepness, tilt through a hyperbolic tangent, place and log of roundness, all at once. */
function fitAllFive(points) {
  const { logMoneyness, totalVariance, weight } = points;
  const miss = ([a, logB, tilt, m, logSigma]) => {
    const [b, rho, sigma] = [Math.exp(logB), Math.tanh(tilt), Math.exp(logSigma)];
    if (b * (1 + Math.abs(rho)) > 2 || a + b * sigma * Math.sqrt(1 - rho * rho) <= 0) return Infinity;
    let sum = 0;
    for (let at = 0; at < weight.length; at++) {
      const x = logMoneyness[at] - m;
      const off = a + b * (rho * x + Math.sqrt(x * x + sigma * sigma)) - totalVariance[at];
      sum += weight[at] * off * off;
    }
    return sum;
  };
  const least = Math.min(...totalVariance);
  const found = nelderMead(miss, [0.5 * least, Math.log(0.1), 0, 0, Math.log(0.1)], 0.05, {
    valueSpread: 1e-6,
    cornerSpread: 1e-3,
    evaluationsMax: 5_000,
  });
  return { miss: found.value, evaluations: found.evaluations };
}

function timed(rounds, work) {
  const times = [];
  let found = work();
  for (let round = 0; round < rounds; round++) {
    const begun = performance.now();
    found = work();
    times.push((performance.now() - begun) / found.length);
  }
  times.sort((left, right) => left - right);
  return { ms: times[rounds >> 1], fastest: times[Math.floor(rounds / 10)], found };
}
