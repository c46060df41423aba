import { Decimal } from "@ballast/money";
import { venue } from "@ballast/risk-core";
import { decimalAt, decimalsAt, objectAt, objectsAt, textAt } from "../inputs.js";
import {
  type Answer,
  computed,
  type Evaluators,
  type JsonObject,
  type ParityCase,
  type ParityContext,
  unsupported,
} from "../parity-case.js";

/*
 * Derive's worked examples beside the models: one rule each.
 */

const { derive } = venue;

export const DERIVE_RULES: Evaluators = {
  BORROW_RATE: ({ inputs }) => {
    const utilisation = decimalAt(inputs, "borrows").div(decimalAt(inputs, "supply"));
    const annual = derive.borrowRate(borrowRule(inputs, "optimalUtil"), utilisation);
    return computed({ interestFactor: derive.interestFactor(annual, decimalAt(inputs, "elapsedSec")).toFixed() });
  },
  "derive.cash.borrow-rate": ({ inputs }) => {
    const rule = borrowRule(inputs, "optimalUtilisation");
    const rates = decimalsAt(inputs, "utilisation").map((used) => derive.borrowRate(rule, used).toFixed());
    return computed({ borrowRate: rates });
  },
  "derive.pm.depeg-factor": ({ inputs }) => {
    const [base, stable] = [decimalAt(inputs, "baseFactor"), decimalAt(inputs, "usdc")];
    const factor = derive.peggedFactor(base, stable, decimalAt(inputs, "threshold"), decimalAt(inputs, "pegFactor"));
    return computed({ factor: factor.toFixed() });
  },
  "derive.pm2.option-contingency": ({ inputs }) => {
    const naked = decimalAt(inputs, "netShortOptions").mul(decimalAt(inputs, "spot"));
    return computed({ contingency: naked.mul(decimalAt(inputs, "factor")).neg().toFixed() });
  },
  "derive.pm.iv-shock": ({ inputs }) => {
    const [range, power] = [decimalAt(inputs, "volRangeUp"), decimalAt(inputs, "power")];
    const multiplier = derive.volatilityUpMultiplier(range, decimalAt(inputs, "daysToExpiry"), power);
    return computed({
      multiplier: multiplier.toFixed(),
      shockedIv: decimalsAt(inputs, "iv").map((volatility) => volatility.mul(multiplier).toFixed()),
    });
  },
  "derive.pm.forward-contingency": ({ inputs }) => {
    const [up, down] = [decimalAt(inputs, "upLoss"), decimalAt(inputs, "downLoss")];
    const contingency = derive.forwardContingency(up, down, {
      add: decimalAt(inputs, "addFactor"),
      perYear: decimalAt(inputs, "multFactor"),
      days: decimalAt(inputs, "daysToExpiry"),
    });
    return computed({ forwardContingency: contingency.toFixed() });
  },
  "derive.pm.oracle-contingency": ({ inputs }) => {
    const size = decimalAt(inputs, "options").mul(decimalAt(inputs, "spot"));
    const doubt = new Decimal(1).sub(decimalAt(inputs, "minConfidence")).mul(decimalAt(inputs, "scale"));
    return computed({ oracleContingency: size.mul(doubt).neg().toFixed() });
  },
  "deribit.portfolio-margin.iv-shock": ({ inputs }) => {
    const scale = derive.termScale(decimalAt(inputs, "daysToExpiry"), decimalAt(inputs, "power"));
    return computed({ maxIvChange: scale.mul(decimalAt(inputs, "ivChange")).toFixed() });
  },
  "derive.standard-margin.spread-offset": ({ inputs }) => computed(spreadAnswer(inputs)),
  "derive.standard-margin.multi-asset": (parityCase, context) =>
    withMultiAsset(parityCase, context, ({ perpetual, net }) => ({
      perpIM: perpetual.initial.toFixed(),
      perpMM: perpetual.maintenance.toFixed(),
      netIM: net.initial.toFixed(),
      netMM: net.maintenance.toFixed(),
    })),
  "derive.standard-margin.oracle-and-depeg": (parityCase, context) => {
    const base = context.other(textAt(parityCase.inputs, "base"));
    if (base === undefined) return missing(textAt(parityCase.inputs, "base"));
    return withMultiAsset(base, context, ({ net }) => doubtAndDepeg(parityCase.inputs, base.inputs, net));
  },
};

function borrowRule(inputs: JsonObject, optimal: string) {
  return {
    minRate: decimalAt(inputs, "minRate"),
    multiplier: decimalAt(inputs, "rateMultiplier"),
    highMultiplier: decimalAt(inputs, "highRateMultiplier"),
    optimalUtilisation: decimalAt(inputs, optimal),
  };
}

