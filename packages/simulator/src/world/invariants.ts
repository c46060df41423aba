import type { Journal } from "@ballast/ledger";
import { emptyAccount } from "@ballast/ledger";
import {
  type Account,
  type AccountId,
  assertInvariant,
  INSURANCE_FUND,
  type Instrument,
  type InstrumentId,
  type MarginSummary,
} from "@ballast/model";
import { type Amount, Decimal, LEDGER_SCALE, type Quantity } from "@ballast/money";
import type { TakeoverPlan } from "@ballast/risk-core";
import { HOUSE_RULES } from "./rules.js";
import type { Deed, Step, World } from "./world.js";

/*
 * What must be true, said a second time and in other words than the code under test: sums are taken here leg by leg, the
 * value of a trade is worked out from its definition, margins are asked of the house's own rules even where the world
 * runs on bent ones. The cheap ones look at what an event touched, after every event; the dear ones go over everything.
 */

const ZERO = new Decimal(0);
/** The smallest unit of the ledger. */
const UNIT = new Decimal("1e-18");

/** Checks the deeds of one event, and forgets them. @throws InvariantViolation */
export function checkDeeds(world: World): void {
  checkMarket(world);
  for (const deed of world.deeds.splice(0)) {
    for (const journal of deed.journals) {
      checkBalance(journal);
      checkTrade(world, deed, journal);
    }
    checkBystanders(world, deed);
    if (deed.step !== undefined) checkReduction(world, deed.step, deed);
    else if (deed.plan !== undefined) checkTakeover(world, deed.plan, deed);
    else if (deed.actors.length > 0) checkOwnAction(world, deed);
  }
}

/** SIM-13: what is decided by is the newest snapshot that was ever published. */
function checkMarket(world: World): void {
  assertInvariant(
    world.market.sequence === world.snapshots.size,
    "SIM-13 an older snapshot never replaces a newer one",
    {
      latest: world.market.sequence,
      published: world.snapshots.size,
    },
  );
}

/** SIM-1: the legs of a journal sum to zero in every asset, contracts included. */
function checkBalance(journal: Journal): void {
  const sums = new Map<string, Decimal>();
  for (const { asset, amount } of journal.postings) sums.set(asset, (sums.get(asset) ?? ZERO).add(amount));
  for (const [asset, over] of sums) {
    assertInvariant(over.isZero(), "SIM-1 every journal sums to zero in every asset", {
      journal: journal.key,
      asset,
      over: over.toFixed(),
    });
  }
}

/**
 * SIM-2: a trade changes nobody's wealth at its own price but by the fee; what it realises is never more than the exact
 * share; a closed position leaves no cost behind.
 */
function checkTrade(world: World, deed: Deed, journal: Journal): void {
  const terms = world.trades.get(journal.key);
  if (terms === undefined) return;
  const { instrument, price } = terms;
  for (const side of [
    { account: terms.buyer, traded: terms.quantity, rate: terms.buyerRate },
    { account: terms.seller, traded: terms.quantity.neg(), rate: terms.sellerRate },
  ]) {
    const legs = journal.postings.filter((posting) => posting.account === side.account);
    const sum = (asset: string, book?: string): Decimal =>
      legs
        .filter((leg) => leg.asset === asset && (book === undefined || leg.book === book))
        .reduce((total: Decimal, leg) => total.add(leg.amount), ZERO);
    const facts = { journal: journal.key, account: side.account };
    const cash = instrument.settlementAsset;
    const worth = worthOf(instrument, side.traded, price);
    assertInvariant(sum(instrument.id).eq(side.traded), "SIM-2 a trade moves its contracts", facts);
    assertInvariant(sum(cash).eq(worth.neg()), "SIM-2 a trade costs what it is worth at its own price", {
      ...facts,
      paid: sum(cash).neg().toFixed(),
      worth: worth.toFixed(),
    });
    const fee = sum(cash, "fees");
    const asked = worth.abs().mul(side.rate);
    assertInvariant(fee.gte(asked) && fee.sub(asked).lt(UNIT), "SIM-2 a fee is rounded up to the last unit", {
      ...facts,
      fee: fee.toFixed(),
      asked: asked.toFixed(),
    });
    const realised = sum(cash, "collateral").add(fee);
    const exact = exactlyRealised(
      instrument,
      positionBefore(deed, journal, side.account, instrument),
      side.traded,
      price,
    );
    assertInvariant(
      realised.lte(exact) && exact.sub(realised).lt(UNIT),
      "SIM-2 realised profit is rounded down to the last unit",
      { ...facts, realised: realised.toFixed(), exact: exact.toFixed() },
    );
  }
}

