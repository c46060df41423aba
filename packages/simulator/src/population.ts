import {
  type Account,
  type AccountId,
  type AssetId,
  accountId,
  assetId,
  contractValue,
  INSURANCE_FUND,
  type Instrument,
  type InstrumentId,
  instrumentId,
  type MarketSnapshot,
  type Position,
  type RiskParameters,
} from "@ballast/model";
import {
  type Amount,
  add,
  amount,
  amountFor,
  Decimal,
  negate,
  ONE,
  type Price,
  type Quantity,
  type Ratio,
  ratio,
  roundToLots,
  scale,
  type Usd,
  usd,
  ZERO_USD,
} from "@ballast/money";
import { assessHealth, notionalOf as notionalAt } from "@ballast/risk-core";
import { evenText, logNormalText, paretoText } from "./draws.f64.js";
import { type Random, randomOf } from "./random.js";

/*
 * Who is on the exchange when a scenario begins. Nobody publishes the book of an exchange, so this is a model with stated
 * shares, the same for every seed up to chance:
 *
 *   one in a hundred accounts   a market maker, opposite side of every fill, with as much capital as gross notional
 *   of the others   70 %        directional in one to three instruments; of these 62 % long
 *                   12 %        long one coin and short the other, the same dollars
 *                   18 %        hedged: holds coin and is short about as much of it
 *
 * Wealth is Pareto with exponent 1.16, cut at 200 times the least. Gross notional ÷ equity is log-normal, lower for the
 * wealthy, and nobody starts above nine tenths of the admitted leverage. Every position comes from a fill against a
 * maker at the opening mark, so that open interest nets to zero from the first line of the ledger.
 *
 * Each account draws from a stream of its own ("seed/population/u0007"): more accounts never change earlier ones.
 */

export type Style = "MAKER" | "DIRECTIONAL" | "PAIR" | "HEDGED";

export interface PopulationAccount {
  readonly id: AccountId;
  readonly kind: "USER" | "MARKET_MAKER";
  readonly name: string;
  readonly parent: AccountId | null;
  readonly style: Style;
  /** Dollars brought along, at the opening index. */
  readonly wealth: Usd;
}

export interface PopulationDeposit {
  readonly account: AccountId;
  readonly asset: AssetId;
  readonly amount: Amount;
}

/** `quantity` > 0; the user is the taker, the maker the other side. Fee rates are shares of notional. */
export interface PopulationFill {
  readonly instrument: InstrumentId;
  readonly buyer: AccountId;
  readonly seller: AccountId;
  readonly quantity: Quantity;
  readonly price: Price;
  readonly buyerFeeRate: Ratio;
  readonly sellerFeeRate: Ratio;
}

export interface Population {
  readonly accounts: readonly PopulationAccount[];
  /** The insurance fund's first, then everybody's. To be made before the fills. */
  readonly deposits: readonly PopulationDeposit[];
  readonly fills: readonly PopulationFill[];
  /** Dollars of one side of all positions, at the opening mark. */
  readonly openInterest: Usd;
}

export interface PopulationOptions {
  readonly seed: string;
  /** Makers included. */
  readonly accounts: number;
  readonly market: MarketSnapshot;
  readonly parameters: RiskParameters;
}

export const TAKER_FEE_RATE: Ratio = ratio("0.0005");
export const MAKER_FEE_RATE: Ratio = ratio("0.0002");

const USDC = assetId("USDC");
const BTC = assetId("BTC");
const ETH = assetId("ETH");
const BTC_LINEAR = instrumentId("BTC_USDC-PERPETUAL");
const ETH_LINEAR = instrumentId("ETH_USDC-PERPETUAL");
const BTC_INVERSE = instrumentId("BTC-PERPETUAL");
const ETH_INVERSE = instrumentId("ETH-PERPETUAL");
const BTC_DATED = instrumentId("BTC_USDC-26JUN20");

/** How the dollars of directional traders spread, in shares of a hundred. */
const POPULARITY: readonly (readonly [InstrumentId, number])[] = [
  [BTC_LINEAR, 30],
  [ETH_LINEAR, 18],
  [BTC_INVERSE, 28],
  [ETH_INVERSE, 14],
  [BTC_DATED, 10],
];