function spreadMargin(inputs: JsonObject) {
  const parameters = objectAt(inputs, "params");
  return derive.standardCalls(
    objectsAt(inputs, "positions").map((position) => ({
      right: textAt(position, "type") === "call" ? "call" : "put",
      strike: decimalAt(position, "strike"),
      amount: decimalAt(position, "amount"),
      markPrice: position["markPrice"] === undefined ? null : decimalAt(position, "markPrice"),
    })),
    decimalAt(inputs, "spot"),
    decimalAt(inputs, "forward"),
    {
      otmMax: decimalAt(parameters, "maxSpotReq"),
      otmMin: decimalAt(parameters, "minSpotReq"),
      flatCall: decimalAt(parameters, "mmCall"),
      unpairedInitial: decimalAt(parameters, "unpairedIM"),
      unpairedMaintenance: decimalAt(parameters, "unpairedMM"),
    },
  );
}

function spreadAnswer(inputs: JsonObject) {
  const { isolated, offset, margin } = spreadMargin(inputs);
  const cash = decimalAt(inputs, "cash");
  return {
    defaultIM: isolated.initial.toFixed(),
    defaultMM: isolated.maintenance.toFixed(),
    offsetMargin: offset.initial.toFixed(),
    optionIM: margin.initial.toFixed(),
    optionMM: margin.maintenance.toFixed(),
    netIM: cash.add(margin.initial).toFixed(),
    netMM: cash.add(margin.maintenance).toFixed(),
  };
}

interface Levels {
  readonly initial: Decimal;
  readonly maintenance: Decimal;
}

/** A call spread of one market and a perpetual of another: the standard manager adds them. */
function withMultiAsset(
  { inputs }: ParityCase,
  { other }: ParityContext,
  answer: (margins: { readonly perpetual: Levels; readonly net: Levels }) => Readonly<Record<string, string>>,
): Answer {
  const referred = /derive-[a-z0-9-]+/.exec(textAt(inputs, "ethSpread"))?.[0] ?? "";
  const spread = other(referred);
  if (spread === undefined) return missing(referred);
  const { margin } = spreadMargin(spread.inputs);
  const perpetual = objectAt(inputs, "btcPerp");
  const notional = decimalAt(perpetual, "amount").abs().mul(decimalAt(perpetual, "price"));
  const charge = {
    initial: notional.mul(decimalAt(perpetual, "im")).neg(),
    maintenance: notional.mul(decimalAt(perpetual, "mm")).neg(),
  };
  const base = decimalAt(inputs, "cash").add(decimalAt(perpetual, "unrealised"));
  const net = (level: keyof Levels) => base.add(charge[level]).add(margin[level]);
  return computed(answer({ perpetual: charge, net: { initial: net("initial"), maintenance: net("maintenance") } }));
}

/** Doubtful prices and a slipped stablecoin take from initial margin only. */
function doubtAndDepeg(inputs: JsonObject, base: JsonObject, net: Levels): Readonly<Record<string, string>> {
  const [spotBtc, perpetuals] = [decimalAt(inputs, "btcSpot"), decimalAt(inputs, "btcPerp").abs()];
  const confidence = decimalAt(inputs, "perpConfidence");
  const price = decimalAt(objectAt(base, "btcPerp"), "price");
  const doubt = confidence.lt(decimalAt(inputs, "confidenceThreshold"))
    ? new Decimal(1).sub(confidence).mul(decimalAt(inputs, "confidenceScale")).mul(perpetuals).mul(price)
    : new Decimal(0);
  const slip = derive.peggedFactor(
    new Decimal(0),
    decimalAt(inputs, "usdcPrice"),
    decimalAt(inputs, "depegThreshold"),
    decimalAt(inputs, "depegFactor"),
  );
  const depegEth = slip.mul(decimalAt(inputs, "shortEthOptions")).mul(decimalAt(inputs, "ethSpot"));
  const depegBtc = slip.mul(perpetuals).mul(spotBtc);
  return {
    perpConfidenceMargin: doubt.neg().toFixed(),
    depegEth: depegEth.neg().toFixed(),
    depegBtc: depegBtc.neg().toFixed(),
    netIM: net.initial.sub(doubt).sub(depegEth).sub(depegBtc).toFixed(),
    netMM: net.maintenance.toFixed(),
  };
}

const missing = (id: string): Answer => unsupported(`the inputs refer to ${id}, which no file of this run holds`);
