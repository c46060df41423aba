import { venue } from "@ballast/risk-core";
import { objectAt, objectsAt, textAt, wholeAt, wholeOr } from "../inputs.js";
import { type Answered, computed, type Evaluators, type JsonObject } from "../parity-case.js";
import { isObject } from "../split-document.js";

/** dYdX's margin, liquidation, insurance and deleveraging, in its whole numbers. */
export const DYDX: Evaluators = {
  "dydxprotocol/maintenance-ppm": ({ inputs }) =>
    computed({ maintenanceMarginPpm: text(venue.dydx.maintenanceRate(tierOf(inputs))) }),
  "dydxprotocol/funding-clamp": ({ inputs }) =>
    computed({ maxAbsFundingPpm: text(venue.dydx.fundingClamp(tierOf(inputs), wholeAt(inputs, "clampFactorPpm"))) }),
  "dydxprotocol/imr": ({ inputs }) => {
    const notional = wholeAt(inputs, "notionalQuoteQuantums");
    const { initial } = venue.dydx.requirementOf(tierOf(inputs), notional, wholeAt(inputs, "openInterestNotional"));
    return computed({ initialMarginQuoteQuantums: text(initial) });
  },
  "dydxprotocol/oimf": ({ inputs }) => {
    const rate = venue.dydx.effectiveInitialRate(tierOf(inputs), wholeAt(inputs, "openInterestNotional"));
    return computed({ effectiveInitialMarginPpm: text(rate) });
  },
  "dydxprotocol/funding-settlement": ({ inputs }) => {
    const market = { ...marketOf(inputs), fundingIndex: wholeAt(inputs, "marketFundingIndex") };
    const owed = venue.dydx.fundingOwed(market, wholeAt(inputs, "quantums"), wholeAt(inputs, "positionFundingIndex"));
    return computed({ netSettlementPpm: text(owed) });
  },
  "dydxprotocol/net-notional": ({ inputs }) =>
    computed({ netNotional: text(venue.dydx.notionalOf(marketOf(inputs), wholeAt(inputs, "quantums"))) }),
  "dydxprotocol/position-margin": ({ inputs }) => {
    const { initial, maintenance } = venue.dydx.positionRequirement(marketOf(inputs), wholeAt(inputs, "quantums"));
    return computed({ initialMargin: text(initial), maintenanceMargin: text(maintenance) });
  },
  "dydxprotocol/risk-predicates": ({ inputs }) => {
    const risk = riskOf(inputs);
    return computed({
      isInitialCollateralized: venue.dydx.meetsInitial(risk),
      isMaintenanceCollateralized: venue.dydx.meetsMaintenance(risk),
      isLiquidatable: venue.dydx.isLiquidatable(risk),
    });
  },
  "dydxprotocol/risk-order": ({ inputs }) => {
    const [first, second] = [riskOf(objectAt(inputs, "first")), riskOf(objectAt(inputs, "second"))];
    return computed({ order: venue.dydx.compareRisk(first, second) });
  },
  "dydxprotocol/account-risk": ({ inputs }) =>
    computed(printed(venue.dydx.riskOf(accountOf(inputs), marketsOf(inputs)))),
  "dydxprotocol/account-liquidatable": ({ inputs }) => {
    const risk = venue.dydx.riskOf(accountOf(inputs), marketsOf(inputs));
    return computed({ isLiquidatable: venue.dydx.isLiquidatable(risk) });
  },
  "dydxprotocol/bankruptcy-price": ({ inputs }) => {
    const [market, delta] = [textAt(inputs, "market"), wholeAt(inputs, "deltaQuantums")];
    const quote = venue.dydx.bankruptcyQuote(accountOf(inputs), marketsOf(inputs), market, delta);
    return computed(quote.ok ? { quoteQuantums: text(quote.value) } : { error: quote.rejection });
  },
  "dydxprotocol/fillable-price": ({ inputs }) => {
    const [market, delta] = [textAt(inputs, "market"), wholeAt(inputs, "deltaQuantums")];
    const price = venue.dydx.fillablePrice(accountOf(inputs), marketsOf(inputs), market, delta, {
      bankruptcyAdjustment: wholeAt(inputs, "bankruptcyAdjustmentPpm"),
      spreadToMaintenance: wholeAt(inputs, "spreadToMaintenanceMarginRatioPpm"),
    });
    if (!price.ok) return computed({ error: price.rejection });
    const { numerator, denominator } = price.value;
    return computed({ price: denominator === 1n ? text(numerator) : `${numerator}/${denominator}` });
  },
  "dydxprotocol/insurance-delta": ({ inputs }) => {
    const [isBuy, quantums] = [inputs["isBuy"] === true, wholeAt(inputs, "fillBaseQuantums")];
    const exponent = wholeAt(inputs, "quantumConversionExponent");
    const fillQuote = venue.dydx.fillQuoteOf(isBuy, quantums, wholeAt(inputs, "subticks"), exponent);
    const delta = isBuy ? quantums : -quantums;
    const market = textAt(inputs, "market");
    const bankruptcy = venue.dydx.bankruptcyQuote(accountOf(inputs), marketsOf(inputs), market, delta);
    if (!bankruptcy.ok) return computed({ error: bankruptcy.rejection });
    const received = venue.dydx.insuranceDelta(fillQuote, bankruptcy.value, wholeAt(inputs, "maxLiquidationFeePpm"));
    return computed({ insuranceFundDelta: text(received) });
  },
  "dydxprotocol/insurance-sufficient": ({ inputs }) =>
    computed({
      valid: venue.dydx.bearsDelta(wholeAt(inputs, "insuranceFundBalance"), wholeAt(inputs, "insuranceFundDelta")),
    }),
  "dydxprotocol/deleverage-mode": ({ inputs }) => {
    const at = venue.dydx.deleveragingPrice(accountOf(inputs), marketsOf(inputs), inputs["finalSettlement"] === true);
    return computed({ atBankruptcyPrice: at === "bankruptcy", atOraclePrice: at === "oracle" });
  },
  "dydxprotocol/deleverage": ({ inputs }) => computed(deleveraged(inputs)),
  "dydxprotocol/deleverage-oracle": ({ inputs }) => computed(deleveraged(inputs)),
  "dydxprotocol/state-transition": ({ inputs }) =>
    computed({
      result: venue.dydx.transitionOf(riskOf(objectAt(inputs, "before")), riskOf(objectAt(inputs, "after"))),
    }),
  "dydxprotocol/open-interest-delta": ({ inputs }) => {
    const [first, second] = [wholeAt(inputs, "firstBefore"), wholeAt(inputs, "secondBefore")];
    return computed({
      openInterestDelta: text(venue.dydx.openInterestChange(first, second, wholeAt(inputs, "firstDelta"))),
    });
  },
  "dydxprotocol/position-liquidatable-notional": ({ inputs }) => {
    const [least, portion] = [
      wholeAt(inputs, "minPositionNotionalLiquidated"),
      wholeAt(inputs, "maxPositionPortionLiquidatedPpm"),
    ];
    const market = marketOf(objectAt(inputs, "market"));
    return computed(printed(venue.dydx.liquidatableNotional(market, wholeAt(inputs, "quantums"), least, portion)));
  },
  "dydxprotocol/fillable-to-subticks": ({ inputs }) => {
    const [numerator = "", denominator = "1"] = textAt(inputs, "fillablePrice").split("/");
    const subticks = venue.dydx.toSubticks(
      venue.dydx.fraction(BigInt(numerator), BigInt(denominator)),
      inputs["isLiquidatingLong"] === true,
      {
        subticksPerTick: wholeAt(inputs, "subticksPerTick"),
        quantumConversionExponent: wholeAt(inputs, "quantumConversionExponent"),
      },
    );
    return computed({ subticks: text(subticks) });
  },
  "dydxprotocol/isolated-rebalance": ({ inputs }) => {
    const updates = objectsAt(inputs, "updates").map((update) => positionOf(update));
    const moved = venue.dydx.withMarginTransfers(accountOf(inputs), updates, marketsOf(inputs));
    return computed({
      usdcDelta: text(moved.usdcDelta),
      positionDeltas: moved.positionDeltas.map(({ market, quantums, quoteBalance }) => ({
        market,
        quantums: text(quantums),
        quoteBalance: text(quoteBalance),
      })),
    });
  },
};

