import { Decimal } from "@ballast/money";
import { venue } from "@ballast/risk-core";
import { answered, checkedWithin } from "../decimal-checks.js";
import { decimalAt, decimalIfAt, decimalsAt, numberAt, objectAt, objectsAt } from "../inputs.js";
import { computed, type Evaluators, type JsonObject } from "../parity-case.js";
import { isList, isObject } from "../split-document.js";

const ZERO = new Decimal(0);
const ONE = new Decimal(1);

/** Mango's health, token liquidation, position keeping and banks. */
export const MANGO: Evaluators = {
  "blockworks-foundation/health-init": ({ inputs }) =>
    computed({ health: answered(venue.mango.health(accountOf(inputs), "init")) }),
  "blockworks-foundation/health-skip": ({ inputs }) => {
    const missing = new Set(decimalsAt(inputs, "missingTokens").map((at) => Number.parseInt(at.toFixed(0), 10)));
    try {
      const account = venue.mango.withoutTokens(accountOf(inputs), missing);
      return computed({ health: answered(venue.mango.health(account, "init")) });
    } catch (fault) {
      if (fault instanceof venue.mango.UnvaluedDebt) return computed({ error: fault.code });
      throw fault;
    }
  },
  "blockworks-foundation/health-kinds": ({ inputs }) => {
    const account = accountOf(inputs);
    return computed({
      init: answered(venue.mango.health(account, "init")),
      liquidationEnd: answered(venue.mango.health(account, "liquidation-end")),
      maint: answered(venue.mango.health(account, "maint")),
    });
  },
  "blockworks-foundation/client-account": ({ inputs }) => {
    const account = accountOf(inputs);
    return computed({
      init: answered(venue.mango.health(account, "init")),
      liquidationEnd: answered(venue.mango.health(account, "liquidation-end")),
      maint: answered(venue.mango.health(account, "maint")),
      healthRatioInit: answered(venue.mango.healthRatio(account, "init")),
      healthRatioMaint: answered(venue.mango.healthRatio(account, "maint")),
      perpMaxSettle: answered(venue.mango.settleMax(account, 0)),
    });
  },
  "blockworks-foundation/leverage": ({ inputs }) =>
    computed({ leverage: answered(venue.mango.leverageOf(accountOf(inputs))) }),
  "blockworks-foundation/token-liq": ({ inputs }) => {
    const account = accountOf(objectAt(inputs, "account"));
    const [asset, debt] = [numberAt(inputs, "assetToken"), numberAt(inputs, "liabToken")];
    const [request, fee] = [decimalAt(inputs, "maxLiabTransfer"), decimalIfAt(inputs, "fee") ?? ONE];
    const moved = venue.mango.tokenLiquidation(account, asset, debt, request, fee);
    if (moved === null) return computed({ ok: false });
    const balance = (at: number): Decimal => (account.tokens[at] as venue.mango.Token).balance;
    return computed({
      ok: true,
      asset: answered(balance(asset).add(moved.asset)),
      liab: answered(balance(debt).add(moved.liability)),
    });
  },
  "blockworks-foundation/perp-base-liq": ({ inputs }) => {
    const account = accountOf(objectAt(inputs, "account"));
    const lotSize = decimalAt(objectsAt(objectAt(inputs, "account"), "perps")[0] ?? {}, "baseLotSize");
    const after = venue.mango.liquidateBase(account, 0, {
      lotSize,
      lotsMax: decimalAt(inputs, "maxBase").abs(),
      profitMax: decimalAt(inputs, "maxPnl"),
      baseFee: decimalIfAt(inputs, "baseLiquidationFee") ?? ZERO,
      profitFee: decimalAt(inputs, "positivePnlLiquidationFee"),
    });
    const perp = after.perps[0] as venue.mango.Perp;
    return computed({
      settleToken: answered((after.tokens[perp.settle] as venue.mango.Token).balance),
      baseLots: answered(perp.base.div(lotSize)),
      quote: answered(perp.quote),
    });
  },
  "blockworks-foundation/perp-bankruptcy": ({ inputs }) => {
    const account = accountOf(objectAt(inputs, "account"));
    const disposed = venue.mango.disposeOfLoss(account, 0, {
      settleLimit: decimalAt(inputs, "settleLimit"),
      requestMax: decimalAt(inputs, "maxLiabTransfer"),
      insuranceFund: decimalAt(inputs, "insuranceFund"),
      insurancePrice: decimalAt(inputs, "insurancePrice"),
      fee: decimalAt(inputs, "liquidationFee"),
    });
    if (disposed === null) return computed({ ok: false });
    const { settled, insured, insurancePaid, socialised } = disposed;
    const perp = account.perps[0] as venue.mango.Perp;
    const token = account.tokens[perp.settle] as venue.mango.Token;
    return computed({
      ok: true,
      liqeeSettle: answered(token.balance.sub(settled)),
      liqeePerp: answered(perp.quote.add(settled).add(insured).add(socialised)),
      liqorSettle: answered(settled),
      liqorPerp: answered(settled.add(insured).neg()),
      liqorInsurance: answered(insurancePaid),
      socializedLoss: answered(socialised),
    });
  },

  "blockworks-foundation/position-entry": ({ inputs }) => {
    const lot = decimalAt(inputs, "baseLotSize");
    const entry = decimalAt(inputs, "startEntryPerLot").div(lot);
    let state = venue.mango.openedAt(decimalAt(inputs, "startLots").mul(lot), entry);
    const realised = objectsAt(inputs, "trades").map((row) => {
      const trade = { base: decimalAt(row, "lots").mul(lot), quote: decimalAt(row, "quote") };
      const after = venue.mango.afterTrade(state, trade);
      state = after.state;
      return answered(after.realised);
    });
    return computed({
      baseLots: answered(state.base.div(lot)),
      runningQuote: answered(state.runningQuote),
      entryPrice: answered(state.entryPrice),
      breakEvenPrice: answered(venue.mango.breakEvenPrice(state)),
      realized: realised,
      realizedForPosition: answered(state.realised),
    });
  },
  "blockworks-foundation/position-pnl": ({ inputs }) => {
    const base = decimalAt(inputs, "baseLots").mul(decimalAt(inputs, "baseLotSize"));
    return computed({ pnl: answered(decimalAt(inputs, "quote").add(base.mul(decimalAt(inputs, "oraclePrice")))) });
  },

  "blockworks-foundation/maint-weight-shift": ({ inputs }) => {
    const [now, start, end] = [decimalAt(inputs, "now"), decimalAt(inputs, "start"), decimalAt(inputs, "end")];
    const weight = (from: string, to: string) =>
      answered(
        venue.mango.shiftedWeight({ start, end, from: decimalAt(inputs, from), to: decimalAt(inputs, to) }, now),
      );
    return computed({ asset: weight("asset", "assetTarget"), liab: weight("liab", "liabTarget") });
  },
  "blockworks-foundation/interest-curve": ({ inputs }) => {
    const curve: venue.mango.RateCurve = [
      [ZERO, decimalAt(inputs, "zeroUtilRate")],
      [decimalAt(inputs, "util0"), decimalAt(inputs, "rate0")],
      [decimalAt(inputs, "util1"), decimalAt(inputs, "rate1")],
      [ONE, decimalAt(inputs, "maxRate")],
    ];
    return computed({ rate: answered(venue.mango.rateOnCurve(curve, decimalAt(inputs, "utilization"))) });
  },
  "blockworks-foundation/interest-accrual": ({ inputs }) => {
    const [step, steps] = [decimalAt(inputs, "stepSeconds"), decimalAt(inputs, "steps")];
    const utilisation = decimalAt(inputs, "utilization");
    // Stated for full use, where the curve is at its highest and depositors earn all that borrowers pay.
    const rate = decimalAt(inputs, "maxRate").mul(decimalAt(inputs, "curveScaling"));
    return computed({
      depositIndexGrowth: answered(venue.mango.growthOver(rate.mul(utilisation), step, steps)),
      borrowIndexGrowth: answered(venue.mango.growthOver(rate, step, steps)),
    });
  },
  "blockworks-foundation/average-utilization": ({ inputs }) => {
    const clock = {
      average: decimalAt(inputs, "averageBefore"),
      rateUpdated: decimalAt(inputs, "rateLastUpdated"),
      indexUpdated: decimalAt(inputs, "indexLastUpdated"),
    };
    const average = venue.mango.averageUtilisation(clock, decimalAt(inputs, "utilization"), decimalAt(inputs, "now"));
    return computed({ average: answered(average) });
  },
  "blockworks-foundation/stable-price": (parityCase) => {
    const { inputs, raw } = parityCase;
    let now = numberAt(inputs, "startTime");
    let state = venue.mango.stablePriceAt(decimalAt(inputs, "startPrice"), now);
    for (const update of objectsAt(inputs, "updates")) {
      for (let step = 0; step < numberAt(update, "steps"); step += 1) {
        now += numberAt(update, "stepSeconds");
        state = venue.mango.nextStablePrice(state, decimalAt(update, "oracle"), now);
      }
    }
    const bounds = isObject(raw["tolerance"]) ? raw["tolerance"] : {};
    return checkedWithin(
      parityCase,
      { stable: state.price, delay0: state.delayed[0] as Decimal, delayIntervalIndex: new Decimal(state.slot) },
      Object.fromEntries(Object.keys(bounds).map((name) => [name, decimalAt(bounds, name)])),
    );
  },
};

