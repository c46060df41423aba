import { Decimal } from "@ballast/money";
import { venue } from "@ballast/risk-core";
import { answered, checkedWithin } from "../decimal-checks.js";
import { decimalAt, decimalIfAt, objectAt, objectsAt, signAt, textAt, UnreadableInput } from "../inputs.js";
import { type Answer, computed, type Evaluators, type JsonObject, type ParityCase } from "../parity-case.js";
import { isList, isObject } from "../split-document.js";

const ZERO = new Decimal(0);

/** Liquidation prices, tiers and trade profits as a consumer of venues computes them. */
export const FREQTRADE: Evaluators = {
  "freqtrade/binance-formula": ({ inputs }) => {
    const own = objectAt(inputs, "position");
    const others = isList(inputs["otherPositions"]) ? objectsAt(inputs, "otherPositions") : [];
    const [quantity, price] = [decimalAt(own, "quantity").mul(signAt(own, "side")), decimalAt(own, "entryPrice")];
    const unrealised = others.reduce((sum, other) => {
      const held = decimalAt(other, "quantity").mul(signAt(other, "side"));
      return sum.add(venue.profitBetween({ kind: "linear" }, held, decimalAt(other, "entryPrice"), markOf(other)));
    }, ZERO);
    const fixedMaintenance = others.reduce((sum, other) => {
      const tier = { rate: decimalAt(other, "mmr"), deduction: decimalAt(other, "cum") };
      return sum.add(venue.chargeOf(decimalAt(other, "quantity").mul(markOf(other)), tier));
    }, ZERO);
    const equity = decimalAt(inputs, "walletBalance").add(unrealised);
    const question = { payoff: "linear", quantity, price, equity, fixedMaintenance } as const;
    const tier = { rate: decimalAt(own, "mmr"), deduction: decimalAt(own, "cum"), takerFee: ZERO };
    return priceAnswer(venue.venueLiquidationPrice(venue.LIQUIDATION_RULES.binance, question, tier));
  },

  "freqtrade/venue-isolated": ({ inputs, section }) => {
    if (inputs["mode"] === "spot") return computed({ liquidationPrice: null });
    const parameters = objectAt(section, "parameters");
    const [price, size] = [decimalAt(inputs, "entryPrice"), decimalAt(inputs, "quantity")];
    const sign = signAt(inputs, "side");
    const question = {
      payoff: "linear",
      quantity: size.mul(sign),
      price,
      equity: size.mul(price).div(decimalAt(inputs, "leverage")),
      fixedMaintenance: ZERO,
    } as const;
    const liquidation = venue.venueLiquidationPrice(ruleOf(textAt(inputs, "venue")), question, {
      rate: decimalAt(parameters, "mmr"),
      deduction: decimalAt(parameters, "cum"),
      takerFee: decimalAt(parameters, "takerFee"),
    });
    if (liquidation === null || liquidation.lte(0)) return priceAnswer(null);
    return priceAnswer(venue.stopBefore(liquidation, price, sign > 0, decimalAt(parameters, "liquidationBuffer")));
  },

  "freqtrade/liquidation-buffer": ({ inputs }) =>
    computed({
      liquidationPrice: answered(
        venue.stopBefore(
          decimalAt(inputs, "venueLiquidationPrice"),
          decimalAt(inputs, "entryPrice"),
          signAt(inputs, "side") > 0,
          decimalAt(inputs, "buffer"),
        ),
      ),
    }),

  "freqtrade/tier-lookup": (parityCase) => {
    const rows = tableOf(parityCase);
    const tiers = rows.map((row) => ({ from: decimalAt(row, "minNotional"), row }));
    const at = venue.tierIndex(decimalAt(parityCase.inputs, "notional"), tiers, "tier-that-begins");
    const row = rows[at] as JsonObject;
    return computed({ mmr: answered(decimalAt(row, "mmr")), cum: answered(decimalIfAt(row, "cum")) });
  },

  "freqtrade/tier-max-leverage": (parityCase) => {
    const tiers = tableOf(parityCase).map((row) => ({
      from: decimalAt(row, "minNotional"),
      cap: decimalAt(row, "maxNotional"),
      leverageMax: decimalAt(row, "maxLeverage"),
    }));
    const found = venue.leverageMaxFor(decimalAt(parityCase.inputs, "collateral"), tiers);
    return computed(
      found.ok ? { maxLeverage: answered(found.value) } : { maxLeverage: null, error: found.rejection.code },
    );
  },

  "freqtrade/binance-bracket-tables": ({ inputs }) => {
    const brackets = objectsAt(inputs, "brackets").map((row) => ({
      from: decimalAt(row, "floor"),
      rate: decimalAt(row, "mmr"),
    }));
    return computed({ cum: venue.withDeductions(brackets).map(({ deduction }) => answered(deduction)) });
  },

  "freqtrade/margin-interest": ({ inputs }) => {
    const name = textAt(inputs, "venue");
    if (name !== "binance" && name !== "kraken") throw new UnreadableInput("venue", "binance or kraken", name);
    const [borrowed, rate, hours] = [
      decimalAt(inputs, "borrowed"),
      decimalAt(inputs, "rate"),
      decimalAt(inputs, "hours"),
    ];
    return computed({ interest: answered(venue.loanInterest(venue.INTEREST_RULES[name], borrowed, rate, hours)) });
  },

  "freqtrade/futures-profit": (parityCase) => {
    const { inputs } = parityCase;
    const parameters = objectAt(parityCase.section, "parameters");
    const { profit, profitRatio } = venue.tradeProfit({
      isLong: signAt(inputs, "side") > 0,
      quantity: decimalAt(parameters, "quantity"),
      openPrice: decimalAt(parameters, "openPrice"),
      closePrice: decimalAt(inputs, "closePrice"),
      openFee: decimalAt(parameters, "feeOpen"),
      closeFee: decimalAt(inputs, "feeClose"),
      funding: decimalAt(inputs, "fundingReceived"),
      leverage: decimalAt(inputs, "leverage"),
    });
    const bounds = { profit: new Decimal("1e-6"), profitRatio: new Decimal("1e-7") };
    return checkedWithin(parityCase, { profit, profitRatio }, bounds);
  },

  "freqtrade/funding-fee": ({ inputs }) => {
    const quantity = decimalAt(inputs, "quantity").mul(signAt(inputs, "side"));
    const markPrice = decimalIfAt(inputs, "markPrice") ?? ZERO;
    return computed({
      fundingFee: answered(venue.fundingReceived(quantity, decimalAt(inputs, "fundingRate"), markPrice)),
    });
  },

  "freqtrade/hyperliquid-real-positions": ({ inputs }) =>
    priceAnswer(
      venue.venueLiquidationPrice(
        venue.LIQUIDATION_RULES.hyperliquid,
        {
          payoff: "linear",
          quantity: decimalAt(inputs, "size").mul(signAt(inputs, "side")),
          price: decimalAt(inputs, "entryPrice"),
          equity: decimalAt(inputs, "collateral"),
          fixedMaintenance: ZERO,
        },
        {
          rate: venue.hyperliquid.maintenanceRateOf(decimalAt(inputs, "maxLeverage")),
          deduction: ZERO,
          takerFee: ZERO,
        },
      ),
    ),

  "freqtrade/hyperliquid-cross-account": (parityCase) => {
    const { inputs } = parityCase;
    if (isList(inputs["positions"])) return crossAccountTotals(parityCase);
    return inputs["accountValue"] === undefined ? crossPositionProfit(parityCase) : crossLiquidationPrice(inputs);
  },
};

