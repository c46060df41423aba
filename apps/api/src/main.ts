import "reflect-metadata";
import { toUtcMillis } from "@ballast/model";
import { furnish, openMemory, readMarketRules } from "./bootstrap.js";
import { readConfig } from "./config.js";
import { createApp } from "./create-app.js";
import { createLogger, Events } from "./events.js";

/*
 * The process: configuration, memory, doors, signals. Prints one line on standard output when it can be asked, and stops
 * when it is told to: no new requests, the ones under way finished, the database last.
 */

/** How long requests under way may take once the process was told to stop. */
const STOP_MS_MAX = 10_000;

const config = readConfig(process.env);
const events = new Events(createLogger(config.logLevel));
const store = await openMemory(config);
await furnish(store, config, toUtcMillis(Date.now()));
const marketRules = await readMarketRules(config, store);
const app = await createApp({ config, store, events, marketRules });

let stopping = false;
const stop = async (signal: string) => {
  if (stopping) return;
  stopping = true;
  events.stopping(signal);
  const late = setTimeout(() => process.exit(1), STOP_MS_MAX);
  late.unref();
  await app.close();
  await store.close();
  process.exit(0);
};
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => {
    stop(signal).catch((fault: unknown) => {
      events.requestFailed("stop", signal, "", fault);
      process.exit(1);
    });
  });
}

await app.listen(config.port, config.host);
const address = `http://${config.host}:${listeningPort(app.getHttpServer().address())}`;
events.started(address);
process.stdout.write(`READY ${address}\n`);

function listeningPort(address: string | { readonly port: number } | null): number {
  if (address === null || typeof address === "string") throw new Error("expected to listen on a port");
  return address.port;
}
