import { Decimal } from "@ballast/money";
import { venue } from "@ballast/risk-core";
import { answered } from "../decimal-checks.js";
import { decimalAt, decimalFrom, decimalIfAt, numberAt, objectAt, objectsAt, signAt, textAt } from "../inputs.js";
import { type Answered, computed, type Evaluators, type JsonObject, unsupported } from "../parity-case.js";

const ZERO = new Decimal(0);

/** Vega's margin levels, isolated margin, close-out and risk factors; figures of its public tests. */
export const VEGA: Evaluators = {
  VEGA_MARGIN_LEVELS: ({ inputs }) => {
    const levels = levelsOf(inputs);
    if (inputs["marginMode"] !== "isolated") return computed(printed(levels));
    const market = decimalAt(inputs, "markPriceInAssetUnits").div(decimalAt(inputs, "markPrice"));
    const orders = ordersOf(inputs, volumeUnit(inputs), market);
    const margin = venue.vega.orderMargin(
      positionOf(inputs),
      orders,
      decimalAt(inputs, "marginFactor"),
      auctionPrice(inputs),
    );
    return computed(printed({ ...levels, search: ZERO, release: ZERO, orderMargin: margin }));
  },
  VEGA_MARGIN_TRANSFER: ({ inputs }) => {
    const levels = levelsOf(inputs);
    const { kind, amount } = venue.vega.marginTransfer(
      levels,
      decimalAt(inputs, "marginAccount"),
      inputs["inAuction"] === true,
    );
    return computed({ ...printed({ ...levels, amount }), transfer: kind });
  },
  VEGA_ORDER_ACCEPT: ({ inputs }) => {
    const { initial } = levelsOf(inputs);
    const funds = decimalAt(inputs, "marginAccount").add(decimalAt(inputs, "generalAccount"));
    return computed({ initial: answered(initial), accepted: funds.gte(initial) });
  },
  VEGA_ISOLATED_ORDER_MARGIN: ({ inputs }) => {
    const unit = decimalAt(inputs, "positionFactor");
    const position = decimalAt(inputs, "position").div(unit);
    const factor = decimalAt(inputs, "marginFactor");
    const margin = venue.vega.orderMargin(position, ordersOf(inputs, unit), factor, auctionPrice(inputs));
    return computed({ orderMargin: answered(margin) });
  },
  VEGA_ISOLATED_POSITION_CHANGE: ({ inputs }) => {
    const unit = decimalAt(inputs, "positionFactor");
    const trades = objectsAt(inputs, "trades").map((trade) => ({
      volume: decimalAt(trade, "size").div(unit),
      price: decimalAt(trade, "price"),
    }));
    const after = decimalAt(inputs, "newPosition").div(unit);
    const traded = trades.reduce((sum, { volume }) => sum.add(volume), ZERO).mul(signAt(inputs, "aggressorSide"));
    const { kind, amount } = venue.vega.isolatedTransfer(
      {
        before: after.sub(traded),
        after,
        trades,
        factor: decimalAt(inputs, "marginFactor"),
        marginBalance: decimalAt(inputs, "marginBalance"),
        markPrice: decimalIfAt(inputs, "markPrice"),
      },
      { signed: false },
    );
    return computed({ transfer: kind, amount: answered(amount) });
  },
  VEGA_SWITCH_TO_ISOLATED: ({ inputs }) => {
    const position = decimalAt(inputs, "position");
    const scaling = decimalAt(inputs, "initialScaling");
    const requirement = venue.vega.maintenanceMargin(marketOf(inputs, inputs, decimalAt(inputs, "markPrice")), {
      position,
      buys: { volume: ZERO, value: ZERO },
      sells: { volume: ZERO, value: ZERO },
    });
    const { initial } = venue.vega.marginLevels(requirement, { search: scaling, initial: scaling, release: scaling });
    const switched = venue.vega.switchToIsolated({
      position,
      averageEntryPrice: decimalAt(inputs, "averageEntryPrice"),
      factor: decimalAt(inputs, "marginFactor"),
      orders: ordersOf(inputs, new Decimal(1)),
      initialMargin: initial,
      generalBalance: decimalAt(inputs, "generalAccount"),
      marginBalance: decimalAt(inputs, "marginAccount"),
      orderMarginBalance: decimalIfAt(inputs, "orderMarginAccount") ?? ZERO,
    });
    if (!switched.ok) return computed({ error: SWITCH_SENTENCE[switched.rejection.code] });
    return computed(printed(switched.value));
  },
  VEGA_LIQUIDATION_PRICE: ({ inputs }) => {
    const position = decimalAt(inputs, "position").div(decimalAt(inputs, "positionFactor"));
    const market = marketOf(inputs, inputs, decimalAt(inputs, "markPrice"));
    const [collateral, funding] = [decimalAt(inputs, "collateralValue"), decimalAt(inputs, "fundingPerUnit")];
    const mark = venue.vega.liquidationMark(market, position, collateral, funding);
    if (mark === null) return computed({ liquidationPrice: null, error: "not defined (denominator zero)" });
    return computed({ liquidationPrice: answered(mark) });
  },
  VEGA_NETWORK_DISPOSAL: ({ inputs }) => {
    const rule = {
      fraction: decimalAt(inputs, "disposalFraction"),
      fullSize: decimalAt(inputs, "fullDisposalSize"),
      bookShareMax: decimalAt(inputs, "maxFractionConsumed"),
    };
    const [position, volume] = [decimalAt(inputs, "networkPosition"), decimalAt(inputs, "availableVolumeInRange")];
    return computed({ orderSize: answered(venue.vega.disposalSize(rule, position, volume)) });
  },
  VEGA_NETWORK_PNL: () =>
    unsupported("the source does not state why the fund is not paid the profit realised at the second mark"),
  VEGA_LOSS_SOCIALISATION: ({ inputs }) => {
    const winners = objectsAt(inputs, "winners");
    const names = winners.map((winner) => textAt(winner, "party"));
    const losers = objectsAt(inputs, "losers").map((loser) => ({
      owes: decimalAt(loser, "owes"),
      available: decimalAt(loser, "available"),
    }));
    const { paid, fundAfter } = venue.vega.shareLoss(
      losers,
      winners.map((winner) => decimalAt(winner, "owed")),
      decimalAt(inputs, "insurancePool"),
      names.indexOf(typeof inputs["remainderGoesTo"] === "string" ? inputs["remainderGoesTo"] : (names.at(-1) ?? "")),
    );
    return computed({
      paid: Object.fromEntries(names.map((name, at) => [name, answered(paid[at])])),
      insurancePoolAfter: answered(fundAfter),
    });
  },
  VEGA_RISK_FACTORS_LOGNORMAL: ({ inputs }) => {
    const factors = logNormalOf(inputs);
    return computed({ factorLong: factors.long, factorShort: factors.short });
  },
  VEGA_ISOLATED_COLLATERAL_ESTIMATE: ({ inputs }) => {
    const mark = decimalAt(inputs, "markPrice");
    const unit = new Decimal(10).pow(numberAt(inputs, "assetDecimals"));
    const orders = objectsAt(inputs, "orders").map((order) => ({
      isBuy: signAt(order, "side") > 0,
      volume: decimalAt(order, "size"),
      price: (order["market"] === true ? mark : decimalAt(order, "price")).mul(unit),
    }));
    const increase = venue.vega.isolatedIncrease(
      decimalAt(inputs, "position"),
      decimalAt(inputs, "averageEntryPrice").mul(unit),
      orders,
      decimalAt(inputs, "marginFactor"),
      decimalAt(inputs, "marginAccount").add(decimalAt(inputs, "orderMarginAccount")),
    );
    return computed({ collateralIncreaseBestCase: answered(increase) });
  },
};

