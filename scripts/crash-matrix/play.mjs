import { FAULTS, STEPS, STUCK_MS } from "./cells.mjs";
import { endingOf, openWorld, publishTheFall, setTheStage } from "./world.mjs";

/*
 * Plays one cell: everybody falls, a worker liquidates, the fault strikes once, and two snapshots later the ledger has to
 * be the one of the undisturbed run.
 */

/** The snapshots at which there is something to do: at the first everybody falls, at the second the fund goes on selling. */
const SEQUENCES = [2, 3];

/** Milliseconds within which a killed process is seen to be dead. */
const DEATH_MS = 2_000;

/** A database in which the stage of a seed is set, to be cloned for each of its cells. */
export async function prepareSeed(lane, seed) {
  const template = `seed_${seed}`;
  await lane.createDatabase(template);
  const store = await openWorld(lane.url(template));
  await setTheStage(store, seed);
  await store.close();
  return template;
}

/** How the undisturbed run of a seed ends. @throws Error when even that one goes wrong */
export async function playUndisturbed(lane, template) {
  const { ending } = await play(lane, template, undefined);
  if (ending.wrong.length > 0) throw new Error(`the undisturbed run is not in order: ${ending.wrong.join("; ")}`);
  return ending;
}

/** Plays a cell and answers what is wrong with it, how long it took after the fault, and how often a worker was fenced off. */
export async function playCell(lane, template, cell, expected) {
  const { ending, reached, settledMs, fenced, ours } = await play(lane, template, cell);
  const wrong = [...ending.wrong, ...ours];
  if (!reached) wrong.push("the fault never struck");
  if (settledMs > STUCK_MS) wrong.push(`stuck for ${Math.round(settledMs / 1000)} s`);
  if (ending.fingerprint !== expected.fingerprint) {
    wrong.push(`the ledger differs: ${ending.journals} journals, ${expected.journals} undisturbed`);
  }
  return { wrong, settledMs, fenced };
}

async function play(lane, template, cell) {
  const database = "played";
  await lane.dropDatabase(database);
  await lane.cloneDatabase(template, database);
  const redisUrl = cell?.queue === "redis" ? lane.redisUrl : undefined;
  if (redisUrl !== undefined) await lane.flushQueue(database, redisUrl);
  lane.venue.forget();
  const story = new Story(lane, database, redisUrl, cell);
  const store = await openWorld(lane.url(database));
  try {
    await story.begin();
    for (const sequence of SEQUENCES) {
      await publishTheFall(store, sequence);
      await story.untilSettled(store, sequence);
    }
    await story.end();
    return { ending: await endingOf(store), ...story.account() };
  } finally {
    await story.abandon();
    await store.close();
  }
}

/** The workers of one run, and what happens to them. */
class Story {
  constructor(lane, database, redisUrl, cell) {
    Object.assign(this, { lane, database, redisUrl, cell });
    this.fault = FAULTS.find(({ name }) => name === cell?.fault);
    this.row = STEPS.indexOf(cell?.step);
    this.workers = [];
    /** What went wrong with the playing itself. */
    this.broken = [];
    this.reachedAt = undefined;
    this.settledAt = 0;
    /** Everything is settled: nobody has to be rescued any more. */
    this.over = false;
    this.ended = false;
  }

  async begin() {
    const { lane, cell, fault } = this;
    // To be taken over and asked about, a step has to lose its answer first.
    if (["take over a step", "ask"].includes(cell?.step)) lane.venue.lose(0, 2);
    if (fault?.does === "lose") lane.venue.lose(this.row % 2, 1 + (cell.seed % 2));
    const worker = await this.startWorker("victim", cell);
    if (cell === undefined || fault.does === "lose") return;
    const watching = fault.does === "kill" ? this.watchForDeath(worker) : this.watchForStrike(worker);
    watching.catch((cause) => this.broken.push(String(cause?.message ?? cause)));
  }

  async startWorker(name, cell) {
    const worker = await this.lane.worker();
    if (this.ended) return this.lane.giveBack(worker);
    this.workers.push(worker);
    worker.start({
      databaseUrl: this.lane.url(this.database),
      redisUrl: this.redisUrl,
      venueUrl: this.lane.venue.url,
      name,
      cell,
      // In every second seed the fault waits for the second time that the step is taken; the fund sells once.
      occurrence: cell === undefined || cell.step.includes("disposal") ? 1 : 1 + (cell.seed % 2),
    });
    const begun = await Promise.race([worker.next("started"), worker.exited]);
    if (begun.type !== "started") throw new Error(`a worker did not start:\n${worker.words()}`);
    void worker.exited.then(({ code, signal }) => {
      if (!this.ended && signal !== "SIGKILL") this.broken.push(`a worker left with ${code}:\n${worker.words()}`);
    });
    return worker;
  }

  async watchForDeath(worker) {
    const { signal } = await worker.exited;
    if (this.ended || signal !== "SIGKILL") return;
    this.reachedAt = performance.now();
    if (!this.over) await this.startWorker("rescuer");
  }

  async watchForStrike(worker) {
    await Promise.race([worker.next("reached"), worker.exited]);
    if (this.ended) return;
    this.reachedAt = performance.now();
    const { lane, database, fault, cell } = this;
    if (fault.does === "block") await this.startWorker("rescuer");
    if (fault.does === "flush") await lane.flushQueue(database, this.redisUrl);
    if (fault.does === "cut") await lane.cutConnections(database);
    if (fault.does === "restart") await lane.restartDatabase(cell.seed % 2 === 1);
    worker.go();
  }

  /** Waits until a snapshot is settled; a database that is away is asked again. */
  async untilSettled(store, sequence) {
    const begun = performance.now();
    while (performance.now() - begun < 2 * STUCK_MS) {
      const status = await store.snapshotStatus(sequence).catch(() => null);
      if (status === "SETTLED") {
        this.settledAt = performance.now();
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    this.settledAt = performance.now();
  }

  async end() {
    this.over = true;
    // Whoever dies with the last commit may be seen to have settled before it is seen to be dead.
    if (this.fault?.does === "kill" && this.reachedAt === undefined) {
      await Promise.race([this.workers[0].exited, new Promise((resolve) => setTimeout(resolve, DEATH_MS))]);
    }
    this.ended = true;
    this.heard = this.workers.flatMap((worker) => [...worker.heard("fenced"), ...worker.heard("failed")]);
    for (const worker of this.workers.splice(0)) {
      if (await worker.stop()) this.lane.giveBack(worker);
      else worker.end();
    }
  }

  /** What went wrong leaves no worker behind. */
  async abandon() {
    this.ended = true;
    for (const worker of this.workers) worker.end();
    await Promise.all(this.workers.map((worker) => worker.exited));
  }

  account() {
    const lost = this.fault?.does === "lose" && this.lane.venue.hasLost();
    const reached = lost || this.reachedAt !== undefined;
    const heard = (kind) => this.heard.filter(({ type }) => type === kind);
    return {
      reached,
      settledMs: this.reachedAt === undefined ? 0 : Math.max(0, this.settledAt - this.reachedAt),
      fenced: heard("fenced").length,
      ours: [
        ...this.broken,
        ...heard("failed").map(({ step, cause }) => `step ${step.step} of ${step.account} failed: ${cause}`),
      ],
    };
  }
}
