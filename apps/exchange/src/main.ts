import { readFile } from "node:fs/promises";
import path from "node:path";
import { assetId } from "@ballast/model";
import { generatePopulation, publishedParameters } from "@ballast/simulator";
import { drive } from "./drive.js";
import { AnotherExchange, RefusedDeposit } from "./opening.js";
import { BadOption, type Options, readOptions, USAGE } from "./options.js";
import { progressOn } from "./progress.js";
import { NotReady, waitUntilReady } from "./readiness.js";
import { readScenario, type Scenario } from "./scenario/candles.js";
import { ScenarioRefused } from "./scenario/csv.js";
import { playScenario } from "./scenario/ticks.js";
import { NotSettled } from "./settlement.js";
import { ApiAway, signedClient } from "./signed-client.js";
import { summaryText, timingText } from "./summary.js";

/*
 * The main job of `npm start`. Ends with 0 when the ledger is in order, 1 when it is not or the run failed, 2 when it
 * was asked for something it does not have.
 */

const SCENARIO_FILE = path.join(import.meta.dirname, "../../../vectors/scenarios/2020-03-12-covid.csv");
const PLAYED_ASSETS = [assetId("BTC"), assetId("ETH")];
const PATIENCE_MS = 60_000;
/** The house's own number of what it made of the opening. */
const FIRST_SNAPSHOT = 1;

async function play(options: Options): Promise<number> {
  const scenario = playScenario(await scenarioOf(options));
  const progress = progressOn(process.stdout);
  const client = signedClient({ ...options, baseUrl: options.apiUrl, patienceMs: PATIENCE_MS });

  progress.say(`\n  ${scenario.name}, seed ${options.seed}: ${scenario.hours.length} hours, three snapshots each`);
  for (const remark of scenario.remarks) progress.say(`  ${remark}`);
  await waitUntilReady(client, PATIENCE_MS);
  const parameters = publishedParameters((await client.riskParameters()).content);
  const population = generatePopulation({
    seed: options.seed,
    accounts: options.accounts,
    market: scenario.opening,
    parameters,
  });

  const begun = performance.now();
  const before = await client.summary();
  const { hoursBefore } = await drive({
    client,
    seed: options.seed,
    scenario,
    population,
    parameters,
    progress,
    settleMs: PATIENCE_MS,
  });
  const seconds = (performance.now() - begun) / 1000;

  const [summary, fund, check, fundings, opening, closing] = await Promise.all([
    client.summary(),
    client.insuranceFund(),
    client.ledgerCheck(),
    client.fundings(),
    client.marks(FIRST_SNAPSHOT),
    client.latestMarks(),
  ]);
  const title = `\n  Summary of ${scenario.name}, seed ${options.seed}, ${scenario.hours.length} hours`;
  progress.say(summaryText({ title, opening, closing, summary, fund, fundings: fundings.data, check }));
  progress.say(
    timingText({
      seconds,
      decisions: summary.decisions - before.decisions,
      hoursPlayed: scenario.hours.length - hoursBefore,
    }),
  );
  return check.balanced ? 0 : 1;
}

async function scenarioOf(options: Options): Promise<Scenario> {
  const file = options.scenarioFile ?? SCENARIO_FILE;
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (fault) {
    throw new ScenarioRefused(`${file} could not be read: ${(fault as Error).message}`);
  }
  return readScenario({ file, text, event: options.event, assets: PLAYED_ASSETS, hoursMax: options.hoursMax });
}

/** Faults that say by themselves what is wrong; of any other the place in the program is shown too. */
const PLAIN = [AnotherExchange, ApiAway, NotReady, NotSettled, RefusedDeposit];

async function main(): Promise<number> {
  try {
    const options = readOptions(process.argv.slice(2), process.env);
    if (options === "HELP") {
      process.stdout.write(`${USAGE}\n`);
      return 0;
    }
    return await play(options);
  } catch (fault) {
    if (fault instanceof BadOption || fault instanceof ScenarioRefused) {
      process.stderr.write(`${fault.message}\n`);
      return 2;
    }
    const plain = PLAIN.some((kind) => fault instanceof kind);
    process.stderr.write(`${plain ? (fault as Error).message : (fault as Error).stack}\n`);
    return 1;
  }
}

process.exitCode = await main();
