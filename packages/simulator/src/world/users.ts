import type { Journal } from "@ballast/ledger";
import type { Account, AccountId, AssetId, Instrument, MarketSnapshot } from "@ballast/model";
import {
  type Amount,
  amount,
  Decimal,
  type Price,
  price,
  type Quantity,
  quantity,
  ratio,
  ZERO_AMOUNT,
} from "@ballast/money";
import { evenText } from "../draws.f64.js";
import type { Random } from "../random.js";
import type { World } from "./world.js";

/*
 * People and machines that deposit, withdraw, move money between their accounts and trade, often more than they may. The
 * house answers by the same steps as its API: check, judge what the account would become, then post or refuse.
 */

const FEE_RATES = ["0.0005", "0.0002", "0", "-0.0001"].map(ratio);

/** A deposit of an odd amount. */
export function deposit(world: World, random: Random): void {
  const id = someTrader(world, random);
  const asset = random.pick([...world.parameters.assets.values()]);
  const index = world.market.indexPrices.get(asset.id) as Price;
  const dollars = new Decimal(evenText(random.uint32(), 50, 20_000, 2));
  const given = amount(dollars.div(index).toDecimalPlaces(asset.scale, Decimal.ROUND_CEIL));
  const key = world.nextId("deposit");
  const journal = world.rules.deposit({ key, at: world.now, account: id, asset: asset.id, amount: given });
  world.commit("DEPOSIT", { actors: [id] }, [journal], random);
  // The caller did not hear the answer and says it again: the key makes it one deposit.
  if (random.chance(1_000)) world.commit("DEPOSIT", { actors: [id] }, [journal], random);
}

/** A withdrawal of up to a fifth more than the balance. */
export function withdraw(world: World, random: Random): void {
  const account = world.account(someTrader(world, random));
  const held = someBalance(account, random);
  if (held === null) return;
  const taken = shareOf(world, held, random);
  const key = world.nextId("withdrawal");
  const journal = world.rules.withdrawal({
    key,
    at: world.now,
    account: account.id,
    asset: held.asset,
    amount: taken,
  });
  if (!mayAct(world, account) || !mayLeave(world, account, held.asset, taken, journal)) return world.reject();
  world.commit("WITHDRAWAL", { actors: [account.id] }, [journal], random);
}

/** A transfer between a main account and its sub-account. */
export function transfer(world: World, random: Random): void {
  const children = [...world.accounts.values()].filter((account) => account.parent !== null);
  const child = random.pick(children);
  const parent = world.account(child.parent as AccountId);
  const [from, to] = random.chance(5_000) ? [child, parent] : [parent, child];
  const held = someBalance(from, random);
  if (held === null) return;
  const moved = shareOf(world, held, random);
  const key = world.nextId("transfer");
  const journal = world.rules.transfer({
    key,
    at: world.now,
    from: from.id,
    to: to.id,
    asset: held.asset,
    amount: moved,
  });
  if (!mayAct(world, from) || !mayLeave(world, from, held.asset, moved, journal)) return world.reject();
  world.commit("TRANSFER", { actors: [from.id] }, [journal], random);
}

/** A trade between two accounts, one of them often a maker: small, large, or of the size of a position. */
export function trade(world: World, random: Random): void {
  const one = world.account(someTrader(world, random));
  const makers = world.idsOfKind("MARKET_MAKER");
  const other = world.account(random.chance(7_000) ? random.pick(makers) : someTrader(world, random));
  if (one.id === other.id) return;
  const instrument = someInstrument(world, one, random);
  const [buyer, seller] = random.chance(5_500) ? [one, other] : [other, one];
  const traded = tradeSize(world, instrument, one, random);
  if (!traded.gt(0)) return;
  const at = priceNear(world.market, instrument, random);
  const key = `fill.${world.nextId("match")}`;
  const journal = world.tradeJournal(key, "FILL", {
    instrument,
    buyer: buyer.id,
    seller: seller.id,
    quantity: traded,
    price: at,
    buyerRate: random.pick(FEE_RATES),
    sellerRate: random.pick(FEE_RATES),
  });
  if (!mayAct(world, buyer) || !mayAct(world, seller)) return world.reject();
  if (!isAdmitted(world, buyer, journal) || !isAdmitted(world, seller, journal)) return world.reject();
  world.commit("FILL", { actors: [buyer.id, seller.id] }, [journal], random);
  if (random.chance(500)) world.commit("FILL", { actors: [buyer.id, seller.id] }, [journal], random);
}