const SWITCH_SENTENCE = {
  GENERAL_ACCOUNT_INSUFFICIENT: "insufficient balance in general account",
  POSITION_MARGIN_NOT_ABOVE_INITIAL: "required position margin must exceed initial margin",
} as const;

const printed = (values: object): { readonly [key: string]: Answered } =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, answered(value as Decimal)]));

/** Levels of the inputs' position, with its orders unless margin is isolated. */
function levelsOf(inputs: JsonObject): venue.vega.MarginLevels {
  const mark = decimalAt(inputs, "markPriceInAssetUnits");
  const market = marketOf(inputs, objectAt(inputs, "riskModel"), mark);
  const position = positionOf(inputs);
  const scaling = objectAt(inputs, "scalingFactors");
  const ordersApart = inputs["marginMode"] === "isolated";
  const side = (name: "Buy" | "Sell") => (ordersApart ? { volume: ZERO, value: ZERO } : orderSide(inputs, name, mark));
  const requirement = venue.vega.maintenanceMargin(market, { position, buys: side("Buy"), sells: side("Sell") });
  const increment = decimalIfAt(inputs, "fundingIncrementPerUnit") ?? ZERO;
  const funding = venue.vega.fundingMargin(increment, new Decimal(1), position);
  return venue.vega.marginLevels(requirement.add(funding), {
    search: decimalAt(scaling, "search"),
    initial: decimalAt(scaling, "initial"),
    release: decimalAt(scaling, "release"),
  });
}

