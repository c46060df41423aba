import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import path from "node:path";
import { kernel } from "@ballast/risk-core";

/*
 * kernel.accounts_per_s: accounts of twenty positions re-margined a second under 32 scenarios, one thread, through the door:
 * rows are copied in and free margins out. Baseline: the JavaScript twin on the same book in the same run.
 * kernel.accounts_per_s.c: the same against the same loop in C (`kernel-scan.c`, -O3 -march=native), where there is a `cc`.
 * kernel.screened_accounts_per_s: with the error bound of every account and a verdict; baseline: the scan alone.
 *
 * Input: 280 instruments of which every account holds any twenty, so that hardly two accounts read the same rows. What is
 * compared is measured in turns, and the fastest of each is compared: whatever else runs on the machine only ever adds.
 */

const ACCOUNTS = 200_000;
const POSITIONS = 20;
const INSTRUMENTS = 280;
const SCENARIOS = 32;
const TURNS = 8;

export async function run({ progress }) {
  const columns = anyBook();
  const rows = kernel.rowTable(anyMarket());
  const book = kernel.loadBook(columns);
  const twin = kernel.loadBook(columns, kernel.referenceEngine);
  requireSameBits(kernel.scanBook(book, rows), kernel.scanBook(twin, rows));

  const native = compileNative({ columns, rows, sum: kernel.scanBook(book, rows).reduce((sum, each) => sum + each) });
  const times = { scan: [], twin: [], native: [], screen: [] };
  try {
    for (let turn = 1; turn <= TURNS; turn++) {
      for (let repeat = 0; repeat < 5; repeat++) times.scan.push(secondsOf(() => kernel.scanBook(book, rows)));
      if (native !== null) times.native.push(...native.seconds(5));
      times.twin.push(secondsOf(() => kernel.scanBook(twin, rows)));
      for (let repeat = 0; repeat < 2; repeat++) times.screen.push(secondsOf(() => kernel.screenBook(book, rows)));
      progress(`turn ${turn} of ${TURNS}: ${millions(median(times.scan))} M accounts/s`);
    }
  } finally {
    native?.remove();
  }

  const load = loadavg()[0].toFixed(1);
  const size = `${ACCOUNTS} accounts × ${POSITIONS} positions × ${SCENARIOS} scenarios`;
  const note = `${size}, one thread, ${kernel.kernelEngine().name}; fastest of ${times.scan.length}, median ${millions(median(times.scan))} M/s; load of the machine ${load}`;
  const results = [
    { name: "kernel.accounts_per_s", ...rates(times.scan, times.twin), note: `${note}; baseline: the JavaScript twin` },
    {
      name: "kernel.screened_accounts_per_s",
      ...rates(times.screen, times.scan),
      note: "free margin, error bound and verdict; baseline: free margin alone",
    },
  ];
  if (native === null) return results;
  const c = `baseline: the same loop in C, ${native.described}, median ${millions(median(times.native))} M/s`;
  return [...results, { name: "kernel.accounts_per_s.c", ...rates(times.scan, times.native), note: `${note}; ${c}` }];
}

function rates(measured, compared) {
  const value = ACCOUNTS / Math.min(...measured);
  const baseline = ACCOUNTS / Math.min(...compared);
  return { value: Math.round(value), unit: "accounts/s", baseline: Math.round(baseline), ratio: value / baseline };
}

/** The same book in every run, from a small linear congruence. */
function anyBook() {
  const next = congruence(1);
  const row = new Uint32Array(ACCOUNTS * POSITIONS);
  const quantity = new Float64Array(ACCOUNTS * POSITIONS);
  for (let position = 0; position < row.length; position++) {
    quantity[position] = (next() - 0.4) * 100;
    row[position] = kernel.rowOf(Math.floor(next() * INSTRUMENTS), quantity[position]);
  }
  return {
    firstPosition: Uint32Array.from({ length: ACCOUNTS + 1 }, (_, account) => account * POSITIONS),
    row,
    quantity,
    cash: Float64Array.from({ length: ACCOUNTS }, () => next() * 1e6),
  };
}

function anyMarket() {
  const next = congruence(2);
  return {
    instruments: INSTRUMENTS,
    scenarios: SCENARIOS,
    values: Float64Array.from({ length: INSTRUMENTS * SCENARIOS }, () => next() * 10_000),
    addOns: Float64Array.from({ length: INSTRUMENTS }, () => next() * 10),
  };
}

function congruence(seed) {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

/** The C program, compiled for this machine into a folder of its own; null where there is no compiler. */
function compileNative({ columns, rows, sum }) {
  const folder = mkdtempSync(path.join(tmpdir(), "ballast-kernel-"));
  const program = path.join(folder, "scan");
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const source = path.join(import.meta.dirname, "kernel-scan.c");
  const compiled = spawnSync("cc", ["-O3", "-march=native", `-DSCENARIOS=${SCENARIOS}`, "-o", program, source]);
  if (compiled.status !== 0) {
    remove();
    return null;
  }
  const { firstPosition, row, quantity, cash } = columns;
  const input = Buffer.concat(
    [firstPosition, row, quantity, cash, rows.values].map((column) => new Uint8Array(column.buffer)),
  );
  const seconds = (rounds) => {
    const sizes = [ACCOUNTS, row.length, 2 * INSTRUMENTS, rounds].map(String);
    const lines = spawnSync(program, sizes, { input }).stdout.toString().trim().split("\n").map(Number);
    const found = lines.pop();
    if (Math.abs(found - sum) > 1e-9 * Math.abs(sum)) throw new Error(`C finds ${found}, the kernel ${sum}`);
    return lines;
  };
  return { seconds, remove, described: "cc -O3 -march=native" };
}

function requireSameBits(one, other) {
  const at = one.findIndex((value, account) => !Object.is(value, other[account]));
  if (at >= 0) throw new Error(`account ${at}: ${one[at]} ≠ ${other[at]}`);
}

function secondsOf(work) {
  const begun = performance.now();
  work();
  return (performance.now() - begun) / 1000;
}

const median = (numbers) => [...numbers].sort((left, right) => left - right)[Math.floor(numbers.length / 2)];
const millions = (seconds) => (ACCOUNTS / seconds / 1e6).toFixed(1);