function crossAccountTotals(parityCase: ParityCase): Answer {
  const { inputs } = parityCase;
  const values = objectsAt(inputs, "positions").map((position) => signedValue(position));
  const totals = venue.hyperliquid.crossAccount(
    values,
    decimalAt(inputs, "accountValue"),
    decimalAt(inputs, "crossLeverage"),
  );
  const value = {
    totalNtlPos: totals.notional,
    totalRawUsd: totals.cash,
    totalMarginUsed: totals.marginUsed,
    withdrawable: totals.withdrawable,
  };
  const millionth = new Decimal("1e-6");
  return checkedWithin(parityCase, value, Object.fromEntries(Object.keys(value).map((key) => [key, millionth])));
}

/** In 2023 the venue kept the maintenance margin of all positions fixed at their present notional. */
function crossLiquidationPrice(inputs: JsonObject): Answer {
  const [size, value] = [decimalAt(inputs, "size"), decimalAt(inputs, "positionValue")];
  const rate = decimalAt(inputs, "maintenanceRate");
  const question = {
    payoff: "linear",
    quantity: size,
    price: value.div(size.abs()),
    equity: decimalAt(inputs, "accountValue"),
    fixedMaintenance: decimalAt(inputs, "totalNtlPos").sub(value).mul(rate),
  } as const;
  const tier = { rate, deduction: ZERO, takerFee: ZERO };
  return priceAnswer(venue.venueLiquidationPrice(venue.LIQUIDATION_RULES["hyperliquid-2023"], question, tier));
}

/** The venue prints its entry price rounded, so the profit from it is only as good as a ten-thousandth of the size. */
function crossPositionProfit(parityCase: ParityCase): Answer {
  const { inputs } = parityCase;
  const [size, value] = [decimalAt(inputs, "size"), decimalAt(inputs, "positionValue")];
  const price = value.div(size.abs());
  const unrealizedPnl = venue.profitBetween({ kind: "linear" }, size, decimalAt(inputs, "entryPrice"), price);
  return checkedWithin(parityCase, { unrealizedPnl }, { unrealizedPnl: size.abs().mul("1e-4") });
}

const signedValue = (position: JsonObject): Decimal => {
  const value = decimalAt(position, "positionValue");
  return decimalAt(position, "size").lt(0) ? value.neg() : value;
};

/** Where a file names no mark, the other position stands at its entry. */
const markOf = (position: JsonObject): Decimal =>
  decimalIfAt(position, "markPrice") ?? decimalIfAt(position, "mark") ?? decimalAt(position, "entryPrice");

const priceAnswer = (price: Decimal | null): Answer =>
  computed({ liquidationPrice: price === null || price.lte(0) ? null : answered(price) });

function ruleOf(name: string): venue.LiquidationRule {
  if (Object.hasOwn(venue.LIQUIDATION_RULES, name))
    return venue.LIQUIDATION_RULES[name as keyof typeof venue.LIQUIDATION_RULES];
  throw new UnreadableInput("venue", `one of ${Object.keys(venue.LIQUIDATION_RULES).join(", ")}`, name);
}

/** The rows of the table that the inputs name; tables stand once in the file, in the group that looks tiers up. */
function tableOf({ inputs, section, document }: ParityCase): readonly JsonObject[] {
  const groups = isObject(document) && isList(document["groups"]) ? document["groups"].filter(isObject) : [];
  const holders = [section, ...groups].map((group) => group["tierTables"]).filter(isObject);
  const name = textAt(inputs, "table");
  const holder = holders.find((tables) => tables[name] !== undefined);
  if (holder === undefined) throw new UnreadableInput("table", "the name of a tier table of this file", name);
  return objectsAt(holder, name);
}
