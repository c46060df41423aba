import { depositJournal, fillJournal, ledgerFingerprint } from "@ballast/ledger";
import {
  type AccountId,
  type AccountKind,
  accountId,
  type AssetId,
  assetId,
  assertInvariant,
  INSURANCE_FUND,
  type InstrumentId,
  instrumentId,
  type MarginMode,
  type MarketSnapshot,
  ok,
  toUtcMillis,
  TREASURY,
  type UtcMillis,
} from "@ballast/model";
import { amount, magnitude, type Price, price, quantity, type Usd, usd, ZERO_AMOUNT } from "@ballast/money";
import {
  assessHealth,
  earlyStage,
  loadRiskParameters,
  printRiskParameters,
  STANDARD_AUCTION,
  STANDARD_STAGES,
  standardParameters,
} from "@ballast/risk-core";
import { type Command, type Json, openStore, type Store } from "@ballast/store";
import { createTestDatabase, type TestDatabase } from "@ballast/testkit";
import { createHash } from "node:crypto";
import type { Events } from "../events.js";
import { lookAgain } from "../liquidate/look-again.js";
import { type CaseRules, liquidatorCommand, type Setting } from "../setting.js";
import { simulatedVenue } from "../venue/simulated-venue.js";
import { runWaterfall } from "../waterfall/run-waterfall.js";

/*
 * A small exchange in a database of its own: one maker with deep pockets, a fund, and whoever a test adds. Marks follow
 * Bitcoin; ether stands still.
 */

export const BTC_LINEAR = instrumentId("BTC_USDC-PERPETUAL");
export const MAKER = accountId("maker-1");
const OPENED_AT = 1_583_971_200_000;

export interface House {
  readonly database: TestDatabase;
  readonly store: Store;
  readonly setting: Setting;
  readonly told: string[];
  readonly openedAt: UtcMillis;
  account(
    id: string,
    kind: AccountKind,
    deposits: Readonly<Record<string, string>>,
    marginMode?: MarginMode,
  ): Promise<AccountId>;
  deposit(account: AccountId, deposits: Readonly<Record<string, string>>): Promise<void>;
  /** `account` trades signed contracts with `other` at a price, without fees. */
  trade(account: AccountId, other: AccountId, instrument: InstrumentId, contracts: string, at: string): Promise<void>;
  /** Publishes the next snapshot with this price of bitcoin, in which the named assets are frozen. */
  publish(dollars: string, ...frozen: readonly string[]): Promise<number>;
  /** The same, and scans it. */
  bitcoinAt(dollars: string, ...frozen: readonly string[]): Promise<number>;
  /** The same where this many dollars move a price by one per cent. */
  bitcoinInDepth(dollars: string, depth: string): Promise<number>;
  /** Does what is due, one after the other, until the newest snapshot is settled. */
  settle(): Promise<void>;
  fingerprint(): Promise<string>;
  /** A command that nobody has used. */
  command(): Command;
  close(): Promise<void>;
}

