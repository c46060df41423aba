import { assessHealth, earlyStage, loadRiskParameters, STANDARD_AUCTION, STANDARD_STAGES } from "@ballast/risk-core";
import { LIQUIDATION_ENGINE_VERSION } from "@ballast/queues";
import { openStore } from "@ballast/store";
import { pino } from "pino";
import { readConfig } from "./config.js";
import { logEvents } from "./events.js";
import { startLiquidator } from "./liquidator.js";
import { openVenue } from "./venue/open-venue.js";

// The process: configuration, memory, market, worker; SIGTERM finishes the running step, then closes memory.
const config = readConfig(process.env);
const log = pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: true }));
const store = await openStore({
  databaseUrl: config.databaseUrl,
  assess: assessHealth,
  loadParameters: loadRiskParameters,
  stageOf: earlyStage,
  applicationName: "ballast-liquidator",
});
const stopSignal = new Promise<void>((resolve) => {
  process.once("SIGTERM", resolve);
  process.once("SIGINT", resolve);
});
const venue = await openVenue(config, store);
const rules = {
  engineVersion: LIQUIDATION_ENGINE_VERSION,
  stages: STANDARD_STAGES,
  auction: STANDARD_AUCTION,
  orderLifetimeMs: config.orderLifetimeMs,
  clockSkewMs: config.clockSkewMs,
};
const liquidator = await startLiquidator({ store, venue, events: logEvents(log), rules }, config);
process.stdout.write("READY liquidator\n");
await stopSignal;
await liquidator.stop();
await store.close();
