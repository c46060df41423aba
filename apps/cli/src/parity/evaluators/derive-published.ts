import { Decimal } from "@ballast/money";
import { levelNamed, type PortfolioMargin } from "@ballast/risk-core";
import { decimalAt, listAt, numberAt, objectAt, objectsAt, textAt } from "../inputs.js";
import { computed, type Evaluators, type Json, type JsonObject, type ParityCase } from "../parity-case.js";
import { isObject } from "../split-document.js";
import {
  assessPm2,
  assessSrm,
  cellsOf,
  contingenciesOf,
  figure,
  kindOfWorst,
  netMargins,
  scenariosOf,
} from "./derive.js";

/*
 * Derive's managers as the collection of published examples writes them: the same cases with other names, turned here
 * into the form of the public tests.
 */

export const DERIVE_PUBLISHED: Evaluators = {
  "derive.pm2": (parityCase) => computed(answerPm2(parityCase)),
  "derive.standard-margin": (parityCase) => computed(answerSrm(parityCase)),
};

function answerPm2(parityCase: ParityCase) {
  const { inputs } = parityCase;
  const parameters = pm2Parameters(inputs);
  const scenarios = scenariosOf(inputs["scenarios"]);
  const margin = assessPm2(
    {
      cash: inputs["cash"] ?? 0,
      spot: inputs["spot"] ?? null,
      spotConfidence: inputs["spotConfidence"] ?? null,
      stablePrice: inputs["stablePrice"] ?? null,
      perp: perpetualOf(inputs["perp"]),
      collaterals: objectsAt(inputs, "collaterals").map((collateral) => ({
        ...collateral,
        price: collateral["priceUsd"] ?? null,
        imHaircut: collateral["imHaircutAdditional"] ?? null,
      })),
      expiries: objectsAt(inputs, "expiries").map(expiryOf),
      options: objectsAt(inputs, "options").map(optionOf),
    },
    parameters,
    scenarios,
  );
  const cells = cellsOf(margin);
  const inFamily = (family: string) => cells.filter((_, at) => scenarios[at]?.family === family);
  const tilts = listAt(inputs, "scenarios").flatMap((row) =>
    Array.isArray(row) && (row[1] === "LINEAR" || row[1] === "ABS") ? [row[1] as string] : [],
  );
  return {
    ...netMargins(margin, parityCase),
    worstOf: kindOfWorst(margin, parityCase, "worstOf"),
    worstRegular: figure(margin, "regular").neg().toFixed(),
    worstTail: figure(margin, "tail").neg().toFixed(),
    worstSkew: figure(margin, "skew").neg().toFixed(),
    forwardContingency: figure(margin, "forward").neg().toFixed(),
    portfolioMtm: margin.netValue.toFixed(),
    optionMtm: margin.optionValue.toFixed(),
    collateralMtm: margin.book.balances
      .filter(({ asset }) => asset !== margin.book.quote)
      .reduce((sum, { value }) => sum + value, 0),
    contingency: contingenciesOf(margin, parameters, "oracle"),
    regularPnl: inFamily("regular"),
    tailPnl: inFamily("tail"),
    skewPnl: inFamily("skew").map((profit, at) => [tilts[at] ?? null, profit]),
  };
}

function pm2Parameters(inputs: JsonObject): JsonObject {
  const from = (section: string, names: Readonly<Record<string, string>>): JsonObject => {
    const found = objectAt(inputs, section);
    return Object.fromEntries(Object.entries(names).map(([ours, theirs]) => [ours, found[theirs] ?? null]));
  };
  return {
    volShock: from("volShock", {
      volRangeUp: "VOLRANGEUP",
      volRangeDown: "VOLRANGEDOWN",
      shortTermPower: "SHORTTERMPOWER",
      longTermPower: "LONGTERMPOWER",
      dteFloorDays: "DTE_FLOOR",
      minVolUpShock: "MIN_VOL_EVAL_SHOCKED",
    }),
    margin: from("margin", {
      imFactor: "IM_LOSS_FACTOR",
      mmFactor: "MM_LOSS_FACTOR",
      shortRateMultScale: "SHORT_RATE_MULTSCALE",
      longRateMultScale: "LONG_RATE_MULTSCALE",
      shortRateAddScale: "SHORT_RATE_ADDSCALE",
      longRateAddScale: "LONG_RATE_ADDSCALE",
      longBaseStaticDiscount: "BASE_STATIC_DISCOUNT",
      shortBaseStaticDiscount: "BASE_STATIC_DISCOUNT_NEG",
    }),
    basis: from("basis", {
      spotUp: "SCENARIO_SPOT_UP",
      spotDown: "SCENARIO_SPOT_DOWN",
      addFactor: "BASIS_CONT_ADD_FACTOR",
      multFactor: "BASIS_CONT_MULT_FACTOR",
    }),
    other: from("other", {
      pegLossThreshold: "PEG_LOSS_THRESHOLD",
      pegLossFactor: "PEG_LOSS_FACTOR",
      confThreshold: "CONF_THRESHOLD",
      confMargin: "CONF_MARGIN",
      mmPerpPercent: "MM_PERP_PERCENT",
      imPerpPercent: "IM_PERP_PERCENT",
      mmOptionPercent: "MM_OPTION_PERCENT",
      imOptionPercent: "IM_OPTION_PERCENT",
    }),
    skew: from("skew", {
      linearBaseCap: "LINEAR_SCALE_CAP",
      linearCBase: "LINEAR_CBASE",
      absBaseCap: "ABS_SCALE_CAP",
      absCBase: "ABS_CBASE",
      minKStar: "MIN_K_STAR",
      widthScale: "MIN_WIDTH_SCALE",
      volParamStatic: "VOL_PARAM_STATIC",
      volParamScale: "VOL_PARAM_SCALE",
    }),
  };
}