export async function openHouse(fund = "1000000"): Promise<House> {
  const database = await createTestDatabase();
  const store = await openStore({
    databaseUrl: database.url,
    assess: assessHealth,
    loadParameters: loadRiskParameters,
    stageOf: earlyStage,
  });
  await store.saveRiskParameters(printRiskParameters(standardParameters()) as Json, 1, toUtcMillis(OPENED_AT));
  const told: string[] = [];
  const roster = { makers: () => store.accountIdsOfKind("MARKET_MAKER"), parameters: () => store.riskParameters() };
  const rules: CaseRules = {
    engineVersion: 1,
    stages: STANDARD_STAGES,
    auction: STANDARD_AUCTION,
    orderLifetimeMs: 5_000,
    clockSkewMs: 1_000,
  };
  const setting: Setting = { store, venue: simulatedVenue(roster, () => Date.now()), events: tell(told), rules };
  let sequence = 0;
  let keys = 0;
  const key = (): string => `test-${++keys}`;
  const command = () => liquidatorCommand("test", key(), toUtcMillis(OPENED_AT + sequence));

  const next = (dollars: string, depth?: string) => snapshot((sequence += 1), price(dollars), depth);
  const publishMarket = async (market: MarketSnapshot): Promise<number> => {
    const published = await store.publishSnapshot(command(), market);
    assertInvariant(published.ok, "TEST marks are newer", { sequence });
    return sequence;
  };

  const house: House = {
    database,
    store,
    setting,
    told,
    openedAt: toUtcMillis(OPENED_AT),
    async account(id, kind, deposits, marginMode = "STANDARD") {
      const account = accountId(id);
      const created = await store.createAccounts(command(), [
        { id: account, kind, parent: null, name: id, marginMode },
      ]);
      assertInvariant(created.ok, "TEST accounts are new", { id });
      await house.deposit(account, deposits);
      return account;
    },
    async deposit(account, deposits) {
      const journals = Object.entries(deposits).map(([asset, text]) =>
        depositJournal({
          key: key(),
          at: toUtcMillis(OPENED_AT),
          account,
          asset: assetId(asset) as AssetId,
          amount: amount(text),
        }),
      );
      await store.runCommand(command(), [account], async (transaction) => {
        await transaction.post(journals);
        return ok(null);
      });
    },
    async trade(account, other, instrumentName, contracts, at) {
      const signed = quantity(contracts);
      await store.runCommand(command(), [account, other], async (transaction) => {
        const instrument = transaction.parameters.instruments.get(instrumentName);
        assertInvariant(instrument !== undefined, "TEST instruments are listed", { instrumentName });
        const [buyer, seller] = signed.gt(0) ? [account, other] : [other, account];
        const terms = { key: key(), kind: "FILL", at: toUtcMillis(OPENED_AT), instrument, price: price(at) } as const;
        const parties = { buyer: transaction.account(buyer), seller: transaction.account(seller) };
        const size = { quantity: magnitude(signed), buyerFee: ZERO_AMOUNT, sellerFee: ZERO_AMOUNT };
        await transaction.post([fillJournal({ ...terms, ...parties, ...size })]);
        return ok(null);
      });
    },
    publish: (dollars, ...frozen) => publishMarket({ ...next(dollars), frozen: new Set(frozen.map(assetId)) }),
    async bitcoinAt(dollars, ...frozen) {
      const published = await house.publish(dollars, ...frozen);
      await store.scanSnapshot(published);
      return published;
    },
    async bitcoinInDepth(dollars, depth) {
      const published = await publishMarket(next(dollars, depth));
      await store.scanSnapshot(published);
      return published;
    },
    async settle() {
      for (let round = 0; round < 100; round += 1) {
        const due = await store.dueWork();
        for (const account of due.lookAgain) await lookAgain(setting, account);
        if (due.waterfall !== null && (await runWaterfall(setting, due.waterfall))) return;
      }
      assertInvariant(false, "TEST a snapshot settles", { sequence });
    },
    async fingerprint() {
      const journals = [];
      for await (const journal of store.allJournals()) journals.push(journal);
      return ledgerFingerprint(journals, (text) => createHash("sha256").update(text).digest("hex"));
    },
    command,
    async close() {
      await store.close();
      await database.drop();
    },
  };
  await house.account(INSURANCE_FUND, "INSURANCE_FUND", fund === "0" ? {} : { USDC: fund });
  await house.account(TREASURY, "HOUSE", {});
  await house.account(MAKER, "MARKET_MAKER", { USDC: "100000000" });
  return house;
}

function snapshot(sequence: number, bitcoin: Price, depth = "5000000"): MarketSnapshot {
  const ether = price("200");
  const parameters = standardParameters();
  const markPrices = new Map<InstrumentId, Price>();
  const depths = new Map<InstrumentId, Usd>();
  for (const { id, underlying } of parameters.instruments.values()) {
    markPrices.set(id, underlying === assetId("BTC") ? bitcoin : ether);
    depths.set(id, usd(depth));
  }
  const indexPrices = new Map([
    [assetId("BTC"), bitcoin],
    [assetId("ETH"), ether],
    [assetId("USDC"), price("1")],
  ]);
  return { sequence, at: toUtcMillis(OPENED_AT + sequence * 60_000), indexPrices, markPrices, depths };
}

function tell(told: string[]): Events {
  return {
    scanned: () => undefined,
    settled: () => undefined,
    lookedAt: (account, facts) => told.push(`${account} ${JSON.stringify(facts)}`),
    auctioned: (account, facts) => told.push(`${account} auction ${JSON.stringify(facts)}`),
    takenOver: (account, facts) => told.push(`${account} taken over ${JSON.stringify(facts)}`),
    disposed: () => undefined,
    recovered: (account, facts) => told.push(`${account} recovered ${JSON.stringify(facts)}`),
    jobRefused: (reason) => told.push(`refused: ${reason}`),
    fencedOff: ({ account, step }) => told.push(`${account} fenced off at step ${step}`),
    failed: ({ account }, cause) => told.push(`${account} failed: ${(cause as Error).message}`),
    quarantined: ({ account }) => told.push(`${account} quarantined`),
    outdated: (newest) => told.push(`outdated by engine ${newest}`),
    faulted: (where) => told.push(`fault in ${where}`),
  };
}