const WEALTH_LEAST = 2_000;
const WEALTH_EXPONENT = 1.16;
const WEALTH_CAP_TIMES = 200;
/** Median gross notional ÷ wealth of a directional trader, by wealth: the rich borrow less. */
const LEVERAGE_MEDIANS: readonly { readonly from: Usd; readonly median: number }[] = [
  { from: usd("25000"), median: 0.6 },
  { from: usd("6000"), median: 0.9 },
  { from: ZERO_USD, median: 1.4 },
];
const LEVERAGE = { pair: 2, sigma: 0.9, least: 0.2, most: 45 };
/** Nobody starts with more of their equity bound as initial margin. */
const MARGIN_SHARE_MAX: Ratio = ratio("0.9");
const SHRINK: Ratio = ratio("0.85");
const MAKER_SHARE = 100;
const MAKER_CAPITAL_LEAST: Usd = usd("1000000");
/** Deposits are whole cents and whole ten-thousandths of a coin. */
const DEPOSIT_DIGITS = { dollars: 2, coins: 4 };
/** One user in so many is a sub-account of the user before. */
const SUB_ACCOUNT_EVERY = 40;

/** A wish: signed dollars of one instrument. */
type Wish = readonly [Instrument, Usd];
type Purse = ReadonlyMap<AssetId, Amount>;

/**
 * Returns the exchange of a seed: accounts, deposits and fills. Pure; the same options give the same answer.
 *
 * Cost: some exact assessments an account, about a second for 2,000.
 */
export function generatePopulation(options: PopulationOptions): Population {
  const makerCount = Math.max(1, Math.floor(options.accounts / MAKER_SHARE));
  const userCount = options.accounts - makerCount;
  const makers = Array.from({ length: makerCount }, (_, index) => accountId(`mm${numbered(index + 1, 2)}`));
  const fundRandom = randomOf(`${options.seed}/population/fund`);

  const accounts: PopulationAccount[] = [];
  const deposits: PopulationDeposit[] = [];
  const fills: PopulationFill[] = [];
  for (let index = 1; index <= userCount; index += 1) {
    const user = drawUser(options, index, makers);
    accounts.push(user.account);
    deposits.push(...user.deposits);
    fills.push(...user.fills);
  }

  const grossOf = new Map<AccountId, Usd>(makers.map((id) => [id, ZERO_USD]));
  let openInterest = ZERO_USD;
  for (const fill of fills) {
    const notional = notionalOf(instrumentOf(options, fill.instrument), fill.quantity, fill.price);
    openInterest = add(openInterest, notional);
    const maker = grossOf.has(fill.buyer) ? fill.buyer : fill.seller;
    grossOf.set(maker, add(grossOf.get(maker) as Usd, notional));
  }
  const made = [...grossOf].map(([id, gross], index) => drawMaker(options, id, index + 1, gross));
  const fund = shareOut(options, INSURANCE_FUND, fundSize(fundRandom, openInterest), [
    [USDC, ratio("0.4")],
    [BTC, ratio("0.4")],
    [ETH, ratio("0.2")],
  ]);
  return {
    accounts: [...made.map((maker) => maker.account), ...accounts],
    deposits: [...fund, ...made.flatMap((maker) => maker.deposits), ...deposits],
    fills,
    openInterest,
  };
}

interface Drawn {
  readonly account: PopulationAccount;
  readonly deposits: readonly PopulationDeposit[];
}

/** The fund starts with 0.75 to 1 % of open interest. */
function fundSize(random: Random, openInterest: Usd): Usd {
  return scale(openInterest, ratio(evenText(random.uint32(), 0.0075, 0.01, 6)));
}

function drawMaker(options: PopulationOptions, id: AccountId, number: number, gross: Usd): Drawn {
  const wealth = Decimal.max(gross, MAKER_CAPITAL_LEAST) as Usd;
  return {
    account: { id, kind: "MARKET_MAKER", name: `Maker ${number}`, parent: null, style: "MAKER", wealth },
    deposits: shareOut(options, id, wealth, [
      [USDC, ratio("0.5")],
      [BTC, ratio("0.3")],
      [ETH, ratio("0.2")],
    ]),
  };
}

function drawUser(
  options: PopulationOptions,
  index: number,
  makers: readonly AccountId[],
): Drawn & { readonly fills: readonly PopulationFill[] } {
  const id = userId(index);
  const random = randomOf(`${options.seed}/population/${id}`);
  const wealth = usd(paretoText(random.uint32(), WEALTH_LEAST, WEALTH_EXPONENT, WEALTH_CAP_TIMES, 0));
  const style = drawStyle(random);
  const bits = [random.uint32(), random.uint32()] as const;
  const plan = PLANS[style](options, random, wealth, bits);
  const deposits = shareOut(options, id, wealth, plan.collateral);
  const purse = new Map(deposits.map((deposit) => [deposit.asset, deposit.amount]));
  const sized = admissible(options, id, purse, plan.wishes);
  return {
    account: {
      id,
      kind: "USER",
      name: `Trader ${index}`,
      parent: index % SUB_ACCOUNT_EVERY === 0 ? userId(index - 1) : null,
      style,
      wealth,
    },
    deposits,
    fills: [...sized.values()].map((position) => fillOf(options, id, random.pick(makers), position)),
  };
}

