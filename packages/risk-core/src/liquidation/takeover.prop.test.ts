import { describe, expect, test } from "@jest/globals";
import {
  type Account,
  type AccountId,
  accountId,
  contractValue,
  INSURANCE_FUND,
  type MarketSnapshot,
  TREASURY,
  compareIds,
} from "@ballast/model";
import { Decimal, type Price, printDecimal, type Quantity } from "@ballast/money";
import fc from "fast-check";
import { assessAccount } from "../pipeline.js";
import {
  type AccountText,
  accountOf,
  anyMarket,
  anyPositions,
  listed,
  type MarketText,
  marketOf,
  PARAMETERS,
  type PositionsText,
  shuffled,
} from "../testing.js";
import { exceedsFund, planTakeover, type TakeoverPlan } from "./takeover.js";

/** The books of everybody in a takeover, kept by the test itself: wallet, contracts and what they have cost. */
class Books {
  private readonly amounts = new Map<string, Decimal>();

  constructor(accounts: readonly Account[]) {
    for (const { id, balances, positions } of accounts) {
      for (const [asset, balance] of balances) this.move(id, asset, balance);
      for (const position of positions.values()) {
        this.move(id, position.instrument, position.quantity);
        this.move(id, listed(position.instrument).settlementAsset, position.entryCash);
      }
    }
  }

  /** Wallet and entry cash of an asset are one figure here: only their sum is worth anything. */
  move(account: string, asset: string, change: Decimal): void {
    this.amounts.set(`${account} ${asset}`, this.of(account, asset).add(change));
  }

  of(account: string, asset: string): Decimal {
    return this.amounts.get(`${account} ${asset}`) ?? new Decimal(0);
  }

  trade(account: string, counterparty: string, instrumentId: string, quantity: Quantity, price: Price): void {
    const instrument = listed(instrumentId);
    const cash = contractValue(instrument, quantity, price);
    this.move(account, instrumentId, quantity);
    this.move(counterparty, instrumentId, quantity.neg());
    this.move(account, instrument.settlementAsset, cash.neg());
    this.move(counterparty, instrument.settlementAsset, cash);
  }

  total(asset: string): Decimal {
    return [...this.amounts]
      .filter(([key]) => key.endsWith(` ${asset}`))
      .reduce((sum, [, held]) => sum.add(held), new Decimal(0));
  }

  /** What an account would be left with if everything were closed at the mark and exchanged at the index. */
  netValue(account: string, market: MarketSnapshot): Decimal {
    let net = new Decimal(0);
    for (const asset of ASSETS) net = net.add(this.of(account, asset).mul(found(market.indexPrices, asset)));
    for (const [id, instrument] of PARAMETERS.instruments) {
      const held = this.of(account, id) as Quantity;
      const value = contractValue(instrument, held, found(market.markPrices, id));
      net = net.add(value.mul(found(market.indexPrices, instrument.settlementAsset)));
    }
    return net;
  }

  post(plan: TakeoverPlan): void {
    for (const fill of [...plan.deleveraging, ...plan.fills]) {
      this.trade(plan.account, fill.counterparty, fill.instrument, fill.quantity, fill.price);
    }
    for (const { gives, receives } of plan.conversions) {
      this.pay(plan.account, INSURANCE_FUND, gives.asset, gives.amount);
      this.pay(INSURANCE_FUND, plan.account, receives.asset, receives.amount);
    }
    for (const fee of plan.fees) this.pay(plan.account, INSURANCE_FUND, fee.asset, fee.amount);
    for (const { from, asset, amount } of [...plan.fund, ...plan.socialised, ...plan.house]) {
      this.pay(from, plan.account, asset, amount);
    }
  }

  private pay(from: string, to: string, asset: string, amount: Decimal): void {
    expect(amount.gt(0)).toBe(true);
    this.move(from, asset, amount.neg());
    this.move(to, asset, amount);
  }
}

const ASSETS = [...PARAMETERS.assets.keys()];

function found<Value>(map: ReadonlyMap<unknown, Value>, key: string): Value {
  const value = (map as ReadonlyMap<string, Value>).get(key);
  if (value === undefined) throw new Error(`the test needs ${key}`);
  return value;
}

interface Scene {
  readonly account: Account;
  readonly fund: Account;
  readonly holders: readonly Account[];
  readonly market: MarketSnapshot;
}

const cash = (most: number) => fc.integer({ min: 0, max: most }).map(String);
const anyHolder = (id: string) =>
  fc
    .record({ USDC: cash(3_000_000), BTC: cash(60), positions: anyPositions })
    .map(({ positions, ...balances }) => accountOf({ id, balances, positions }));

