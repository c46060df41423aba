import { type Client, FILLS_BATCH_MAX, type MarksAnswer, ProblemAnswer } from "@ballast/api-contract";
import type { AccountId, Instrument, RiskParameters } from "@ballast/model";
import { accountId } from "@ballast/model";
import { price } from "@ballast/money";
import type { Population } from "@ballast/simulator";
import { eachOf, inBatches } from "./in-batches.js";
import { hourlyFills, type LifeOfHour, type Movement, topUps, withdrawals } from "./life.js";
import { openAccounts, openMarket } from "./opening.js";
import type { HourReport, Progress } from "./progress.js";
import { quoteFeed } from "./quote-feed.js";
import { PLAYED_INSTRUMENTS } from "./scenario/assumptions.js";
import type { PlayedHour, PlayedScenario } from "./scenario/ticks.js";

/*
 * The main job: an exchange around the house, from its opening to the end of the scenario. Hour by hour: three times
 * what it has heard of the market, each only after everything before is settled, then some life. Every command has a key made of scenario, seed
 * and place, so the job can be killed anywhere and started again, and started again when it is done: what has happened
 * is replayed, not repeated.
 */

export interface Run {
  readonly client: Client;
  readonly seed: string;
  readonly scenario: PlayedScenario;
  readonly population: Population;
  readonly parameters: RiskParameters;
  readonly progress: Progress;
  /** How long one snapshot may take until it is settled. */
  readonly settleMs: number;
}

/** What a run cannot read from the house afterwards. */
export interface Driven {
  /** Hours that had been played before this run began. */
  readonly hoursBefore: number;
}

const LANES = 4;
const CALLED_PAGE = 500;

/** Plays the run to its end, from wherever an earlier one stopped. */
export async function drive(run: Run): Promise<Driven> {
  const { client, population, scenario, progress } = run;
  const prefix = `${scenario.name}.${run.seed}`;
  const feed = quoteFeed(client, { clock: prefix, seed: run.seed, scenario, settleMs: run.settleMs });
  const before = await feed.heard();

  await openAccounts(client, prefix, population, progress.opening);
  if (before <= scenario.opening.sequence) {
    const opening = { at: scenario.opening.at, tellMarket: () => feed.tellUntil(scenario.opening) };
    const refused = await openMarket(client, prefix, population, opening, progress.opening);
    if (refused > 0) progress.say(`  ${refused} opening fills were refused by the house`);
  }
  progress.opened(population);

  const hours = scenario.hours.map((played, index) => ({ played, hour: index + 1 }));
  const left = hours.filter(({ played }) => lastTick(played).sequence >= before);
  const hoursBefore = hours.length - left.length;
  if (hoursBefore > 0) progress.say(`  ${hoursBefore} of ${hours.length} hours had been played before; going on`);
  for (const { played, hour } of left) {
    let marks: MarksAnswer | null = null;
    for (const [tick, snapshot] of played.ticks.entries()) {
      // Earlier ticks of an hour that was broken off have been told and settled.
      if (snapshot.sequence < before) continue;
      progress.tick(hour, hours.length, tick);
      marks = await feed.tellUntil(snapshot);
    }
    const called = await accountsInMarginCall(client);
    progress.hour(await reportOf(client, { played, hour, hours: hours.length, marks, inMarginCall: called.length }));
    // The scenario ends with its last close: nobody acts on it any more.
    if (hour < hours.length) {
      await live(run, { prefix, seed: run.seed, hour, market: lastTick(played) });
    }
  }
  return { hoursBefore };
}

/** Fills, then top-ups of those in margin call, then withdrawals. In this order: the decisions of each see the one before. */
async function live(run: Run, life: LifeOfHour): Promise<void> {
  const { client, population } = run;
  const instruments = PLAYED_INSTRUMENTS.map(({ id }) => run.parameters.instruments.get(id) as Instrument);
  const fills = hourlyFills(life, population, instruments);
  for (const [index, batch] of inBatches(fills, FILLS_BATCH_MAX).entries()) {
    await client.fills(`${life.prefix}.h${life.hour}.fills.${index}`, { fills: batch });
  }
  const called = await accountsInMarginCall(client);
  await eachOf(topUps(life, population, called), LANES, ({ key, account, asset, amount }) =>
    client.deposit(key, account, { asset, amount }),
  );
  await eachOf(withdrawals(life, population), LANES, (movement) => tryToWithdraw(client, movement));
}

/** A no of the house is an answer; only a fault is thrown. */
async function tryToWithdraw(client: Client, { key, account, asset, amount }: Movement): Promise<boolean> {
  try {
    await client.withdraw(key, account, { asset, amount });
    return true;
  } catch (fault) {
    if (fault instanceof ProblemAnswer && fault.status === 409) return false;
    throw fault;
  }
}

async function accountsInMarginCall(client: Client): Promise<AccountId[]> {
  const called: AccountId[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.accounts({ state: "MARGIN_CALL", kind: "USER", limit: CALLED_PAGE, cursor });
    called.push(...page.data.map((row) => accountId(row.id)));
    cursor = page.page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return called;
}

interface PlayedReport extends Pick<HourReport, "hour" | "hours" | "inMarginCall"> {
  readonly played: PlayedHour;
  /** The hour's last. */
  readonly marks: MarksAnswer | null;
}

async function reportOf(client: Client, { played, marks, ...report }: PlayedReport): Promise<HourReport> {
  const [summary, fund] = await Promise.all([client.summary(), client.insuranceFund()]);
  const closed = Object.values(summary.cases.byOutcome).reduce((sum, count) => sum + count, 0);
  const bitcoin = marks?.markPrices[PLAYED_INSTRUMENTS[0]?.id ?? ""];
  return {
    ...report,
    startsAt: played.startsAt,
    bitcoin: bitcoin === undefined ? null : price(bitcoin),
    frozen: marks?.frozen ?? [],
    liquidations: summary.cases.open + closed,
    fundValue: fund.health?.netValue ?? null,
  };
}

function lastTick(played: PlayedHour) {
  return played.ticks[played.ticks.length - 1] as PlayedHour["ticks"][number];
}