function accountOf(inputs: JsonObject): venue.mango.HealthAccount {
  const rows = (name: string) => (isList(inputs[name]) ? objectsAt(inputs, name) : []);
  return {
    tokens: rows("tokens").map(tokenOf),
    spotMarkets: rows("spotMarkets").map((market) => ({
      base: numberAt(market, "base"),
      quote: numberAt(market, "quote"),
      reservedBase: decimalAt(market, "reservedBase"),
      reservedQuote: decimalAt(market, "reservedQuote"),
      lowestAsk: decimalIfAt(market, "lowestAsk"),
      highestBidInverted: decimalIfAt(market, "highestBidInv"),
    })),
    perps: rows("perps").map(perpOf),
  };
}

/** Weights are missing where only unweighted values are asked for. */
const weightsOf = (row: JsonObject, of: "" | "Base"): venue.mango.Weights => ({
  initAsset: decimalIfAt(row, `init${of}Asset`) ?? ONE,
  initLiability: decimalIfAt(row, `init${of}Liab`) ?? ONE,
  maintAsset: decimalIfAt(row, `maint${of}Asset`) ?? ONE,
  maintLiability: decimalIfAt(row, `maint${of}Liab`) ?? ONE,
});

function tokenOf(row: JsonObject): venue.mango.Token {
  const [weights, price] = [weightsOf(row, ""), decimalAt(row, "price")];
  const deposits = (decimalIfAt(row, "deposits") ?? ZERO).add(decimalIfAt(row, "potentialSerumTokens") ?? ZERO);
  const borrows = decimalIfAt(row, "borrows") ?? ZERO;
  const [depositStart, borrowStart] = [decimalIfAt(row, "depositScaleStart"), decimalIfAt(row, "borrowScaleStart")];
  return {
    ...weights,
    price,
    stablePrice: decimalIfAt(row, "stable") ?? price,
    balance: decimalAt(row, "balance"),
    scaledInitAsset:
      decimalIfAt(row, "scaledInitAsset") ??
      venue.mango.scaledAssetWeight(weights.initAsset, deposits.mul(price), depositStart),
    scaledInitLiability:
      decimalIfAt(row, "scaledInitLiab") ??
      venue.mango.scaledLiabilityWeight(weights.initLiability, borrows.mul(price), borrowStart),
  };
}

function perpOf(row: JsonObject): venue.mango.Perp {
  const lot = decimalAt(row, "baseLotSize");
  const lots = (name: string) => (decimalIfAt(row, name) ?? ZERO).mul(lot);
  return {
    ...weightsOf(row, "Base"),
    price: decimalAt(row, "price"),
    settle: numberAt(row, "settle"),
    base: lots("baseLots"),
    bids: lots("bidsLots"),
    asks: lots("asksLots"),
    quote: decimalAt(row, "quote"),
    initOverall: decimalIfAt(row, "initOverall") ?? ONE,
    maintOverall: decimalIfAt(row, "maintOverall") ?? ONE,
  };
}
