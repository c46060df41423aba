import { loadavg } from "node:os";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { score, squareMatrix } from "@ballast/risk-core";

/*
 * mc.paths_per_s: paths of twenty correlated factors on which a book of forty linear and inverse positions and ten options
 * is revalued in full, one thread; 100,000 of them a turn, in a hundred blocks. Baseline, on the same book in the same run: the plain way, a path
 * at a time: Box–Muller from the same generator of uniforms, the full matrix product, every position by itself, Black's
 * formula by Math.log and Math.exp.
 * mc.linear_paths_per_s: the same without the options, here and in the baseline.
 * mc.threads_paths_per_s: 100,000 paths by two worker threads that take blocks by number; baseline: by one worker thread.
 *
 * What is compared is measured in turns, and the fastest block of each is compared: whatever else runs on the machine only
 * ever adds. Before that, the 99 % value at risk of both must agree within four standard errors.
 */

const FACTORS = 20;
const LINEAR = 40;
const OPTIONS = 10;
const PATHS = 100_000;
const BLOCKS = 100;
const BLOCK_PATHS = PATHS / BLOCKS;
const THREADS = 2;
const TURNS = 5;

if (!isMainThread && parentPort !== null) answerBlocks(parentPort);

export async function run({ progress }) {
  const simulation = anySimulation(LINEAR, OPTIONS);
  const prepared = score.prepareSimulation(simulation);
  const plain = plainSimulation(simulation);
  const linear = score.prepareSimulation(anySimulation(LINEAR, 0));
  const plainLinear = plainSimulation(anySimulation(LINEAR, 0));
  requireAgreement(prepared.losses(0, PATHS)[0], plain(PATHS));

  const seconds = { prepared: [], linear: [], plain: [], plainLinear: [], one: [], several: [] };
  const pool = Array.from({ length: THREADS }, () => new Worker(new URL(import.meta.url)));
  try {
    await overThreads(pool);
    for (let turn = 1; turn <= TURNS; turn++) {
      for (let block = 0; block < BLOCKS; block++) {
        seconds.prepared.push(secondsOf(() => prepared.losses(block, BLOCK_PATHS)));
        seconds.linear.push(secondsOf(() => linear.losses(block, BLOCK_PATHS)));
        seconds.plain.push(secondsOf(() => plain(BLOCK_PATHS)));
        seconds.plainLinear.push(secondsOf(() => plainLinear(BLOCK_PATHS)));
      }
      seconds.one.push(await overThreads(pool.slice(0, 1)));
      seconds.several.push(await overThreads(pool));
      progress(`turn ${turn} of ${TURNS}: ${Math.round(BLOCK_PATHS / Math.min(...seconds.prepared))} paths/s`);
    }
  } finally {
    await Promise.all(pool.map((worker) => worker.terminate()));
  }

  const book = `${FACTORS} factors, ${LINEAR} delta-one positions`;
  const load = `load of the machine ${loadavg()[0].toFixed(1)}`;
  const fastest = (measured, compared, paths) => {
    const [value, baseline] = [paths / Math.min(...measured), paths / Math.min(...compared)];
    return { value: Math.round(value), unit: "paths/s", baseline: Math.round(baseline), ratio: value / baseline };
  };
  return [
    {
      name: "mc.paths_per_s",
      ...fastest(seconds.prepared, seconds.plain, BLOCK_PATHS),
      note: `${book}, ${OPTIONS} options; ${load}; baseline: a path at a time, plainly`,
    },
    {
      name: "mc.linear_paths_per_s",
      ...fastest(seconds.linear, seconds.plainLinear, BLOCK_PATHS),
      note: `${book}; ${load}; baseline: a path at a time, plainly`,
    },
    {
      name: "mc.threads_paths_per_s",
      ...fastest(seconds.several, seconds.one, PATHS),
      note: `${THREADS} threads; ${load}; baseline: one of them`,
    },
  ];
}

/** Hands the next block to whoever is free; seconds until the last one is there. */
async function overThreads(pool) {
  const begun = performance.now();
  let next = 0;
  let left = BLOCKS;
  await new Promise((resolve, reject) => {
    for (const worker of pool) {
      worker.removeAllListeners();
      worker.on("error", reject);
      worker.on("message", () => {
        left--;
        if (next < BLOCKS) worker.postMessage(next++);
        else if (left === 0) resolve();
      });
      worker.postMessage(next++);
    }
  });
  return (performance.now() - begun) / 1000;
}

function answerBlocks(port) {
  const prepared = score.prepareSimulation(anySimulation(LINEAR, OPTIONS));
  port.on("message", (block) => {
    const [losses] = prepared.losses(block, BLOCK_PATHS);
    port.postMessage(losses, [losses.buffer]);
  });
}