/** SIM-3: an account that had no leg is not changed; an account without legs in the books cannot have moved. */
function checkBystanders(world: World, deed: Deed): void {
  const named = new Set(deed.journals.flatMap((journal) => journal.postings.map((posting) => posting.account)));
  for (const id of deed.before.keys()) {
    assertInvariant(named.has(id), "SIM-3 only accounts with a leg change", { account: id, deed: deed.kind });
  }
  if (deed.kind === "DEPOSIT" || deed.kind === "WITHDRAWAL" || deed.kind === "TRANSFER") {
    for (const [id, before] of deed.before) {
      assertInvariant(before.positions === world.account(id).positions, "SIM-3 money moves without moving positions", {
        account: id,
        deed: deed.kind,
      });
    }
  }
}

/** SIM-4: after its own action an account meets initial margin or is no riskier, and no withdrawal leaves a debt. */
function checkOwnAction(world: World, deed: Deed): void {
  for (const id of deed.actors) {
    const before = deed.before.get(id);
    if (before === undefined || deed.kind === "DEPOSIT") continue;
    const then = summaryOf(world, before);
    const now = summaryOf(world, world.account(id));
    const facts = { account: id, deed: deed.kind, equity: now.equity.toFixed(), initial: now.initialMargin.toFixed() };
    assertInvariant(
      now.equity.gte(now.initialMargin) || isNoRiskier(then, now),
      "SIM-4 own actions keep initial margin or make no riskier",
      facts,
    );
    if (deed.kind === "FILL") continue;
    assertInvariant(
      now.equityWithoutProfit.gte(now.initialMargin),
      "SIM-4 money leaves only beyond initial margin, unrealised profit not counted",
      facts,
    );
    for (const [asset, balance] of world.account(id).balances) {
      assertInvariant(
        balance.gte(0) || balance.gte(before.balances.get(asset) ?? ZERO),
        "SIM-4 nobody withdraws into a debt",
        { account: id, asset, balance: balance.toFixed() },
      );
    }
  }
}

/**
 * SIM-5: the house reduces only who was below maintenance margin when it decided, and only downwards: no position grows
 * or turns, and at one price the requirement does not rise.
 */
function checkReduction(world: World, step: Step, deed: Deed): void {
  if (step.kind === "REDUCE") checkDue(world, step);
  const before = deed.before.get(step.account);
  if (before === undefined) return;
  const after = world.account(step.account);
  for (const instrument of new Set([...before.positions.keys(), ...after.positions.keys()])) {
    const held = before.positions.get(instrument)?.quantity ?? ZERO;
    const left = after.positions.get(instrument)?.quantity ?? ZERO;
    assertInvariant(
      left.abs().lte(held.abs()) && !left.mul(held).lt(0),
      "SIM-5 a liquidation never grows or turns a position",
      { step: step.id, instrument, held: held.toFixed(), left: left.toFixed() },
    );
  }
  const then = summaryOf(world, before);
  const now = summaryOf(world, after);
  assertInvariant(
    now.maintenanceMargin.lte(then.maintenanceMargin),
    "SIM-5 a liquidation never raises maintenance margin",
    { step: step.id, before: then.maintenanceMargin.toFixed(), after: now.maintenanceMargin.toFixed() },
  );
}

function checkDue(world: World, step: Step): void {
  const decidedAt = world.snapshots.get(step.sequence);
  assertInvariant(decidedAt !== undefined, "SIM-5 a step names its snapshot", { step: step.id });
  const { equity, maintenanceMargin, netValue } = HOUSE_RULES.assess(
    step.standing,
    decidedAt,
    world.parameters,
  ).summary;
  assertInvariant(equity.lt(maintenanceMargin) || netValue.lt(0), "SIM-5 only the due are reduced", {
    step: step.id,
    equity: equity.toFixed(),
    maintenance: maintenanceMargin.toFixed(),
  });
}

