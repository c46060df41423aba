import { Decimal, ratio, usd } from "@ballast/money";
import { haircutValue, venue } from "@ballast/risk-core";
import { answered } from "../decimal-checks.js";
import { decimalAt, decimalIfAt, decimalsAt, objectsAt, signAt, textAt } from "../inputs.js";
import { computed, type Evaluators, type JsonObject, type ParityContext } from "../parity-case.js";
import { isList, isObject } from "../split-document.js";

const ZERO = new Decimal(0);
const CENT = 2;

/** Published examples of venues that are neither scenario margin nor funding nor liquidation. */
export const VENUE_RULES: Evaluators = {
  "deribit.standard-margin.linear-perpetual": ({ inputs }) => {
    const linear = { base: decimalAt(inputs, "baseRate"), increment: decimalAt(inputs, "incrementPerUnit") };
    const size = decimalAt(inputs, "positionSizeBase");
    const { rate, margin } = venue.linearRateMargin(linear, size, decimalAt(inputs, "indexPriceUsdc"));
    return computed({ rate: answered(rate), marginUsdc: answered(margin) });
  },

  "okx.portfolio-margin.mr7-tiered": ({ inputs }, context) =>
    computed({
      mr7AdjustedUsd: answered(
        venue.marginalCharge(decimalAt(inputs, "mr7RawUsd"), minimumChargeTiers(inputs, context)),
      ),
    }),

  "bybit.risk-limit.maintenance-margin-deduction": ({ inputs }) => {
    const rows = objectsAt(inputs, "tiers");
    const tiers = venue.withDeductions(
      rows.map((row, at) => ({
        from: at === 0 ? ZERO : decimalAt(rows[at - 1] as JsonObject, "riskLimit"),
        rate: decimalAt(row, "mmRate"),
      })),
    );
    const value = decimalAt(inputs, "positionValue");
    const tier = tiers[venue.tierIndex(value, tiers, "tier-that-ends")] as venue.DeductionTier;
    return computed({ deduction: answered(tier.deduction), maintenanceMargin: answered(venue.chargeOf(value, tier)) });
  },

  "binance.unrealised-pnl.linear": ({ inputs }) => {
    const quantity = decimalAt(inputs, "quantityBtc").mul(signAt(inputs, "side"));
    return computed({ unrealisedPnlUsdt: answered(profitOf("linear", quantity, inputs)) });
  },
  "binance.unrealised-pnl.inverse": ({ inputs }) => {
    const quantity = decimalAt(inputs, "notionalUsd").mul(signAt(inputs, "side"));
    return computed({ unrealisedPnlBtc: answered(profitOf("inverse", quantity, inputs)) });
  },
  "binance.portfolio-margin.unimmr": ({ inputs }) => {
    const [equity, maintenance] = [decimalAt(inputs, "accountEquity"), decimalAt(inputs, "accountMaintMargin")];
    return computed({ uniMMR: answered(venue.binance.uniMmr(equity, maintenance)) });
  },
  "binance.portfolio-margin.status-bands": ({ inputs }) =>
    computed({ status: decimalsAt(inputs, "uniMMR").map((each) => venue.binance.portfolioMarginStatus(each)) }),
  "binance.portfolio-margin.equity-haircut": ({ inputs }) => {
    const assets = objectsAt(inputs, "assets").map((asset) => ({
      netQuantity: decimalAt(asset, "netQty"),
      indexPrice: decimalAt(asset, "indexPrice"),
      collateralRate: decimalAt(asset, "collateralRate"),
    }));
    return computed({ equityUsd: answered(venue.binance.adjustedEquity(assets)) });
  },
  "binance.portfolio-margin.margin-loan-mm": ({ inputs }) => {
    const [held, loan] = [decimalAt(inputs, "marginAsset"), decimalAt(inputs, "marginLoan")];
    const rateName = Object.keys(inputs).find((key) => key.startsWith("mmr")) ?? "mmr";
    const { equity, maintenanceMargin } = venue.binance.marginLoan(held, loan, decimalAt(inputs, rateName));
    return computed({ equity: answered(equity), marginMM: answered(maintenanceMargin) });
  },
  "binance.coin-m.initial-margin": ({ inputs }) => {
    const [contracts, multiplier] = [decimalAt(inputs, "contracts"), decimalAt(inputs, "contractMultiplierUsd")];
    const [price, leverage] = [decimalAt(inputs, "orderPrice"), decimalAt(inputs, "leverage")];
    return computed({
      initialMarginBtc: answered(venue.binance.coinInitialMargin(contracts, multiplier, price, leverage)),
    });
  },

  "bitmex.risk-limit-step": ({ inputs }) => {
    const rule = {
      baseLimit: decimalAt(inputs, "baseRiskLimitXbt"),
      step: decimalAt(inputs, "stepXbt"),
      baseMaintenance: decimalAt(inputs, "baseMM"),
      baseInitial: decimalAt(inputs, "baseIM"),
      stepRate: decimalAt(inputs, "stepRate"),
    };
    const { maintenanceRate, initialRate } = venue.steppedRates(rule, decimalAt(inputs, "positionXbt"));
    return computed({ maintenanceRate: answered(maintenanceRate), initialRate: answered(initialRate) });
  },

  "hyperliquid.margin-tiers": ({ inputs }) => {
    const tiers = venue.hyperliquid.maintenanceTiers(
      objectsAt(inputs, "tiers").map((row) => ({
        from: decimalAt(row, "fromUsdc"),
        leverageMax: decimalAt(row, "maxLeverage"),
      })),
    );
    const notional = decimalAt(inputs, "notionalUsdc");
    const tier = tiers[venue.tierIndex(notional, tiers, "tier-that-begins")] as venue.DeductionTier;
    return computed({
      maintenanceRate: answered(tier.rate),
      maintenanceDeduction: answered(tier.deduction),
      maintenanceMargin: answered(venue.chargeOf(notional, tier)),
    });
  },
  "hyperliquid.liquidation-price": ({ inputs }) => {
    const [size, price] = [decimalAt(inputs, "positionSize"), decimalAt(inputs, "price")];
    const rate = new Decimal(1).div(decimalAt(inputs, "maintenanceLeverage"));
    const [equity, required] = [decimalAt(inputs, "accountValue"), decimalAt(inputs, "maintenanceRequired")];
    const quantity = size.mul(signAt(inputs, "side"));
    const question = {
      payoff: "linear",
      quantity,
      price,
      equity,
      fixedMaintenance: required.sub(size.mul(price).mul(rate)),
    } as const;
    const tier = { rate, deduction: ZERO, takerFee: ZERO };
    const liquidation = venue.venueLiquidationPrice(venue.LIQUIDATION_RULES.hyperliquid, question, tier);
    return computed({
      marginAvailable: answered(equity.sub(required)),
      liquidationPrice: liquidation === null || liquidation.lte(0) ? null : answered(liquidation),
    });
  },
  "hyperliquid.portfolio-margin.borrowable": ({ inputs }) => {
    const token = {
      quantity: decimalAt(inputs, "tokenBalance"),
      price: decimalAt(inputs, "oraclePrice"),
      loanToValue: decimalAt(inputs, "ltv"),
    };
    return computed({ borrowableUsdc: answered(venue.hyperliquid.borrowable([token])) });
  },
  "hyperliquid.portfolio-margin.withdrawable": ({ inputs }) => {
    const token = { price: decimalAt(inputs, "price"), loanToValue: decimalAt(inputs, "ltv") };
    return computed({
      minLockedTokens: answered(venue.hyperliquid.lockedFor(decimalAt(inputs, "borrowedUsdc"), token)),
    });
  },
  "hyperliquid.portfolio-margin.health-factor": ({ inputs }) => {
    const collateral = objectsAt(inputs, "collateral").map((token) => ({
      quantity: decimalAt(token, "qty"),
      price: decimalAt(token, "price"),
      loanToValue: decimalAt(token, "ltv"),
    }));
    const factor = venue.hyperliquid.healthFactor(collateral, decimalAt(inputs, "borrowedUsdc"));
    return computed({
      weightedValue: answered(venue.hyperliquid.borrowable(collateral)),
      healthFactorPct: answered(factor?.mul(100)),
    });
  },
  "hyperliquid.borrow-rate": ({ inputs }) =>
    computed({ apy: decimalsAt(inputs, "utilisation").map((each) => answered(venue.hyperliquid.borrowRate(each))) }),

  "paradex.cross-margin.open-order-imr": ({ inputs }) => {
    const open = openInterestOf(inputs);
    const sizes = venue.paradex.openSizes(open);
    const margin = venue.paradex.openInterestMargin(open, decimalAt(inputs, "imf"), decimalAt(inputs, "markPrice"));
    return computed({
      buyOpenSize: answered(sizes.buy),
      sellOpenSize: answered(sizes.sell),
      netImr: answered(margin),
    });
  },
  "paradex.order-check": ({ inputs }) => {
    const [position, markPrice] = [decimalAt(inputs, "position"), decimalAt(inputs, "mark")];
    const fraction = decimalAt(inputs, "imf");
    const unrealisedPnl = venue.profitBetween({ kind: "linear" }, position, decimalAt(inputs, "entry"), markPrice);
    const accountValue = decimalAt(inputs, "collateral").add(unrealisedPnl);
    let open: venue.paradex.OpenInterest = { position, buyOrders: ZERO, sellOrders: ZERO };
    const imr = venue.paradex.openInterestMargin(open, fraction, markPrice);
    const decisions = objectsAt(inputs, "newOrders").map((row) => {
      const order = decimalAt(row, "size").mul(signAt(row, "side"));
      if (!venue.paradex.acceptsOrder({ open, fraction, markPrice, accountValue }, order)) return "reject";
      open = venue.paradex.withOrder(open, order);
      return "accept";
    });
    return computed({
      imr: answered(imr),
      unrealisedPnl: answered(unrealisedPnl),
      accountValue: answered(accountValue),
      decisions,
    });
  },
  "paradex.position-limit": ({ inputs }) => {
    const { buy, sell } = venue.paradex.ordersWithinLimit(openInterestOf(inputs), decimalAt(inputs, "limit"));
    return computed({ maxSell: answered(sell), maxBuy: answered(buy) });
  },
  "paradex.price-band": ({ inputs, expected }) => {
    const band = venue.paradex.priceBand(decimalAt(inputs, "mark"), decimalAt(inputs, "band"));
    // The file asks for single orders by the name of their answer: `sellAt94`, `buyAt90`.
    const asked = Object.keys(isObject(expected) ? expected : {}).flatMap((name) => {
      const [, side, limit] = /^(buy|sell)At(\d+(?:\.\d+)?)$/.exec(name) ?? [];
      if (limit === undefined) return [];
      return [[name, venue.paradex.isWithinBand(band, side === "buy", new Decimal(limit)) ? "accept" : "reject"]];
    });
    return computed({
      ...(Object.fromEntries(asked) as Record<string, string>),
      limitDown: answered(band.down),
      limitUp: answered(band.up),
      marketBuyLimit: answered(band.up),
      marketSellLimit: answered(band.down),
    });
  },
  "paradex.position-cost": ({ inputs }) => {
    const [size, price, collateral] = [
      decimalAt(inputs, "size"),
      decimalAt(inputs, "priceUsd"),
      decimalAt(inputs, "usdcUsd"),
    ];
    const { averageEntry, cost } = venue.paradex.positionCost(size, price, collateral);
    return computed({ avgEntryUsdc: answered(averageEntry), positionCostUsdc: answered(cost) });
  },

  "vega.margin.maintenance": ({ inputs }) => {
    const market = {
      markPrice: decimalAt(inputs, "markPrice"),
      linearSlippage: decimalAt(inputs, "linearSlippageFactor"),
      quadraticSlippage: decimalIfAt(inputs, "quadraticSlippageFactor") ?? ZERO,
      riskFactorLong: decimalIfAt(inputs, "riskFactorLong") ?? ZERO,
      riskFactorShort: decimalIfAt(inputs, "riskFactorShort") ?? ZERO,
    };
    const exposure = {
      position: decimalAt(inputs, "position"),
      buys: venue.vega.tradingOrders(decimalIfAt(inputs, "buyOrders") ?? ZERO, market.markPrice),
      sells: venue.vega.tradingOrders(decimalIfAt(inputs, "sellOrders") ?? ZERO, market.markPrice),
    };
    return computed({ maintenanceMargin: answered(venue.vega.maintenanceMargin(market, exposure)) });
  },
  "vega.margin.funding-component": ({ inputs }) => {
    const payment = venue.vega.fundingPayment({
      futureTwap: decimalAt(inputs, "fTwap"),
      spotTwap: decimalAt(inputs, "sTwap"),
      period: decimalAt(inputs, "deltaT"),
      interestRate: decimalAt(inputs, "interestRate"),
      clampLower: decimalIfAt(inputs, "clampLowerBound"),
      clampUpper: decimalIfAt(inputs, "clampUpperBound"),
    });
    const position = decimalIfAt(inputs, "position") ?? new Decimal(1);
    const added = venue.vega.fundingMargin(payment, decimalAt(inputs, "marginFundingFactor"), position);
    return computed({
      fundingPayment: answered(payment),
      totalMargin: answered(decimalAt(inputs, "futuresMargin").add(added)),
    });
  },
  "vega.isolated.order-margin": ({ inputs }) => {
    const [price, size] = [decimalAt(inputs, "limitPrice"), decimalAt(inputs, "size")];
    return computed({
      orderMargin: answered(venue.vega.isolatedOrderMargin(price, size, decimalAt(inputs, "marginFactor"))),
    });
  },

  "cross-margin.liquidation-price": ({ inputs }) => {
    const question = {
      payoff: "linear",
      quantity: decimalAt(inputs, "size"),
      price: decimalAt(inputs, "mark"),
      equity: decimalAt(inputs, "accountEquity"),
      fixedMaintenance: decimalAt(inputs, "otherMaintenance"),
    } as const;
    const tiers = venue.withDeductions([{ from: ZERO, rate: decimalAt(inputs, "maintenanceRate") }]);
    const found = venue.liquidationPrice(question, tiers);
    const price = found.kind === "price" ? found.price : null;
    return computed({ liquidationPrice: answered(price?.toDecimalPlaces(CENT)), exact: answered(price) });
  },
  "inverse.isolated-liquidation-price": ({ inputs }) => {
    // Dollars in the contract cancel out of the price of an isolated position.
    const [quantity, price] = [decimalAt(inputs, "contracts").mul(signAt(inputs, "side")), decimalAt(inputs, "price")];
    const equity = quantity.abs().div(price).div(decimalAt(inputs, "leverage"));
    const question = { payoff: "inverse", quantity, price, equity, fixedMaintenance: ZERO } as const;
    const tier = { rate: decimalAt(inputs, "maintenanceRate"), deduction: ZERO, takerFee: ZERO };
    const found = venue.venueLiquidationPrice(venue.LIQUIDATION_RULES.bybit, question, tier);
    const exact = found === null || found.lte(0) ? null : found;
    return computed({ liquidationPrice: answered(exact?.toDecimalPlaces(0)), exact: answered(exact) });
  },

  "borrow.auto-repay": ({ inputs }) =>
    computed({
      collateralValueSold: answered(
        venue.collateralSoldFor(decimalAt(inputs, "debtUsdt"), decimalAt(inputs, "repayDiscountRate")),
      ),
    }),
  "collateral.flat-haircut": ({ inputs }) => {
    const value = usd(decimalAt(inputs, "qty").mul(decimalAt(inputs, "indexUsd")));
    const counted = haircutValue(value, [{ from: usd("0"), haircut: ratio(decimalAt(inputs, "haircut")) }]);
    return computed({ balanceValue: answered(value), collateralValue: answered(counted) });
  },
  "collateral.tiered-rate": ({ inputs }) => {
    const tiers = upToTiers(objectsAt(inputs, "tiers"), "upTo", "rate");
    return computed({ effectiveQty: answered(venue.marginalCharge(decimalAt(inputs, "qty"), tiers)) });
  },
};

