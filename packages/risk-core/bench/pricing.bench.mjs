import { loadavg } from "node:os";
import { kernel } from "@ballast/risk-core";

/*
 * pricing.black76_per_s: options priced a second, one thread, each with its own forward, strike, deviation and side, through
 * the door: columns in ordinary memory are copied into the kernel, checked, priced and copied out. A batch is what one market
 * has, 4,096 options; the note says what a batch of 200,000 gives, which no longer fits into a cache.
 * pricing.black76_matrix_per_s: the same as a matrix of 1,024 options by 32 scenarios.
 * Baseline of both, in the same run: the formula in plain JavaScript over the same typed arrays, with Math.log and Math.exp
 * and the kernel's own rational for the normal distribution.
 *
 * Input: strikes within a factor of two of the forward, deviations from 2 to 80 %. What is compared is measured in turns,
 * and the fastest of each is compared: whatever else runs on the machine only ever adds.
 */

const BATCH = 4_096;
const LARGE_BATCH = 200_000;
const MATRIX = { options: 1024, scenarios: 32 };
const TURNS = 60;

export async function run({ progress }) {
  const batch = anyOptions(BATCH);
  const largeBatch = anyOptions(LARGE_BATCH);
  const matrix = anyMatrix();
  requireAgreement(kernel.priceOptions(largeBatch), plainPrices(largeBatch), largeBatch.strikes);

  const batches = { count: BATCH, seconds: [] };
  const plain = { count: BATCH, seconds: [] };
  const large = { count: LARGE_BATCH, seconds: [] };
  const cells = { count: MATRIX.options * MATRIX.scenarios, seconds: [] };
  for (let turn = 1; turn <= TURNS; turn++) {
    for (let repeat = 0; repeat < 20; repeat++) measure(batches, () => kernel.priceOptions(batch));
    for (let repeat = 0; repeat < 5; repeat++) measure(plain, () => plainPrices(batch));
    for (let repeat = 0; repeat < 3; repeat++) measure(cells, () => kernel.priceMatrix(matrix));
    if (turn % 4 === 0) measure(large, () => kernel.priceOptions(largeBatch));
    if (turn % 20 === 0) progress(`turn ${turn} of ${TURNS}: ${millions(fastest(batches))} M prices/s`);
  }

  const result = (name, measured, what) => ({
    name,
    value: Math.round(fastest(measured)),
    unit: "prices/s",
    baseline: Math.round(fastest(plain)),
    ratio: fastest(measured) / fastest(plain),
    note: `${what}, one thread, ${kernel.kernelEngine().name}; fastest of ${measured.seconds.length}, median ${millions(middle(measured))} M/s; load of the machine ${loadavg()[0].toFixed(1)}; baseline: plain JavaScript`,
  });
  const single = `batches of ${BATCH} options (of ${LARGE_BATCH}: ${millions(fastest(large))} M/s)`;
  return [
    result("pricing.black76_per_s", batches, single),
    result("pricing.black76_matrix_per_s", cells, `${MATRIX.options} options × ${MATRIX.scenarios} scenarios`),
  ];
}

function measure({ seconds }, work) {
  const begun = performance.now();
  work();
  seconds.push((performance.now() - begun) / 1000);
}

const fastest = ({ count, seconds }) => count / Math.min(...seconds);
const middle = ({ count, seconds }) => count / seconds.toSorted((left, right) => left - right)[seconds.length >> 1];
const millions = (rate) => (rate / 1e6).toFixed(1);

function anyOptions(count) {
  const next = congruence(3);
  const forwards = Float64Array.from({ length: count }, () => 1_000 + 60_000 * next());
  return {
    forwards,
    strikes: forwards.map((forward) => forward * 2 ** (2 * next() - 1)),
    deviations: forwards.map(() => 0.02 + 0.78 * next()),
    sides: forwards.map(() => (next() < 0.5 ? 1 : -1)),
  };
}

function anyMatrix() {
  const next = congruence(4);
  const { options, scenarios } = MATRIX;
  return {
    forwards: Float64Array.from({ length: scenarios }, (_, at) => 60_000 * (0.7 + (0.6 * at) / (scenarios - 1))),
    strikes: Float64Array.from({ length: options }, (_, at) => 60_000 * (0.4 + (1.6 * at) / (options - 1))),
    sides: Float64Array.from({ length: options }, () => (next() < 0.5 ? 1 : -1)),
    deviations: Float64Array.from({ length: options * scenarios }, () => 0.02 + 0.78 * next()),
  };
}

/** The formula as one would write it, with one exponential for both tails. */
function plainPrices({ forwards, strikes, deviations, sides }) {
  const prices = new Float64Array(forwards.length);
  for (let at = 0; at < prices.length; at++) {
    const forward = forwards[at];
    const strike = strikes[at];
    const deviation = deviations[at];
    const d1 = Math.log(forward / strike) / deviation + 0.5 * deviation;
    const d2 = d1 - deviation;
    const scale = forward * Math.exp(-0.5 * d1 * d1);
    const tail1 = scale * scaledTail(Math.abs(d1));
    const tail2 = scale * scaledTail(Math.abs(d2));
    const call = (d1 > 0 ? forward - tail1 : tail1) - (d2 > 0 ? strike - tail2 : tail2);
    prices[at] = sides[at] > 0 ? call : call - forward + strike;
  }
  return prices;
}

/** e^{z²/2}·N(−z), the kernel's rational. */
function scaledTail(z) {
  let p = 6.078595918485028e-6;
  let q = 1.5236780396506333e-5;
  q = q * z + 0.0003694650855962705;
  p = p * z + 0.0001473952435890241;
  q = q * z + 0.004331030031868216;
  p = p * z + 0.0017217524152382381;
  q = q * z + 0.03171380302973865;
  p = p * z + 0.012504581062404947;
  q = q * z + 0.15824862076719315;
  p = p * z + 0.06142248754790712;
  q = q * z + 0.553986512866623;
  p = p * z + 0.2087984996243753;
  q = q * z + 1.353077403586966;
  p = p * z + 0.4817654493593082;
  q = q * z + 2.2136863951991312;
  p = p * z + 0.6978050327183382;
  q = q * z + 2.1934946262395423;
  p = p * z + 0.5;
  q = q * z + 1;
  return p / q;
}

function congruence(seed) {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

function requireAgreement(one, other, strikes) {
  const at = one.findIndex((price, option) => !(Math.abs(price - other[option]) <= 1e-14 * strikes[option]));
  if (at >= 0) throw new Error(`option ${at}: ${one[at]} ≠ ${other[at]}`);
}