/** Orders of one side: by the mark while the market trades, in an auction by their limits or the auction's price. */
function orderSide(inputs: JsonObject, name: "Buy" | "Sell", mark: Decimal): venue.vega.OrderSide {
  const unit = volumeUnit(inputs);
  const isBuy = name === "Buy";
  const orders = (inputs["orders"] === undefined ? [] : ordersOf(inputs, unit)).filter(
    (order) => order.isBuy === isBuy,
  );
  const stated = decimalIfAt(inputs, `open${name}Volume`)?.div(unit);
  const volume = stated ?? orders.reduce((sum, order) => sum.add(order.volume), ZERO);
  if (inputs["inAuction"] !== true) return venue.vega.tradingOrders(volume, mark);
  const atLimits = orders.reduce((sum, order) => sum.add(order.volume.mul(order.price)), ZERO);
  const notional = decimalIfAt(inputs, `open${name}NotionalAssetUnits`)?.div(unit) ?? atLimits;
  const auction = auctionPrice(inputs);
  return { volume, value: auction === undefined ? notional : Decimal.max(notional, volume.mul(auction)) };
}

function marketOf(inputs: JsonObject, factors: JsonObject, markPrice: Decimal): venue.vega.Market {
  const derived = factors["kind"] === "logNormal";
  const logNormal = derived && factors["derivedFactorLong"] === undefined ? logNormalOf(factors) : undefined;
  const [long, short] = derived ? ["derivedFactorLong", "derivedFactorShort"] : ["factorLong", "factorShort"];
  return {
    markPrice,
    linearSlippage: decimalAt(inputs, "linearSlippageFactor"),
    quadraticSlippage: decimalAt(inputs, "quadraticSlippageFactor"),
    riskFactorLong: logNormal ? decimalFrom(logNormal.long, "long") : decimalAt(factors, long as string),
    // Some cases have a long only, and state its factor alone.
    riskFactorShort: logNormal
      ? decimalFrom(logNormal.short, "short")
      : (decimalIfAt(factors, short as string) ?? ZERO),
  };
}

const logNormalOf = (inputs: JsonObject): venue.vega.RiskFactors =>
  venue.vega.logNormalRiskFactors(
    numberAt(inputs, "riskAversion"),
    numberAt(inputs, "tau"),
    numberAt(inputs, "mu"),
    numberAt(inputs, "sigma"),
  );

/** How many of the file's volume units are one unit of the contract. */
const volumeUnit = (inputs: JsonObject): Decimal =>
  decimalIfAt(inputs, "positionFactor") ?? new Decimal(10).pow(decimalIfAt(inputs, "positionDecimals") ?? ZERO);

const positionOf = (inputs: JsonObject): Decimal => decimalAt(inputs, "position").div(volumeUnit(inputs));
const auctionPrice = (inputs: JsonObject): Decimal | undefined => decimalIfAt(inputs, "auctionPrice");

function ordersOf(inputs: JsonObject, unit: Decimal, priceUnit = new Decimal(1)): readonly venue.vega.OpenOrder[] {
  return objectsAt(inputs, "orders").map((order) => ({
    isBuy: signAt(order, "side") > 0,
    volume: decimalAt(order, "vol").div(unit),
    price: decimalAt(order, "price").mul(priceUnit),
  }));
}
