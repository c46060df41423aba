import { assessHealth, loadRiskParameters } from "@ballast/risk-core";
import { openStore } from "@ballast/store";
import { pino } from "pino";
import { readConfig } from "./config.js";
import { logEvents } from "./events.js";
import { startLiquidator } from "./liquidator.js";
import { simulatedVenue } from "./venue/simulated-venue.js";

// The process: configuration, memory, market, worker; SIGTERM finishes the running step, then closes memory.
const config = readConfig(process.env);
const log = pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: true }));
const store = await openStore({
  databaseUrl: config.databaseUrl,
  assess: assessHealth,
  loadParameters: loadRiskParameters,
  applicationName: "ballast-liquidator",
});
const stopSignal = new Promise<void>((resolve) => {
  process.once("SIGTERM", resolve);
  process.once("SIGINT", resolve);
});
const venue = simulatedVenue({
  makers: () => store.accountIdsOfKind("MARKET_MAKER"),
  parameters: () => store.riskParameters(),
});
const setting = { store, venue, events: logEvents(log) };
const liquidator = startLiquidator(setting, config);
process.stdout.write("READY liquidator\n");
await stopSignal;
await liquidator.stop();
await store.close();