function answerSrm(parityCase: ParityCase) {
  const { inputs } = parityCase;
  const parameters = srmParameters(objectAt(inputs, "params"));
  const margin = assessSrm(
    srmInputs(inputs, () => true),
    parameters,
  );
  // The collection states both of its markets, and leaves out of the inputs the one without a position.
  const markets = new Set([
    "ETH",
    "BTC",
    ...Object.keys(objectAt(inputs, "markets")).map((name) => name.toUpperCase()),
  ]);
  const whole = (level: string) => levelNamed(margin, level).slack.trunc().toFixed();
  return {
    ...netMargins(margin, parityCase),
    initialMarginTruncated: whole("initial"),
    maintenanceMarginTruncated: whole("maintenance"),
    markToMarket: margin.netValue.toFixed(),
    parts: {
      ...optionParts(markets, margin, { OptionIM: "optionInitial", OptionMM: "optionMaintenance" }),
      ...optionParts(markets, margin, { IsolatedIM: "isolatedInitial", IsolatedMM: "isolatedMaintenance" }),
      // The collection states the bound of the nearest expiry of a market only.
      ...optionParts(markets, assessSrm(srmInputs(inputs, isNearest), parameters), {
        BoundedIM: "boundedInitial",
        BoundedMM: "boundedMaintenance",
      }),
    },
  };
}

function isNearest(option: JsonObject, options: readonly JsonObject[]): boolean {
  return options.every((other) => numberAt(other, "secondsToExpiry") >= numberAt(option, "secondsToExpiry"));
}

function srmInputs(
  inputs: JsonObject,
  isWanted: (option: JsonObject, options: readonly JsonObject[]) => boolean,
): JsonObject {
  return {
    cash: inputs["cash"] ?? 0,
    stablePrice: inputs["usdcPrice"] ?? null,
    markets: Object.entries(objectAt(inputs, "markets")).flatMap(([name, market]) =>
      isObject(market)
        ? [
            {
              ...market,
              name: name.toUpperCase(),
              perp: perpetualOf(market["perp"]),
              base: { position: market["baseBalance"] ?? 0 },
              expiries: objectsAt(market, "forwards").map((forward) =>
                expiryOf({ ...forward, forward: forward["price"] ?? null }),
              ),
              options: objectsAt(market, "options")
                .filter((option, _, options) => isWanted(option, options))
                .map(optionOf),
            },
          ]
        : [],
    ),
  };
}

/** What is left of each market's options: their value less the figure. */
function optionParts(
  markets: ReadonlySet<string>,
  margin: PortfolioMargin,
  figures: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const { market, now } = margin.book;
  return Object.fromEntries(
    [...markets].flatMap((underlying) => {
      const unit = market.units.findIndex((id) => id === underlying);
      const value = market.groups.reduce(
        (sum, group, g) => (group.unit === unit && group.expiry !== null ? sum + (now[g] ?? 0) : sum),
        0,
      );
      return Object.entries(figures).map(([part, figureName]) => [
        `${underlying.toLowerCase()}${part}`,
        new Decimal(value).sub(figure(margin, `${figureName}@${underlying}`)).toFixed(),
      ]);
    }),
  );
}

function srmParameters(parameters: JsonObject): JsonObject {
  const at = (key: string): Json => parameters[key] ?? null;
  return {
    perp: { mm: at("perpMM"), im: at("perpIM") },
    option: {
      maxSpotReq: at("maxSpotReq"),
      minSpotReq: at("minSpotReq"),
      mmCallSpotReq: at("mmCallSpotReq"),
      mmPutSpotReq: at("mmPutSpotReq"),
      MMPutMtMReq: at("mmPutMtmReq"),
      unpairedIMScale: at("unpairedScaleIM"),
      unpairedMMScale: at("unpairedScaleMM"),
      mmOffsetScale: at("mmOffsetScale"),
    },
    oracle: { perpThreshold: at("oracleThreshold"), OCFactor: at("oracleFactor") },
    base: { marginFactor: at("baseMarginFactor"), IMScale: at("baseIMScale") },
    depeg: { threshold: at("depegThreshold"), depegFactor: at("depegFactor") },
  };
}

function perpetualOf(perpetual: Json | undefined): JsonObject {
  if (!isObject(perpetual)) return { position: 0 };
  const unpaid = ["unrealisedPnl", "unrealisedFunding", "unrealisedPnlAndFunding", "unsettledAndUnrealisedCash"];
  const sum = unpaid.reduce(
    (total, key) => (perpetual[key] === undefined ? total : total.add(decimalAt(perpetual, key))),
    new Decimal(0),
  );
  return {
    ...perpetual,
    unrealisedPnl: sum.toFixed(),
    unrealisedFunding: 0,
    unsettledAndUnrealisedCash: sum.toFixed(),
  };
}

function expiryOf(expiry: JsonObject): JsonObject {
  return { ...expiry, secToExpiry: numberAt(expiry, "secondsToExpiry"), forwardConfidence: expiry["confidence"] ?? 1 };
}

function optionOf(option: JsonObject): JsonObject {
  return { ...option, secToExpiry: numberAt(option, "secondsToExpiry"), isCall: textAt(option, "type") === "call" };
}