/**
 * SIM-11: an account that was taken over keeps neither positions nor debts, was below maintenance margin, and what the
 * fund paid has not made the fund owe.
 */
function checkTakeover(world: World, plan: TakeoverPlan, deed: Deed): void {
  const id = plan.account;
  const before = deed.before.get(id);
  if (before !== undefined) {
    const then = summaryOf(world, before);
    assertInvariant(
      then.equity.lt(then.maintenanceMargin) || then.netValue.lt(0),
      "SIM-11 only the due are taken over",
      {
        account: id,
      },
    );
  }
  const after = world.account(id);
  assertInvariant(after.positions.size === 0, "SIM-11 a taken-over account keeps no positions", {
    account: id,
    positions: after.positions.size,
  });
  for (const [asset, balance] of after.balances) {
    assertInvariant(balance.gte(0), "SIM-11 a taken-over account keeps no debt", {
      account: id,
      asset,
      balance: balance.toFixed(),
    });
  }
  const fund = deed.before.get(INSURANCE_FUND);
  if (fund === undefined) return;
  const had = summaryOf(world, fund).netValue;
  const has = summaryOf(world, world.account(INSURANCE_FUND)).netValue;
  assertInvariant(has.gte(0) || has.gte(had), "SIM-11 the fund pays no more than it has", {
    account: id,
    had: had.toFixed(),
    has: has.toFixed(),
  });
}

/**
 * The dear ones, over everything: the accounts are what their journals add up to (SIM-6), every key was used once
 * (SIM-7), all assets and all contracts net to zero over all books (SIM-1), health is the house's own (SIM-8), cases and
 * accounts agree (SIM-9), and what the venue did for finished steps is in the ledger (SIM-10).
 *
 * Cost: one addition for every posting ever made.
 */
export function checkEverything(world: World): void {
  checkRebuilt(world);
  checkKeys(world);
  checkHealth(world);
  checkCases(world);
  checkVenue(world);
}

function checkRebuilt(world: World): void {
  const books = new Map<AccountId, Map<string, Decimal>>();
  const totals = new Map<string, Decimal>();
  for (const journal of world.journals) {
    for (const posting of journal.postings) {
      totals.set(posting.asset, (totals.get(posting.asset) ?? ZERO).add(posting.amount));
      const book = books.get(posting.account) ?? new Map<string, Decimal>();
      const name = `${posting.book} ${posting.asset}`;
      book.set(name, (book.get(name) ?? ZERO).add(posting.amount));
      books.set(posting.account, book);
    }
  }
  for (const [asset, total] of totals) {
    assertInvariant(total.isZero(), "SIM-1 all books together sum to zero", { asset, over: total.toFixed() });
  }
  const net = new Map<InstrumentId, Decimal>();
  for (const account of world.accounts.values()) {
    const found = describe(account);
    const expected = describeBooks(books.get(account.id) ?? new Map());
    assertInvariant(found === expected, "SIM-6 accounts are what their journals add up to", {
      account: account.id,
      found,
      expected,
    });
    for (const { instrument, quantity } of account.positions.values()) {
      net.set(instrument, (net.get(instrument) ?? ZERO).add(quantity));
    }
  }
  for (const [instrument, over] of net) {
    assertInvariant(over.isZero(), "SIM-1 open interest nets to zero", { instrument, over: over.toFixed() });
  }
}

function checkKeys(world: World): void {
  const seen = new Set<string>();
  for (const { key } of world.journals) {
    assertInvariant(!seen.has(key), "SIM-7 a key has its effect once", { key });
    seen.add(key);
  }
}

function checkHealth(world: World): void {
  for (const account of world.accounts.values()) {
    const { summary, state } = world.health(account);
    const own = HOUSE_RULES.assess(account, world.market, world.parameters);
    assertInvariant(
      summary.equity.eq(own.summary.equity) && state === own.state,
      "SIM-8 health is a function of account, market and parameters",
      { account: account.id, equity: summary.equity.toFixed(), expected: own.summary.equity.toFixed() },
    );
    assertInvariant(summary.equity.lte(summary.netValue), "SIM-8 haircuts never add", { account: account.id });
  }
}

