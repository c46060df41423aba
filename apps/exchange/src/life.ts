import type { FillBody } from "@ballast/api-contract";
import { printTime } from "@ballast/api-contract";
import type { AccountId, AssetId, Instrument, InstrumentId, MarketSnapshot } from "@ballast/model";
import {
  type Amount,
  Decimal,
  type Price,
  printDecimal,
  type Quantity,
  type Ratio,
  ratio,
  roundToLots,
} from "@ballast/money";
import {
  evenText,
  MAKER_FEE_RATE,
  notionalOf,
  type Population,
  type PopulationAccount,
  randomOf,
  TAKER_FEE_RATE,
} from "@ballast/simulator";

/*
 * What people do between two hours of the scenario. Everything here is decided by the seed, the hour and the account
 * alone, never by what the house answered before, with one exception: who is in margin call is asked. So a driver that
 * was killed sends exactly the same commands again.
 */

/** A withdrawal or a top-up of one account, under its key. */
export interface Movement {
  readonly key: string;
  readonly account: AccountId;
  readonly asset: AssetId;
  readonly amount: string;
}

export interface LifeOfHour {
  readonly prefix: string;
  readonly seed: string;
  /** From 1. */
  readonly hour: number;
  readonly market: MarketSnapshot;
}

const FILLS_AN_HOUR = [24, 48] as const;
const WITHDRAWALS_AN_HOUR = [6, 14] as const;
/** Notional of a trade, as a share of what the trader brought along. */
const TRADE_SHARE = { least: 0.04, most: 0.24 };
/** Fills happen within five basis points of the mark. */
const PRICE_OFFSET = 0.0005;
/** Of the accounts in margin call, this many of 10,000 add money in an hour, a quarter to two thirds of their first deposit. */
const TOP_UP_CHANCE = 1_500;
const TOP_UP_SHARE = { least: 0.25, most: 0.66 };
const WITHDRAWAL_SHARE = { least: 0.02, most: 0.15 };
const AMOUNT_DIGITS = 4;

/** The fills of an hour: users against makers, mostly in the direction of the crowd's first trades. */
export function hourlyFills(life: LifeOfHour, population: Population, instruments: readonly Instrument[]): FillBody[] {
  const random = randomOf(`${life.seed}/hour/${life.hour}/fills`);
  const users = population.accounts.filter((account) => account.kind === "USER");
  const makers = population.accounts.filter((account) => account.kind === "MARKET_MAKER");
  const fills: FillBody[] = [];
  const count = random.between(...FILLS_AN_HOUR);
  for (let index = 0; index < count; index += 1) {
    const user = random.pick(users);
    const maker = random.pick(makers);
    const instrument = random.pick(instruments);
    const buys = random.chance(5_500);
    const at = priceNear(life.market, instrument, evenText(random.uint32(), -PRICE_OFFSET, PRICE_OFFSET, 8));
    const quantity = quantityFor(
      user,
      instrument,
      at,
      evenText(random.uint32(), TRADE_SHARE.least, TRADE_SHARE.most, 4),
    );
    if (quantity.isZero()) continue;
    fills.push({
      id: `${life.prefix}.h${life.hour}.fill.${index}`,
      instrument: instrument.id,
      buyer: buys ? user.id : maker.id,
      seller: buys ? maker.id : user.id,
      quantity: printDecimal(quantity),
      price: printDecimal(at),
      buyerFeeRate: printDecimal(buys ? TAKER_FEE_RATE : MAKER_FEE_RATE),
      sellerFeeRate: printDecimal(buys ? MAKER_FEE_RATE : TAKER_FEE_RATE),
      at: printTime(life.market.at),
    });
  }
  return fills;
}

/** What the accounts in margin call add: each decides for itself, by seed, hour and name. */
export function topUps(life: LifeOfHour, population: Population, inMarginCall: readonly AccountId[]): Movement[] {
  const first = firstDeposits(population);
  return inMarginCall.flatMap((account) => {
    const random = randomOf(`${life.seed}/hour/${life.hour}/top-up/${account}`);
    const deposit = first.get(account);
    if (deposit === undefined || !random.chance(TOP_UP_CHANCE)) return [];
    const share = ratio(evenText(random.uint32(), TOP_UP_SHARE.least, TOP_UP_SHARE.most, 4));
    return [movement(life, "top-up", account, deposit, share)];
  });
}

/** Who tries to take money out, and how much; the house decides whether they may. */
export function withdrawals(life: LifeOfHour, population: Population): Movement[] {
  const random = randomOf(`${life.seed}/hour/${life.hour}/withdrawals`);
  const first = firstDeposits(population);
  const users = population.accounts.filter((account) => account.kind === "USER");
  const chosen = new Set<PopulationAccount>();
  const count = Math.min(users.length, random.between(...WITHDRAWALS_AN_HOUR));
  while (chosen.size < count) chosen.add(random.pick(users));
  return [...chosen].flatMap(({ id }) => {
    const share = ratio(evenText(random.uint32(), WITHDRAWAL_SHARE.least, WITHDRAWAL_SHARE.most, 4));
    const deposit = first.get(id);
    return deposit === undefined ? [] : [movement(life, "withdrawal", id, deposit, share)];
  });
}

function movement(
  life: LifeOfHour,
  name: string,
  account: AccountId,
  deposit: { readonly asset: AssetId; readonly amount: Amount },
  share: Ratio,
): Movement {
  const moved = deposit.amount.mul(share).toDecimalPlaces(AMOUNT_DIGITS, Decimal.ROUND_CEIL);
  return {
    key: `${life.prefix}.h${life.hour}.${name}.${account}`,
    account,
    asset: deposit.asset,
    amount: printDecimal(moved),
  };
}

/** The first asset that each account brought along. */
function firstDeposits(population: Population): Map<AccountId, { asset: AssetId; amount: Amount }> {
  const first = new Map<AccountId, { asset: AssetId; amount: Amount }>();
  for (const { account, asset, amount } of population.deposits) {
    if (!first.has(account)) first.set(account, { asset, amount });
  }
  return first;
}

function priceNear(market: MarketSnapshot, instrument: Instrument, offset: string): Price {
  const mark = market.markPrices.get(instrument.id as InstrumentId) as Price;
  return mark.mul(ratio(offset).add(1)).div(instrument.tickSize).toDecimalPlaces(0).mul(instrument.tickSize) as Price;
}

function quantityFor(user: PopulationAccount, instrument: Instrument, at: Price, share: string): Quantity {
  const perContract = notionalOf(instrument, instrument.lotSize, at).div(instrument.lotSize);
  const dollars = user.wealth.mul(ratio(share));
  return roundToLots(dollars.div(perContract) as unknown as Quantity, instrument.lotSize);
}
