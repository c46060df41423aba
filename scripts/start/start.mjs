import { mkdirSync } from "node:fs";
import path from "node:path";
import { build } from "../build.mjs";
import { startJob, startService } from "../children.mjs";
import { ensureInstalled } from "../install.mjs";
import { freePort } from "../ports.mjs";
import { say, seconds, step } from "../progress.mjs";
import { ToolFailed } from "../run-tool.mjs";
import { lockState, secrets, stateFolder } from "../state.mjs";
import { migrate, openDatabase } from "./database.mjs";
import { BadOption, startOptions, usage } from "./options.mjs";

/*
 * `npm start`: from a bare machine to a running exchange.
 *
 * Everything that must be undone is put on one list when it is done, and undone in the opposite order: the job, the
 * applications, the database, the lock.
 */

/** Runs Ballast until it is told to stop, and ends this process with its exit code. */
export async function start(args) {
  const undo = [];
  const ending = listenForTheEnd();
  let exitCode = 0;
  try {
    const options = startOptions(args);
    if (options.help) say(usage);
    else exitCode = await run(options, undo, ending);
  } catch (fault) {
    if (!ending.wasTold()) {
      explain(fault);
      exitCode = 1;
    }
  }
  if (undo.length > 0) {
    const begun = performance.now();
    await undoAll(undo);
    say(`Stopped cleanly (${seconds(performance.now() - begun)}).`);
  }
  process.exit(exitCode);
}

async function run(options, undo, ending) {
  say("Ballast");
  await ending.or(ensureInstalled());

  const state = stateFolder();
  undo.push(lockState(state));
  const { POSTGRES_PASSWORD, ...secret } = secrets(state);

  // A failure of one must not leave the other half done: both are awaited before anything is said about either.
  const [database, built] = await Promise.allSettled([
    openDatabase({ state, password: POSTGRES_PASSWORD, fresh: options.fresh }).then((opened) => {
      undo.push(opened.stop);
      return opened;
    }),
    build(),
  ]);
  for (const outcome of [database, built]) if (outcome.status === "rejected") throw outcome.reason;
  ending.check();
  const { url, described, ended } = database.value;
  ended.then(() => ending.now(new Error(`PostgreSQL ended by itself; see the log in ${state}/postgres`)));
  await ending.or(migrate(url));

  const services = await ending.or(startApplications({ state, secret, databaseUrl: url, undo }));
  say();
  say(`  ready in ${seconds(performance.now())}`);
  say();

  let jobCode = 0;
  if (options.job) {
    jobCode = await ending.or(playExchange({ options, secret, apiUrl: services.api, undo }));
    if (jobCode !== 0) say(`\n  The main job ended with code ${jobCode}.`);
  }
  describe({ services, secret, state, database: described });
  if (options.exit) return jobCode;
  say("  Ctrl-C stops everything.");
  await ending.or(new Promise(() => {}));
  return 0;
}

/** Daily volatility of bitcoin and ether in the days before 12 March 2020, about: the crash came out of a storm. */
const VOLATILITY_BEFORE = "0.05";

async function startApplications({ state, secret, databaseUrl, undo }) {
  const logs = path.join(state, "logs");
  mkdirSync(logs, { recursive: true });
  const apiPort = await freePort(7300);
  const consolePort = await freePort(7301);
  const liquidatorPort = await freePort(7303);
  const apiUrl = `http://127.0.0.1:${apiPort}`;
  const server = { ...secret, DATABASE_URL: databaseUrl };
  const founding = { BALLAST_FOUNDING_VOLATILITY: process.env.BALLAST_FOUNDING_VOLATILITY ?? VOLATILITY_BEFORE };
  const consoleOrigins = `http://127.0.0.1:${consolePort},http://localhost:${consolePort}`;
  const env = (port, more) => ({
    ...process.env,
    NODE_ENV: "production",
    HOST: "127.0.0.1",
    PORT: String(port),
    ...more,
  });
  const tell = (sentence) => say(`  ! ${sentence}`);
  const launch = (name, script, environment) => {
    const service = startService({ name, script, env: environment, logFile: path.join(logs, `${name}.log`), tell });
    undo.push(service.stop);
    return service.ready;
  };
  return step("start the applications", async () => {
    const [api, liquidator, console] = await Promise.all([
      launch(
        "api",
        "apps/api/dist/main.js",
        env(apiPort, { ...server, ...founding, BALLAST_CONSOLE_ORIGINS: consoleOrigins }),
      ),
      launch("liquidator", "apps/liquidator/dist/main.js", env(liquidatorPort, { ...server, API_URL: apiUrl })),
      launch("console", "apps/admin/serve.mjs", env(consolePort, { API_URL: apiUrl })),
    ]);
    return { api, liquidator, console };
  });
}

async function playExchange({ options, secret, apiUrl, undo }) {
  const job = startJob({
    script: "apps/exchange/dist/main.js",
    args: options.jobArgs,
    env: { ...process.env, NODE_ENV: "production", ...secret, API_URL: apiUrl },
    tell: (sentence) => say(`  ! ${sentence}`),
  });
  undo.push(job.stop);
  return job.ended;
}

function describe({ services, secret, state, database }) {
  say();
  say(`  Console    ${services.console}`);
  say(`             sign in as ${secret.BALLAST_ADMIN_NAME} with ${secret.BALLAST_ADMIN_PASSWORD}`);
  say(`  API        ${services.api}`);
  say(`  Queue      ${process.env.REDIS_URL ? "Redis (REDIS_URL)" : "PostgreSQL"}`);
  say(`  Database   ${database}`);
  say(`  Logs       ${path.join(state, "logs")}`);
  say();
}

/**
 * Ctrl-C, SIGTERM and the end of the terminal, as one promise that everything long is raced against.
 * A second Ctrl-C does not hurry: stopping takes seconds, and hurrying would skip the database.
 */
function listenForTheEnd() {
  const told = new Error("told to stop");
  let reason;
  let announce;
  const end = new Promise((_, reject) => {
    announce = reject;
  });
  // Whoever races against it hears the rejection; between two races nobody does, and that is no fault.
  end.catch(() => {});
  const now = (why) => {
    if (reason !== undefined) return;
    reason = why;
    announce(why);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      if (reason === undefined) say("\nStopping …");
      now(told);
    });
  }
  // A reader of our output that left (`npm start | head`) is no reason to leave the children behind.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => now(told));
  return {
    wasTold: () => reason === told,
    now,
    or: (work) => Promise.race([work, end]),
    check() {
      if (reason !== undefined) throw reason;
    },
  };
}

async function undoAll(undo) {
  while (undo.length > 0) {
    await undo.pop()();
  }
}

function explain(fault) {
  const plain = fault instanceof BadOption || fault instanceof ToolFailed;
  process.stderr.write(`\n${plain ? fault.message : `Ballast could not start: ${fault.message}`}\n`);
  if (process.env.BALLAST_DEBUG && fault.stack) process.stderr.write(`${fault.stack}\n`);
}
