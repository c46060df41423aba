import { pricing } from "@ballast/risk-core";

/*
 * risk.option_prices_per_s: Black-76 values a second and thread in plain TypeScript, as a column. Baseline: the same
 * options one by one through the same kernel, in the same run; both must agree in every bit.
 * risk.implied_volatilities_per_s: volatilities a second. Baseline: bisection to the same digits on the same kernel.
 *
 * Input: 4,096 options on forwards of 50,000–70,000, strikes within ±55 %, one day to a year, half of them puts.
 */

const OPTIONS = 4_096;
const ROUNDS = 200;

export async function run({ progress }) {
  const columns = optionColumns();
  const column = new Float64Array(OPTIONS);
  const single = new Float64Array(OPTIONS);
  const byColumn = () => pricing.black76Column(columns, column);
  const oneByOne = () => priceOneByOne(columns, single);
  byColumn();
  oneByOne();
  if (!column.every((price, at) => Object.is(price, single[at]))) throw new Error("the column differs from its rows");

  const quotes = quotesOf(columns, column);
  const solved = quotes.map((quote) => pricing.impliedVolatility(quote).value);
  for (const [at, quote] of quotes.entries()) {
    const off = Math.abs(solved[at] / bisected(quote) - 1);
    if (!(off < 1e-9)) throw new Error(`${JSON.stringify(quote)}: ${solved[at]} is off by ${off}`);
  }
  const solving = () => quotes.map((quote) => pricing.impliedVolatility(quote));
  const bisecting = () => quotes.map(bisected);

  const seconds = { byColumn: [], oneByOne: [], solving: [], bisecting: [] };
  for (let round = 1; round <= ROUNDS; round++) {
    seconds.byColumn.push(secondsOf(byColumn));
    seconds.oneByOne.push(secondsOf(oneByOne));
    if (round % 2 === 0) {
      seconds.solving.push(secondsOf(solving));
      seconds.bisecting.push(secondsOf(bisecting));
    }
    if (round % 100 === 0) progress(`round ${round} of ${ROUNDS}`);
  }
  return [
    row("risk.option_prices_per_s", "prices/s", OPTIONS, seconds.byColumn, seconds.oneByOne, "baseline one by one"),
    row(
      "risk.implied_volatilities_per_s",
      "volatilities/s",
      quotes.length,
      seconds.solving,
      seconds.bisecting,
      "baseline bisection",
    ),
  ];
}

function row(name, unit, count, measured, baseline, what) {
  const [value, base] = [count / median(measured), count / median(baseline)];
  const note = `median of ${measured.length} passes over ${count}, fastest ${millions(count / Math.min(...measured))} M/s; ${what}`;
  return { name, value: Math.round(value), unit, baseline: Math.round(base), ratio: value / base, note };
}

/** The same in every run, from a small linear congruence. */
function optionColumns() {
  let state = 17;
  const next = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const columns = {
    forwards: new Float64Array(OPTIONS),
    strikes: new Float64Array(OPTIONS),
    deviations: new Float64Array(OPTIONS),
    puts: new Uint8Array(OPTIONS),
  };
  for (let at = 0; at < OPTIONS; at++) {
    columns.forwards[at] = 50_000 + 20_000 * next();
    columns.strikes[at] = columns.forwards[at] * Math.exp(1.6 * (next() - 0.5));
    columns.deviations[at] = (0.3 + next()) * Math.sqrt((1 + 364 * next()) / 365);
    columns.puts[at] = next() < 0.5 ? 1 : 0;
  }
  return columns;
}

function priceOneByOne({ forwards, strikes, deviations, puts }, out) {
  for (let at = 0; at < OPTIONS; at++) {
    const price = puts[at] === 1 ? pricing.black76Put : pricing.black76Call;
    out[at] = price(forwards[at], strikes[at], deviations[at]);
  }
}

/** What has time value that a price can carry, as quotes of a year. */
function quotesOf({ forwards, strikes, deviations, puts }, prices) {
  const quotes = [];
  for (let at = 0; at < OPTIONS; at++) {
    const [forward, strike] = [forwards[at], strikes[at]];
    const isOut = puts[at] === 1 ? strike < forward : strike > forward;
    if (!isOut || prices[at] < 1e-3 * forward || deviations[at] < 0.05) continue;
    quotes.push({ type: puts[at] === 1 ? "put" : "call", forward, strike, expiryYears: 1, price: prices[at] });
  }
  return quotes;
}

function bisected({ type, forward, strike, price }) {
  const value = type === "put" ? pricing.black76Put : pricing.black76Call;
  let [low, high] = [0, 4];
  for (let step = 0; step < 44; step++) {
    const middle = 0.5 * (low + high);
    if (value(forward, strike, middle) < price) low = middle;
    else high = middle;
  }
  return 0.5 * (low + high);
}

function secondsOf(work) {
  const begun = performance.now();
  work();
  return (performance.now() - begun) / 1000;
}

const median = (numbers) => [...numbers].sort((left, right) => left - right)[Math.floor(numbers.length / 2)];
const millions = (perSecond) => (perSecond / 1e6).toFixed(1);