function mayAct(world: World, { id }: Account): boolean {
  return world.rules.mayAct(world.hasOrdersOut(id));
}

function isAdmitted(world: World, account: Account, journal: Journal): boolean {
  const next = world.rules.apply(account, journal);
  return world.rules.admit(account.id, world.health(account).summary, world.health(next).summary).ok;
}

function mayLeave(world: World, account: Account, asset: AssetId, taken: Amount, journal: Journal): boolean {
  const next = world.health(world.rules.apply(account, journal)).summary;
  return world.rules.checkWithdrawal(account, { asset, amount: taken }, next).ok;
}

/** Anybody; who is being liquidated is much busier than the others. */
function someTrader(world: World, random: Random): AccountId {
  const users = world.idsOfKind("USER");
  const pressed = users.filter((id) => world.openCases.has(id));
  return random.pick(pressed.length > 0 && random.chance(4_000) ? pressed : users);
}

/** Half of the time one that the trader holds. */
function someInstrument(world: World, account: Account, random: Random): Instrument {
  const listed = [...world.parameters.instruments.values()];
  const held = listed.filter(({ id }) => account.positions.has(id));
  return random.pick(held.length > 0 && random.chance(5_000) ? held : listed);
}

interface Held {
  readonly asset: AssetId;
  readonly balance: Amount;
}

function someBalance(account: Account, random: Random): Held | null {
  const held = [...account.balances].filter(([, balance]) => balance.gt(ZERO_AMOUNT));
  if (held.length === 0) return null;
  const [asset, balance] = random.pick(held);
  return { asset, balance };
}

/** From nothing much to a fifth more than there is, in the digits of the asset; at least one of its smallest units. */
function shareOf(world: World, { asset, balance }: Held, random: Random): Amount {
  const scale = world.parameters.assets.get(asset)?.scale ?? 0;
  const share = new Decimal(evenText(random.uint32(), 0.01, 1.2, 4));
  const taken = balance.mul(share).toDecimalPlaces(scale, Decimal.ROUND_CEIL);
  return amount(taken);
}

/** One trade in three closes or turns a position; the others are worth up to 40 times the trader's equity. */
function tradeSize(world: World, instrument: Instrument, account: Account, random: Random): Quantity {
  const held = account.positions.get(instrument.id)?.quantity;
  if (held !== undefined && random.chance(3_500)) {
    const share = new Decimal(evenText(random.uint32(), 0.1, 2, 2));
    return quantity(Decimal.max(1, held.abs().mul(share).toDecimalPlaces(0)));
  }
  const { equity } = world.health(account).summary;
  const times = new Decimal(evenText(random.uint32(), 0.05, 1, 4)).pow(3).mul(40);
  const perContract = contractDollars(instrument, world.market.markPrices.get(instrument.id) as Price);
  const lots = Decimal.max(equity, 100).mul(times).div(perContract).div(instrument.lotSize).toDecimalPlaces(0);
  return quantity(lots.mul(instrument.lotSize));
}

function contractDollars(instrument: Instrument, mark: Price): Decimal {
  return instrument.payoff === "linear" ? instrument.contractSize.mul(mark) : instrument.contractSize;
}

/** Within one per cent of the mark, on the price grid. */
function priceNear(market: MarketSnapshot, instrument: Instrument, random: Random): Price {
  const mark = market.markPrices.get(instrument.id) as Price;
  const factor = new Decimal(evenText(random.uint32(), 0.99, 1.01, 6));
  const ticks = Decimal.max(1, mark.mul(factor).div(instrument.tickSize).toDecimalPlaces(0));
  return price(ticks.mul(instrument.tickSize));
}