function checkCases(world: World): void {
  for (const closed of world.closedCases) {
    assertInvariant(closed.stage === "CLOSED" && closed.outcome !== null, "SIM-9 a closed case has an outcome", {
      account: closed.account,
    });
  }
  for (const [account, opened] of world.openCases) {
    assertInvariant(opened.account === account && opened.stage !== "CLOSED", "SIM-9 an open case is open", { account });
  }
}

function checkVenue(world: World): void {
  for (const step of world.steps.values()) {
    if (step.status !== "DONE") continue;
    for (const { clientOrderId } of step.orders) {
      assertInvariant(
        world.venueFills.has(clientOrderId) && world.journalKeys.has(`fill.${clientOrderId}`),
        "SIM-10 what the venue filled is in the ledger",
        { clientOrderId },
      );
    }
  }
}

function summaryOf(world: World, account: Account): MarginSummary {
  return HOUSE_RULES.assess(account, world.market, world.parameters).summary;
}

/** Equity for each dollar of requirement did not fall; with nothing to compare, neither figure got worse. */
function isNoRiskier(then: MarginSummary, now: MarginSummary): boolean {
  if (now.equity.lte(0) || then.maintenanceMargin.isZero()) {
    return now.equity.gte(then.equity) && now.maintenanceMargin.lte(then.maintenanceMargin);
  }
  return now.equity.mul(then.maintenanceMargin).gte(then.equity.mul(now.maintenanceMargin));
}

/** Linear: contracts × size × price. Inverse: minus contracts × size ÷ price. Rounded once, to the ledger's 18 digits. */
function worthOf(instrument: Instrument, traded: Decimal, price: Decimal): Decimal {
  const size = traded.mul(instrument.contractSize);
  return (instrument.payoff === "linear" ? size.mul(price) : size.div(price).neg()).toDecimalPlaces(LEDGER_SCALE);
}

/** The closed share of what the position had cost, and the cash of the contracts that closed it; not rounded. */
function exactlyRealised(
  instrument: Instrument,
  before: { readonly quantity: Decimal; readonly entryCash: Decimal },
  traded: Decimal,
  price: Decimal,
): Decimal {
  if (!before.quantity.mul(traded).lt(0) || before.quantity.isZero()) return ZERO;
  const closed = traded.abs().lte(before.quantity.abs()) ? traded : before.quantity.neg();
  const costShare = before.entryCash.mul(closed.abs()).div(before.quantity.abs());
  return costShare.sub(worthOf(instrument, closed, price));
}

function positionBefore(
  deed: Deed,
  journal: Journal,
  id: AccountId,
  instrument: Instrument,
): { readonly quantity: Decimal; readonly entryCash: Decimal } {
  let account = deed.before.get(id) ?? emptyAccount(id, "USER", null);
  for (const earlier of deed.journals) {
    if (earlier === journal) break;
    account = HOUSE_RULES.apply(account, earlier);
  }
  return account.positions.get(instrument.id) ?? { quantity: ZERO as Quantity, entryCash: ZERO as Amount };
}

function describe(account: Account): string {
  const rows = new Map<string, Decimal>();
  for (const [asset, balance] of account.balances) rows.set(`collateral ${asset}`, balance);
  for (const { instrument, quantity, entryCash } of account.positions.values()) {
    rows.set(`position/${instrument} ${instrument}`, quantity);
    rows.set(`position/${instrument} cash`, entryCash);
  }
  return sorted(rows);
}

function describeBooks(book: ReadonlyMap<string, Decimal>): string {
  const rows = new Map<string, Decimal>();
  for (const [name, total] of book) {
    const [at, asset] = name.split(" ") as [string, string];
    if (at === "collateral") rows.set(name, total);
    else if (at === `position/${asset}`) rows.set(name, total);
    else if (at.startsWith("position/")) rows.set(`${at} cash`, total);
  }
  return sorted(rows);
}

function sorted(rows: ReadonlyMap<string, Decimal>): string {
  return [...rows]
    .filter(([, value]) => !value.isZero())
    .map(([name, value]) => `${name}=${value.toFixed()}`)
    .sort()
    .join(" ");
}