function deleveraged(inputs: JsonObject): Answered {
  const outcome = venue.dydx.deleverage(
    accountOf(objectAt(inputs, "liquidated")),
    accountOf(objectAt(inputs, "offsetting")),
    marketsOf(inputs),
    textAt(inputs, "market"),
    wholeAt(inputs, "deltaQuantums"),
    textAt(inputs, "price") === "oracle" ? "oracle" : "bankruptcy",
  );
  if (!outcome.ok) return { error: outcome.rejection };
  const side = ({ usdc, positions }: venue.dydx.Subaccount) => ({
    usdc: text(usdc),
    positions: positions.map(({ market, quantums }) => ({ market, quantums: text(quantums) })),
  });
  return { liquidated: side(outcome.value.liquidated), offsetting: side(outcome.value.offsetting) };
}

const text = (value: bigint): string => value.toString();
const printed = (values: object): { readonly [key: string]: Answered } =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, text(value as bigint)]));

/** A liquidity tier by the names of the file, which has two sets of them. */
const tierOf = (inputs: JsonObject): venue.dydx.LiquidityTier => ({
  initialRate: wholeOr(inputs, "initialMarginPpm", wholeOr(inputs, "imfPpm", 0n)),
  maintenanceShare: wholeOr(inputs, "maintenanceFractionPpm", wholeOr(inputs, "mfPpm", 0n)),
  openInterestLower: wholeOr(inputs, "openInterestLowerCap", wholeOr(inputs, "oiLower", 0n)),
  openInterestUpper: wholeOr(inputs, "openInterestUpperCap", wholeOr(inputs, "oiUpper", 0n)),
});