/** Somebody in trouble, a fund that is rich or poor, and up to eight others with positions of their own. */
const anyScene: fc.Arbitrary<Scene> = fc
  .record({
    USDC: fc.integer({ min: -400_000, max: 400_000 }).map(String),
    BTC: fc.integer({ min: -5, max: 5 }).map(String),
    ETH: fc.integer({ min: 0, max: 50 }).map(String),
    positions: anyPositions,
    fundCash: fc.oneof(cash(1_000_000), fc.constant("0"), fc.constant("-1000")),
    fundPositions: fc.oneof(fc.constant<PositionsText>([]), anyPositions),
    count: fc.nat({ max: 8 }),
    market: anyMarket,
  })
  .chain(({ USDC, BTC, ETH, positions, fundCash, fundPositions, count, market }) =>
    fc.tuple(...Array.from({ length: count }, (_, at) => anyHolder(`holder-${at}`))).map((holders) => ({
      account: accountOf({ balances: { USDC, BTC, ETH }, positions }),
      fund: accountOf({
        id: INSURANCE_FUND,
        kind: "INSURANCE_FUND",
        balances: { USDC: fundCash },
        positions: fundPositions,
      }),
      holders,
      market,
    })),
  );

const planOf = ({ account, fund, holders, market }: Scene) => planTakeover(account, fund, market, PARAMETERS, holders);

function posted(scene: Scene) {
  const plan = planOf(scene);
  const everyone = [scene.account, scene.fund, ...scene.holders];
  const [before, after] = [new Books(everyone), new Books(everyone)];
  after.post(plan);
  return { plan, before, after };
}

/**
 * Dollars by which the fund's value at the mark may move although nobody pays: coins for inverse contracts are rounded to
 * the ledger's 18 digits, so what it held and what it takes are worth together one unit more or less than apart.
 */
function roundingOfJoinedPositions({ account, fund, market }: Scene): Decimal {
  let dollars = new Decimal(0);
  for (const id of fund.positions.keys()) {
    const { payoff, settlementAsset } = listed(id);
    if (payoff !== "inverse" || !account.positions.has(id)) continue;
    dollars = dollars.add(found(market.indexPrices, settlementAsset).mul("1e-18"));
  }
  return dollars;
}

const property = (claim: (scene: Scene) => void, numRuns = 120) => fc.assert(fc.property(anyScene, claim), { numRuns });

