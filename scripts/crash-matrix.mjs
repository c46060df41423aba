import "./check-node.mjs";

/*
 * `npm run -s crash-matrix -- --seeds 20`: every step of a liquidation, every fault, every seed (CASE-11). After each the
 * ledger has to be the one of the undisturbed run, and nothing may be stuck for a minute.
 *
 *   --seeds N      seeds 1…N (default 1), or A-B for those from A to B
 *   --lanes N      so many seeds are played side by side, each with servers of its own (default 1)
 *   --diagonal     a few cells in which each step and each fault occurs at least once
 *   --queue NAME   postgres or redis; both by turns where there is a Redis
 *   --step NAME, --fault NAME   these cells only
 *   --json         one JSON object at the end, nothing else on standard output
 */
const { parseArgs } = await import("node:util");
const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "1" },
    lanes: { type: "string", default: "1" },
    diagonal: { type: "boolean", default: false },
    queue: { type: "string" },
    step: { type: "string" },
    fault: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const { quietly, say, seconds } = await import("./progress.mjs");
const { ensureInstalled } = await import("./install.mjs");
const { build } = await import("./build.mjs");
const prepare = async () => {
  await ensureInstalled();
  await build();
};
await (values.json ? quietly(prepare) : prepare());

const { cellsOf, diagonalOf } = await import("./crash-matrix/cells.mjs");
const { openLane } = await import("./crash-matrix/lane.mjs");
const { playCell, playUndisturbed, prepareSeed } = await import("./crash-matrix/play.mjs");

const tell = (line) => (values.json ? process.stderr.write(`${line}\n`) : say(line));
const seeds = seedsOf(values.seeds);
const failures = [];
const settled = [];
let played = 0;
let fenced = 0;
const begun = performance.now();
const lanes = Array.from({ length: Math.min(Number.parseInt(values.lanes, 10), seeds.length) }, playLane);
const broken = (await Promise.allSettled(lanes)).find(({ status }) => status === "rejected");
if (broken !== undefined) throw broken.reason;

/** Plays one seed after the other, for as long as there are any that no lane has taken. */
async function playLane() {
  const lane = await openLane();
  try {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) await playSeed(lane, seed);
  } finally {
    await lane.close();
  }
}

async function playSeed(lane, seed) {
  const queues = queuesOf(values.queue, lane);
  const cells = (values.diagonal ? diagonalOf(seed, queues) : cellsOf([seed], queues)).filter(isWanted);
  const template = await prepareSeed(lane, seed);
  const expected = await playUndisturbed(lane, template);
  for (const cell of cells) {
    const { wrong, settledMs, fenced: times } = await playCell(lane, template, cell, expected);
    played += 1;
    fenced += times;
    settled.push(settledMs);
    const name = `seed ${cell.seed}, ${cell.step}, ${cell.fault}, queue on ${cell.queue}`;
    if (wrong.length > 0) {
      failures.push({ ...cell, wrong });
      tell(`  ✗ ${name}: ${wrong.join("; ")}`);
    } else if (played % 10 === 0) {
      tell(`  … ${played} cells, ${failures.length} failed, ${seconds(performance.now() - begun)}; last: ${name}`);
    }
  }
  await lane.dropDatabase("played");
  await lane.dropDatabase(template);
}

settled.sort((left, right) => left - right);
const longest = settled.at(-1) ?? 0;
const half = settled[Math.floor(settled.length / 2)] ?? 0;
const summary = { played, failed: failures.length, fencedOff: fenced, settledMs: { median: half, longest }, failures };
if (values.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
else {
  say(
    `  settled after the fault: median ${seconds(half)}, longest ${seconds(longest)}; ${fenced} writings were fenced off`,
  );
  say(`${played - failures.length} passed, ${failures.length} failed`);
}
process.exit(failures.length === 0 && played > 0 ? 0 : 1);

function seedsOf(asked) {
  const [first, last] = asked.includes("-") ? asked.split("-") : ["1", asked];
  const begin = Number.parseInt(first, 10);
  return Array.from({ length: Number.parseInt(last, 10) - begin + 1 }, (_, index) => begin + index);
}

function isWanted({ step, fault }) {
  return (values.step === undefined || step === values.step) && (values.fault === undefined || fault === values.fault);
}

function queuesOf(asked, lane) {
  if (asked === "redis" && lane.redisUrl === undefined) throw new Error("there is no redis-server on the PATH");
  if (asked !== undefined) return [asked];
  return lane.redisUrl === undefined ? ["postgres"] : ["postgres", "redis"];
}