/** The same market and book in every run. */
function anySimulation(linear, options) {
  const next = congruence(1);
  const correlation = Array.from({ length: FACTORS }, (_, row) =>
    Array.from({ length: FACTORS }, (_, column) => (row === column ? 1 : 0.4 + 0.4 * 0.97 ** Math.abs(row - column))),
  );
  const prices = Array.from({ length: FACTORS }, () => 10 ** (5 * next()));
  const book = Array.from({ length: linear }, (_, at) => {
    const factor = at % FACTORS;
    const dollars = (next() - 0.4) * 1e6;
    const price = prices[factor] * (1 + 0.01 * next());
    return at % 4 === 3
      ? { kind: "inverse", factor, price, dollars }
      : { kind: "linear", factor, price, quantity: dollars / price };
  });
  const held = Array.from({ length: options }, (_, at) => {
    const factor = at % 3;
    const price = prices[factor];
    return {
      kind: "option",
      factor,
      right: at % 2 === 0 ? 1 : -1,
      price,
      strike: price * (0.8 + 0.4 * next()),
      yearsToExpiry: 0.02 + 0.3 * next(),
      volatility: 0.4 + 0.4 * next(),
      quantity: ((next() - 0.6) * 1e6) / price,
    };
  });
  return {
    model: {
      volatilities: Array.from({ length: FACTORS }, () => 0.02 + 0.06 * next()),
      correlation: squareMatrix(correlation),
      degreesOfFreedom: null,
    },
    books: [[...book, ...held]],
    volatilityResponse: score.STANDARD_VOLATILITY_RESPONSE,
    elapsedYears: 1 / 365,
    seed: 1,
    draws: "pseudo-random",
  };
}

/** A path at a time, as one would write it first; allocation aside, nothing is shared between positions. */
function plainSimulation({ model, books: [book], volatilityResponse: { beta, spread, floor }, elapsedYears }) {
  const { size, values } = model.correlation;
  const lower = plainCholesky(size, values);
  const normals = new Float64Array(size + 2);
  const moves = new Float64Array(size);
  const next = xoshiro(7);
  const valuesNow = book.map((position) =>
    position.kind === "option"
      ? plainOption(position, position.price, position.volatility * Math.sqrt(position.yearsToExpiry))
      : 0,
  );
  return (paths) => {
    const losses = new Float64Array(paths);
    for (let path = 0; path < paths; path++) {
      for (let at = 0; at <= size; at += 2) {
        const radius = Math.sqrt(-2 * Math.log(next()));
        const angle = 2 * Math.PI * next();
        normals[at] = radius * Math.cos(angle);
        normals[at + 1] = radius * Math.sin(angle);
      }
      for (let row = 0; row < size; row++) {
        let sum = 0;
        for (let column = 0; column < size; column++) sum += lower[row * size + column] * normals[column];
        moves[row] = model.volatilities[row] * sum;
      }
      let profit = 0;
      for (const [at, position] of book.entries()) {
        const move = moves[position.factor];
        const price = position.price * Math.exp(move);
        if (position.kind === "linear") profit += position.quantity * (price - position.price);
        else if (position.kind === "inverse") profit += position.dollars * (1 / position.price - 1 / price) * price;
        else {
          const volatility = Math.max(floor, position.volatility * Math.exp(beta * move + spread * normals[size]));
          const left = Math.max(0, position.yearsToExpiry - elapsedYears);
          profit += position.quantity * (plainOption(position, price, volatility * Math.sqrt(left)) - valuesNow[at]);
        }
      }
      losses[path] = -profit;
    }
    return losses;
  };
}

function plainOption({ right, strike }, forward, deviation) {
  const d1 = Math.log(forward / strike) / deviation + deviation / 2;
  return right * (forward * normal(right * d1) - strike * normal(right * (d1 - deviation)));
}

/** Abramowitz and Stegun 26.2.17, 7.5e-8: what a plain program would take. */
function normal(x) {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI)) * series;
  return x > 0 ? 1 - tail : tail;
}

function plainCholesky(size, values) {
  const lower = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = values[row * size + column];
      for (let at = 0; at < column; at++) sum -= lower[row * size + at] * lower[column * size + at];
      lower[row * size + column] = row === column ? Math.sqrt(sum) : sum / lower[column * size + column];
    }
  }
  return lower;
}

function requireAgreement(losses, plain) {
  const [ours, theirs] = [score.simulatedTail(losses, 0.99), score.simulatedTail(plain, 0.99)];
  const apart = Math.abs(ours.valueAtRisk - theirs.valueAtRisk);
  const error = Math.hypot(ours.valueAtRiskError, theirs.valueAtRiskError);
  if (apart > 4 * error)
    throw new Error(`value at risk ${ours.valueAtRisk} and ${theirs.valueAtRisk}: ${apart / error} errors apart`);
}

function secondsOf(work) {
  const begun = performance.now();
  work();
  return (performance.now() - begun) / 1000;
}

/** Uniforms for the plain way: xoshiro128** in plain words. */
function xoshiro(seed) {
  let [a, b, c, d] = [seed, 0x9e3779b9 | 0, 0x85ebca6b | 0, 0xc2b2ae35 | 0];
  const rotated = (word, by) => (word << by) | (word >>> (32 - by));
  return () => {
    const word = Math.imul(rotated(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotated(d, 11);
    return (word + 0.5) / 2 ** 32;
  };
}

function congruence(seed) {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
