import { readFile } from "node:fs/promises";
import { INSURANCE_FUND, TREASURY, type UtcMillis } from "@ballast/model";
import { ratio } from "@ballast/money";
import {
  assessHealth,
  type LiveMarketRules,
  loadLiveMarketRules,
  loadRiskParameters,
  printRiskParameters,
  standardMarketRules,
  standardParameters,
  standardPolicyParameters,
} from "@ballast/risk-core";
import { type Command, type NewAccount, openStore, type Store } from "@ballast/store";
import { hashPassword } from "./auth/password.js";
import { KeyVault } from "./auth/key-vault.js";
import type { Config } from "./config.js";

/** Opens the store with the risk rules of this build. */
export function openMemory(config: Config): Promise<Store> {
  return openStore({
    databaseUrl: config.databaseUrl,
    assess: assessHealth,
    loadParameters: loadRiskParameters,
    poolMax: config.databaseConnections,
    applicationName: "ballast-api",
  });
}

/**
 * The rules of the live market; null where the house takes finished marks.
 *
 * @throws InvalidParameters, MarketRulesMismatch
 */
export async function readMarketRules({ marketRules }: Config, store: Store): Promise<LiveMarketRules | null> {
  if (marketRules === null) return null;
  if (marketRules !== "standard") return loadLiveMarketRules(JSON.parse(await readFile(marketRules, "utf8")));
  const parameters = await store.riskParameters();
  return standardMarketRules(parameters ?? standardParameters());
}

/**
 * Puts in place what the house cannot open without: risk parameters, its own accounts, the exchange's key, and the first
 * console user. Safe to run by many processes at once and at every start.
 */
export async function furnish(store: Store, config: Config, now: UtcMillis): Promise<void> {
  if ((await store.riskParameters()) === null) {
    const standard = standardParameters();
    const policy = standardPolicyParameters(ratio(config.foundingVolatility));
    const parameters = { ...standard, liquidation: { ...standard.liquidation, policy } };
    await store.saveRiskParameters(printRiskParameters(parameters), standard.version, now);
  }
  await openHouseAccounts(store, now);
  const vault = new KeyVault(config.encryptionKey);
  await store.ensureApiKey(
    {
      id: config.exchangeKeyId,
      account: null,
      scopes: ["exchange"],
      secretEncrypted: vault.seal(config.exchangeKeyId, config.exchangeKeySecret),
    },
    now,
  );
  await store.ensureAdminUser(
    {
      id: `admin.${config.adminName}`,
      name: config.adminName,
      passwordHash: await hashPassword(config.adminPassword),
      role: "admin",
    },
    now,
  );
}

const HOUSE_ACCOUNTS: readonly NewAccount[] = [
  { id: INSURANCE_FUND, kind: "INSURANCE_FUND", parent: null, name: "Insurance fund" },
  { id: TREASURY, kind: "HOUSE", parent: null, name: "Treasury" },
];

async function openHouseAccounts(store: Store, now: UtcMillis): Promise<void> {
  for (const account of HOUSE_ACCOUNTS) {
    if ((await store.standings([account.id])).has(account.id)) continue;
    const command: Command = {
      scope: "bootstrap",
      key: `open.${account.id}`,
      fingerprint: account.id,
      actor: "bootstrap",
      action: "open-accounts",
      at: now,
    };
    const opened = await store.createAccounts(command, [account]);
    // Another process may have opened it since we looked.
    if (!opened.ok && opened.rejection.code !== "ACCOUNT_EXISTS") {
      throw new Error(`the account ${account.id} could not be opened: ${opened.rejection.code}`);
    }
  }
}
