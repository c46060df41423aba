import type { UtcMillis } from "@ballast/model";
import { accessRepository } from "./access.repository.js";
import { accountsRepository } from "./accounts.repository.js";
import { readStages } from "./account-stages.js";
import { auctionsRepository } from "./auctions.repository.js";
import { auditTrail } from "./audit.js";
import { openDatabase } from "./client.js";
import { dueWork, settleSnapshot, withWaterfallLock } from "./due-work.js";
import { fundingsRepository } from "./fundings.js";
import { journalsRepository } from "./journals.repository.js";
import { ledgerCheck } from "./ledger-check.js";
import { liquidationControl } from "./liquidation-control.js";
import { liquidationsRepository } from "./liquidations.repository.js";
import { liveMarketRepository } from "./live-market.repository.js";
import { MarketMemory } from "./market-memory.js";
import { marketRepository } from "./market.repository.js";
import { outboxReader } from "./outbox.js";
import { personPrices } from "./person-prices.js";
import { readTogether } from "./reading.js";
import { riskParametersRepository } from "./risk-params.repository.js";
import { runCommand } from "./run-command.js";
import { scanSnapshot } from "./scan.js";
import { ScannedAccounts } from "./scanned-accounts.js";
import { atHand, claimStep, freeSteps, letGo } from "./step-claim.js";
import type { Store, StoreOptions } from "./store.js";
import { summarise } from "./summary.js";
import { verifyChains } from "./verify-chains.js";

/** Opens the door to PostgreSQL. The database must be migrated. @throws DatabaseFault when it does not answer. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const database = openDatabase(options);
  const memory = new MarketMemory(options.loadParameters);
  const setting = { pool: database.pool, memory, assess: options.assess, stageOf: options.stageOf };
  const parameterVersions = riskParametersRepository(database, memory, options.loadParameters);
  const scanned = new ScannedAccounts();
  const store: Store = {
    ...accountsRepository(database),
    ...marketRepository(database, memory),
    ...liveMarketRepository(database, setting),
    ...personPrices(database, setting),
    ...fundingsRepository(database),
    ...parameterVersions,
    ...journalsRepository(database),
    ...liquidationsRepository(database),
    ...liquidationControl(database),
    ...auctionsRepository(database),
    ...outboxReader(database),
    ...auditTrail(database),
    ...accessRepository(database),
    runCommand: (command, accounts, work) => runCommand(setting, command, accounts, work),
    scanSnapshot: (sequence, assessAll, breached) => scanSnapshot(setting, scanned, sequence, assessAll, breached),
    holdings: () => readTogether(database.pool, (session) => scanned.read(session)),
    dueWork: (question) => dueWork(database.sql, question),
    claimStep: (step) => claimStep(database.pool, step),
    accountStages: () => readStages(database.sql),
    letGo: (hold) => letGo(database.sql, hold),
    atHand: (account) => atHand(database.sql, account),
    freeSteps: (account) => freeSteps(database.sql, account),
    settleSnapshot: (sequence) => settleSnapshot(database.pool, sequence),
    withWaterfallLock: (work) => withWaterfallLock(database.pool, work),
    ledgerCheck: () => ledgerCheck(database.pool),
    verifyChains: () => readTogether(database.pool, verifyChains),
    summary: async () => summarise(database, await parameterVersions.riskParameters()),
    async now() {
      const { rows } = await database.sql.query<{ now: UtcMillis }>("SELECT clock_timestamp() AS now");
      return (rows[0] as { now: UtcMillis }).now;
    },
    async ping() {
      await database.sql.query("SELECT 1");
    },
    async close() {
      await database.prisma.$disconnect();
      await database.pool.end();
    },
  };
  await store.ping();
  return store;
}