function drawStyle(random: Random): Exclude<Style, "MAKER"> {
  const share = random.below(100);
  return share < 70 ? "DIRECTIONAL" : share < 82 ? "PAIR" : "HEDGED";
}

interface Plan {
  readonly collateral: readonly (readonly [AssetId, Ratio])[];
  readonly wishes: readonly Wish[];
}
type Planner = (
  options: PopulationOptions,
  random: Random,
  wealth: Usd,
  leverageBits: readonly [number, number],
) => Plan;

const PLANS: Record<Exclude<Style, "MAKER">, Planner> = {
  DIRECTIONAL: planDirectional,
  PAIR: planPair,
  HEDGED: planHedged,
};

function planDirectional(
  options: PopulationOptions,
  random: Random,
  wealth: Usd,
  bits: readonly [number, number],
): Plan {
  const long = random.chance(6_200);
  const { median } = LEVERAGE_MEDIANS.find(({ from }) => wealth.gte(from)) ?? { median: LEVERAGE.least };
  const gross = leveraged(wealth, median, bits);
  const share = random.below(100);
  const chosen = pickInstruments(random, share < 55 ? 1 : share < 85 ? 2 : 3);
  const weights = chosen.map(() => random.between(1, 4));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const wishes = chosen.map((instrument, at): Wish => {
    const dollars = gross.mul(weights[at] as number).div(total) as Usd;
    return [instrumentOf(options, instrument), long ? dollars : negate(dollars)];
  });
  return { wishes, collateral: collateralFor(random, wishes) };
}

/**
 * Most hold what their contracts are settled in, in the same shares: coin for the inverse ones, dollars for the others.
 * The rest hold dollars only, or dollars and some coin, whatever they trade.
 */
function collateralFor(random: Random, wishes: readonly Wish[]): Plan["collateral"] {
  const drawn = random.below(100);
  if (drawn < 12) return [[USDC, ratio("1")]];
  if (drawn < 20) {
    return [
      [USDC, ratio("0.6")],
      [random.pick([BTC, ETH]), ratio("0.4")],
    ];
  }
  const gross = new Map<AssetId, Decimal>();
  for (const [{ settlementAsset }, dollars] of wishes) {
    gross.set(settlementAsset, dollars.abs().add(gross.get(settlementAsset) ?? 0));
  }
  const total = [...gross.values()].reduce((sum, part) => sum.add(part), new Decimal(0));
  return [...gross].map(([asset, part]) => [asset, ratio(part.div(total))] as const);
}

function planPair(options: PopulationOptions, random: Random, wealth: Usd, bits: readonly [number, number]): Plan {
  const each = scale(leveraged(wealth, LEVERAGE.pair, bits), ratio("0.5"));
  const bitcoin = instrumentOf(options, random.pick([BTC_LINEAR, BTC_INVERSE]));
  const ether = instrumentOf(options, random.pick([ETH_LINEAR, ETH_INVERSE]));
  const longBitcoin = random.chance(5_000);
  const wishes: readonly Wish[] = [
    [bitcoin, longBitcoin ? each : negate(each)],
    [ether, longBitcoin ? negate(each) : each],
  ];
  return { wishes, collateral: collateralFor(random, wishes) };
}

/** Coin in the purse, short 70 to 110 % of it: most in the inverse contract, some in dollars or the dated future. */
function planHedged(options: PopulationOptions, random: Random, wealth: Usd): Plan {
  const coin = random.pick([BTC, BTC, ETH]);
  const hedges = coin === BTC ? [BTC_INVERSE, BTC_INVERSE, BTC_DATED, BTC_LINEAR] : [ETH_INVERSE, ETH_LINEAR];
  const short = scale(wealth, ratio(evenText(random.uint32(), 0.7, 1.1, 3)));
  return {
    collateral: [[coin, ratio("1")]],
    wishes: [[instrumentOf(options, random.pick(hedges)), negate(short)]],
  };
}