const marketOf = (inputs: JsonObject): venue.dydx.Market => ({
  ...tierOf(inputs),
  price: wholeOr(inputs, "price", 0n),
  exponent: wholeOr(inputs, "exponent", 0n),
  atomicResolution: wholeOr(inputs, "atomicResolution", 0n),
  openInterest: wholeOr(inputs, "openInterest", 0n),
  fundingIndex: wholeOr(inputs, "fundingIndex", 0n),
});

const marketsOf = (inputs: JsonObject): venue.dydx.Markets =>
  new Map(
    Object.entries(objectAt(inputs, "markets")).map(([name, market]) => [
      name,
      marketOf(isObject(market) ? market : {}),
    ]),
  );

const positionOf = (position: JsonObject): venue.dydx.Position => ({
  market: textAt(position, "market"),
  quantums: wholeAt(position, "quantums"),
  quoteBalance: wholeOr(position, "quoteBalance", 0n),
  fundingIndex: wholeOr(position, "fundingIndex", 0n),
});

const accountOf = (inputs: JsonObject): venue.dydx.Subaccount => ({
  usdc: wholeOr(inputs, "usdc", 0n),
  positions: objectsAt(inputs, "positions").map(positionOf),
});

const riskOf = (inputs: JsonObject): venue.dydx.Risk => ({
  netCollateral: wholeAt(inputs, "netCollateral"),
  initialMargin: wholeOr(inputs, "initialMargin", 0n),
  maintenanceMargin: wholeOr(inputs, "maintenanceMargin", 0n),
});