const profitOf = (kind: "linear" | "inverse", quantity: Decimal, inputs: JsonObject): Decimal =>
  venue.profitBetween({ kind }, quantity, decimalAt(inputs, "entryPrice"), decimalAt(inputs, "markPrice"));

const openInterestOf = (inputs: JsonObject): venue.paradex.OpenInterest => ({
  position: decimalAt(inputs, "position"),
  buyOrders: decimalIfAt(inputs, "buyOrders") ?? ZERO,
  sellOrders: decimalIfAt(inputs, "sellOrders") ?? ZERO,
});

/** Rows that name where a tier ends, as rows that name where it begins. */
function upToTiers(rows: readonly JsonObject[], upTo: string, rate: string): readonly venue.RateTier[] {
  return rows.map((row, at) => ({
    from: at === 0 ? ZERO : decimalAt(rows[at - 1] as JsonObject, upTo),
    rate: decimalAt(row, rate),
  }));
}

/** The case's own table, that of the case it refers to, or the one published for BTC and ETH in 2021. */
function minimumChargeTiers(inputs: JsonObject, { other }: ParityContext): readonly venue.RateTier[] {
  const referred = /^as in (\S+)$/.exec(typeof inputs["tiers"] === "string" ? textAt(inputs, "tiers") : "")?.[1];
  const tiers = referred === undefined ? inputs["tiers"] : other(referred)?.inputs["tiers"];
  if (!isList(tiers)) return venue.okx.MINIMUM_CHARGE_TIERS["2021-12"];
  const rows = tiers.map((row) => (isList(row) ? { upTo: row[0] ?? null, multiplier: row[1] ?? null } : row));
  return upToTiers(rows.filter(isObject), "upTo", "multiplier");
}