describe("whoever is taken over, whatever the fund has", () => {
  test("LIQUIDATION-7: the account is left without positions and without debts", () => {
    property((scene) => {
      const { plan, after } = posted(scene);
      for (const id of PARAMETERS.instruments.keys()) expect(printDecimal(after.of(plan.account, id))).toBe("0");
      for (const asset of ASSETS) expect(after.of(plan.account, asset).gte(0)).toBe(true);
    });
  });

  test("LIQUIDATION-7: nothing appears and nothing is lost, in any asset or contract", () => {
    property((scene) => {
      const { before, after } = posted(scene);
      for (const id of [...ASSETS, ...PARAMETERS.instruments.keys()]) {
        expect(printDecimal(after.total(id))).toBe(printDecimal(before.total(id)));
      }
    });
  });

  test("LIQUIDATION-7: the fund never pays itself below zero, and loses nothing but what it pays", () => {
    property((scene) => {
      const { plan, before, after } = posted(scene);
      const had = before.netValue(INSURANCE_FUND, scene.market);
      const has = after.netValue(INSURANCE_FUND, scene.market);
      const valuedTogether = roundingOfJoinedPositions(scene);
      expect(has.gte(Decimal.min(had.sub(valuedTogether), 0))).toBe(true);
      if (plan.fund.length === 0) expect(has.gte(had.sub(valuedTogether))).toBe(true);
    });
  });

  test("LIQUIDATION-11: the three payers pay exactly what is still owed, asset by asset", () => {
    property((scene) => {
      const plan = planOf(scene);
      const paid = new Map<string, Decimal>();
      for (const { asset, amount } of [...plan.fund, ...plan.socialised, ...plan.house]) {
        paid.set(asset, amount.add(paid.get(asset) ?? 0));
      }
      expect([...paid].map(([asset, sum]) => `${asset} ${printDecimal(sum)}`).sort(compareIds)).toEqual(
        plan.deficits.map(({ asset, amount }) => `${asset} ${printDecimal(amount)}`).sort(compareIds),
      );
    });
  });

  test("LIQUIDATION-7: the layers add up to the shortfall, to the last digit", () => {
    property((scene) => {
      const { layers } = planOf(scene);
      const { shortfall, deleveraging, fund, socialised, house } = layers;
      expect(printDecimal(deleveraging.add(fund).add(socialised).add(house))).toBe(printDecimal(shortfall));
      const net = new Books([scene.account]).netValue(scene.account.id, scene.market);
      expect(shortfall.sub(Decimal.max(net.neg(), 0)).abs().lte("1e-8")).toBe(true);
      for (const layer of [deleveraging, fund, socialised, house]) expect(layer.gte(0)).toBe(true);
    });
  });

  test("LIQUIDATION-7: nobody else pays while the fund can", () => {
    property((scene) => {
      const plan = planOf(scene);
      if (exceedsFund(scene.account, scene.fund, scene.market, PARAMETERS)) return;
      expect(plan.deleveraging).toEqual([]);
      expect(plan.socialised).toEqual([]);
      expect(plan.house.every(({ amount }) => amount.lt("1e-9"))).toBe(true);
    });
  });

  test("LIQUIDATION-3: an account that owes nothing in the end pays a fee of at most what it has left", () => {
    property((scene) => {
      const { plan, before, after } = posted(scene);
      const had = before.netValue(plan.account, scene.market);
      const has = after.netValue(plan.account, scene.market);
      if (plan.fees.length > 0) expect(had.gt(0)).toBe(true);
      expect(has.lte(Decimal.max(had, "1e-9"))).toBe(true);
    });
  });

  test("LIQUIDATION-9: deleveraging closes no more than it must, against winners only, and leaves none below zero", () => {
    property((scene) => {
      const { plan, before, after } = posted(scene);
      const payers = new Set<AccountId>(plan.socialised.map(({ from }) => from));
      for (const fill of plan.deleveraging) {
        const held = scene.account.positions.get(fill.instrument)?.quantity ?? new Decimal(0);
        const other = before.of(fill.counterparty, fill.instrument);
        expect(other.isPositive()).not.toBe(held.isPositive());
        expect(fill.quantity.isPositive()).not.toBe(held.isPositive());
        expect(fill.quantity.abs().lte(Decimal.min(held.abs(), other.abs()))).toBe(true);
        if (!payers.has(fill.counterparty)) {
          expect(after.netValue(fill.counterparty, scene.market).gte("-1e-8")).toBe(true);
        }
      }
      const last = plan.deleveraging.at(-1);
      if (last === undefined) return;
      // One lot fewer of the last fill would have left a part of the shortfall open that the fund cannot pay.
      const missing = Decimal.max(before.netValue(plan.account, scene.market).neg(), 0).sub(
        Decimal.max(before.netValue(INSURANCE_FUND, scene.market), 0),
      );
      const instrument = listed(last.instrument);
      const lot = last.quantity.gt(0) ? instrument.lotSize : (instrument.lotSize.neg() as Quantity);
      const mark = found(scene.market.markPrices, last.instrument);
      const gainOfLot = contractValue(instrument, lot, mark)
        .sub(contractValue(instrument, lot, last.price))
        .mul(found(scene.market.indexPrices, instrument.settlementAsset));
      expect(plan.layers.deleveraging.sub(gainOfLot).lte(missing.add("1e-6"))).toBe(true);
    }, 400);
  });

  test("LIQUIDATION-10: only holders of the other side share a loss, and none more than its equity", () => {
    property((scene) => {
      const plan = planOf(scene);
      const shares = new Map<AccountId, Decimal>();
      for (const { from, asset, amount } of plan.socialised) {
        const value = amount.mul(found(scene.market.indexPrices, asset));
        shares.set(from, value.add(shares.get(from) ?? 0));
      }
      for (const [id, value] of shares) {
        const holder = scene.holders.find((candidate) => candidate.id === id) as Account;
        const opposite = [...scene.account.positions.values()].some(
          ({ instrument, quantity }) =>
            holder.positions.get(instrument)?.quantity.isPositive() === !quantity.isPositive(),
        );
        expect(opposite).toBe(true);
        const { equity } = assessAccount(holder, scene.market, PARAMETERS).summary;
        expect(value.lte(equity.add("1e-8"))).toBe(true);
      }
    });
  });

  test("LIQUIDATION-7: the order of rows changes nothing", () => {
    property((scene) => {
      const turned = {
        ...scene,
        account: shuffled(scene.account),
        fund: shuffled(scene.fund),
        holders: [...scene.holders].reverse().map(shuffled),
      };
      expect(print(planOf(turned))).toBe(print(planOf(scene)));
    });
  });
});

function print(plan: TakeoverPlan): string {
  return JSON.stringify(plan, (_, value: unknown) => (Decimal.isDecimal(value) ? printDecimal(value) : value));
}