function leveraged(wealth: Usd, median: number, bits: readonly [number, number]): Usd {
  return scale(wealth, ratio(logNormalText(bits, median, LEVERAGE.sigma, LEVERAGE.least, LEVERAGE.most, 3)));
}

function pickInstruments(random: Random, count: number): readonly InstrumentId[] {
  const chosen: InstrumentId[] = [];
  while (chosen.length < count) {
    let drawn = random.below(100);
    const [id] = POPULARITY.find(([, share]) => {
      drawn -= share;
      return drawn < 0;
    }) as readonly [InstrumentId, number];
    if (!chosen.includes(id)) chosen.push(id);
  }
  return chosen;
}

/** Positions for the wishes, in whole lots, all shrunk together until initial margin takes at most its share of equity. */
function admissible(
  options: PopulationOptions,
  id: AccountId,
  balances: Purse,
  wishes: readonly Wish[],
): ReadonlyMap<InstrumentId, Position> {
  let factor = ratio("1");
  for (;;) {
    const positions = new Map<InstrumentId, Position>();
    for (const [instrument, dollars] of wishes) {
      const position = positionOf(options, instrument, scale(dollars, factor));
      if (position !== null) positions.set(instrument.id, position);
    }
    const account: Account = { id, kind: "USER", parent: null, marginMode: "STANDARD", balances, positions };
    const { summary } = assessHealth(account, options.market, options.parameters);
    if (summary.initialMargin.lte(scale(summary.equity, MARGIN_SHARE_MAX))) return positions;
    factor = scale(factor as unknown as Usd, SHRINK) as unknown as Ratio;
  }
}

function positionOf(options: PopulationOptions, instrument: Instrument, dollars: Usd): Position | null {
  const at = openingPrice(options, instrument);
  const perContract = notionalOf(instrument, instrument.lotSize, at).div(instrument.lotSize);
  const quantity = roundToLots(dollars.div(perContract) as unknown as Quantity, instrument.lotSize);
  if (quantity.isZero()) return null;
  return { instrument: instrument.id, quantity, entryCash: negate(contractValue(instrument, quantity, at)) };
}

function fillOf(options: PopulationOptions, user: AccountId, maker: AccountId, position: Position): PopulationFill {
  const long = position.quantity.isPositive();
  return {
    instrument: position.instrument,
    buyer: long ? user : maker,
    seller: long ? maker : user,
    quantity: position.quantity.abs() as Quantity,
    price: openingPrice(options, instrumentOf(options, position.instrument)),
    buyerFeeRate: long ? TAKER_FEE_RATE : MAKER_FEE_RATE,
    sellerFeeRate: long ? MAKER_FEE_RATE : TAKER_FEE_RATE,
  };
}

/** The opening mark on the instrument's price grid. */
function openingPrice(options: PopulationOptions, instrument: Instrument): Price {
  const mark = options.market.markPrices.get(instrument.id) as Price;
  return mark.div(instrument.tickSize).toDecimalPlaces(0).mul(instrument.tickSize) as Price;
}

/** Dollars of `quantity` contracts, unsigned, a settlement dollar counted as one. */
export function notionalOf(instrument: Instrument, quantity: Quantity, at: Price): Usd {
  return notionalAt(instrument, quantity, at, ONE as unknown as Price);
}

function shareOut(
  options: PopulationOptions,
  account: AccountId,
  dollars: Usd,
  shares: readonly (readonly [AssetId, Ratio])[],
): PopulationDeposit[] {
  return shares.map(([asset, share]) => {
    const index = options.market.indexPrices.get(asset) as Price;
    const digits = asset === USDC ? DEPOSIT_DIGITS.dollars : DEPOSIT_DIGITS.coins;
    return {
      account,
      asset,
      amount: amount(amountFor(scale(dollars, share), index).toDecimalPlaces(digits, Decimal.ROUND_CEIL)),
    };
  });
}

function instrumentOf(options: PopulationOptions, id: InstrumentId): Instrument {
  const instrument = options.parameters.instruments.get(id);
  if (instrument === undefined) throw new MissingInstrument(id);
  return instrument;
}

/** The parameters do not list an instrument that the population trades. */
export class MissingInstrument extends Error {
  override readonly name = "MissingInstrument";
  constructor(readonly instrument: InstrumentId) {
    super(`expected the risk parameters to list ${instrument}; they do not`);
  }
}

function userId(index: number): AccountId {
  return accountId(`u${numbered(index, 4)}`);
}

function numbered(index: number, digits: number): string {
  return String(index).padStart(digits, "0");
}