describe("the waterfall, layer by layer", () => {
  // A long of 100 BTC (linear) from 8000, marked at 7000: 100,000 lost. Shorts of 60 and 50 BTC stand on the other side.
  const trader = (collateral: string): AccountText => ({
    balances: { USDC: collateral },
    positions: [["BTC_USDC-PERPETUAL", "100000", "8000"]],
  });
  const short = (id: string, contracts: string, entry: string): Account =>
    accountOf({ id, balances: { USDC: "100000" }, positions: [["BTC_USDC-PERPETUAL", `-${contracts}`, entry]] });
  const market: MarketText = { mark: { "BTC_USDC-PERPETUAL": "7000" } };
  const shorts = [short("short-a", "60000", "8000"), short("short-b", "50000", "7500")];
  const losers = [short("short-c", "60000", "6900"), short("short-d", "50000", "6950")];

  //  case                                     trader      fund      others    outcome                 adl      fund     socialised  house
  test.each<[string, AccountText, string, Account[], string, string, string, string, string]>([
    ["enough of its own", trader("103000"), "0", shorts, "TAKEN_OVER", "0", "0", "0", "0"],
    ["owes what the fund has", trader("90000"), "10000", shorts, "BANKRUPT_FUND", "0", "10000", "0", "0"],
    // Bankruptcy price 7100: each contract closed there gains 0.1 dollars, so 60,000 contracts cover 6,000.
    ["owes more than the fund has", trader("90000"), "4000", shorts, "BANKRUPT_ADL", "6000", "4000", "0", "0"],
    // Nobody is in profit: the loss is shared 60 : 50.
    ["nobody to deleverage", trader("90000"), "4000", losers, "BANKRUPT_SOCIALISED", "0", "4000", "6000", "0"],
    ["nobody on the other side", trader("90000"), "4000", [], "BANKRUPT_SOCIALISED", "0", "4000", "0", "6000"],
  ])("LIQUIDATION-7: %s", (_, account, fund, others, outcome, adl, fundPays, socialised, house) => {
    const plan = planTakeover(
      accountOf(account),
      accountOf({ id: INSURANCE_FUND, kind: "INSURANCE_FUND", balances: { USDC: fund } }),
      marketOf(market),
      PARAMETERS,
      others,
    );
    expect({ ...texts(plan.layers), outcome: plan.outcome }).toMatchObject({
      outcome,
      deleveraging: adl,
      fund: fundPays,
      socialised,
      house,
    });
    if (house !== "0") expect(plan.house.map(({ from }) => from)).toEqual([TREASURY]);
  });

  test("LIQUIDATION-9: the winner with the most leverage gives up just enough contracts", () => {
    const fund = accountOf({ id: INSURANCE_FUND, kind: "INSURANCE_FUND", balances: { USDC: "4000" } });
    const plan = planTakeover(accountOf(trader("90000")), fund, marketOf(market), PARAMETERS, shorts);
    expect(plan.deleveraging.map(({ counterparty, ...fill }) => ({ counterparty, ...texts(fill) }))).toEqual([
      { counterparty: accountId("short-a"), instrument: "BTC_USDC-PERPETUAL", quantity: "-60000", price: "7100" },
    ]);
  });

  test("LIQUIDATION-7: inverse contracts that join the fund's own are worth a unit of coin more or less than apart", () => {
    const short = (contracts: string): AccountText => ({ positions: [["BTC-PERPETUAL", `-${contracts}`, "4000"]] });
    const scene: Scene = {
      account: accountOf(short("18057")),
      fund: accountOf({ id: INSURANCE_FUND, kind: "INSURANCE_FUND", ...short("2") }),
      holders: [],
      market: marketOf({ index: { BTC: "7618.33" }, mark: { "BTC-PERPETUAL": "7542.1467" } }),
    };
    const { plan, before, after } = posted(scene);
    const moved = (figure: (books: Books) => Decimal) => printDecimal(figure(after).sub(figure(before)));
    expect(plan.fund).toEqual([]);
    // What is posted is the mark's worth of 18057 contracts, to the last digit …
    expect(moved((books) => books.of(INSURANCE_FUND, "BTC"))).toBe("-23.941459531674185017");
    // … and one unit, at 7618.33 dollars a coin, is where rounding 18059 contracts differs from rounding 18057 and 2.
    expect(moved((books) => books.netValue(INSURANCE_FUND, scene.market))).toBe("-0.00000000000000761833");
  });

  test("LIQUIDATION-11: a debt in dollars is bought back with coins at the index, without a haircut", () => {
    const plan = planTakeover(
      accountOf({ balances: { USDC: "-7700", BTC: "1" } }),
      accountOf({ id: INSURANCE_FUND, kind: "INSURANCE_FUND" }),
      marketOf(),
      PARAMETERS,
    );
    expect(plan.conversions.map(({ gives, receives }) => [texts(gives), texts(receives)])).toEqual([
      [
        { asset: "BTC", amount: "0.9625" },
        { asset: "USDC", amount: "7700" },
      ],
    ]);
    expect([plan.outcome, plan.deficits, plan.fees]).toEqual(["TAKEN_OVER", [], []]);
  });
});

function texts(record: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key, typeof value === "string" ? value : printDecimal(value)]),
  );
}
