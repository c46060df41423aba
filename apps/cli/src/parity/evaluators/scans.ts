import { Decimal } from "@ballast/money";
import { venue } from "@ballast/risk-core";
import { decimalAt, decimalFrom, decimalsAt, listAt, objectAt, textAt } from "../inputs.js";
import {
  type Answer,
  type Answered,
  checked,
  computed,
  type Evaluators,
  type JsonObject,
  type ParityCase,
} from "../parity-case.js";
import { isObject } from "../split-document.js";

/*
 * Margins whose examples come as arrays of profit and loss: clearing-house risk arrays, and scans that a venue prints.
 */

export const SCANS: Evaluators = {
  "cme.span.risk-array": ({ inputs }) => {
    const quantity = signedQuantity(textAt(inputs, "position"));
    const array = venue
      .futureArray(
        scenariosOf(inputs),
        decimalAt(inputs, "priceScanRangeUsd"),
        decimalAt(inputs, "extremeMoveRiskUsd"),
        new Decimal(10),
      )
      .map((profit) => profit.mul(quantity));
    return computed({ riskArrayPnl: array.map(numberOf), scanRisk: venue.scanRisk(array).loss.toFixed() });
  },
  "cme.span.scan": ({ inputs }) => {
    const quantity = signedQuantity(textAt(inputs, "position"));
    return computed(
      scanAnswer(
        decimalsAt(inputs, "riskArrayPnlLongCall").map((profit) => profit.mul(quantity)),
        inputs,
      ),
    );
  },
  "cme.span.scan-portfolio": ({ inputs }) => {
    const [future, call] = textAt(inputs, "position").split(",").map(signedQuantity);
    const array = venue.portfolioArray([
      { quantity: future ?? new Decimal(0), array: decimalsAt(inputs, "riskArrayPnlFuture") },
      { quantity: call ?? new Decimal(0), array: decimalsAt(inputs, "riskArrayPnlCall") },
    ]);
    return computed({ portfolioPnl: array.map(numberOf), ...scanAnswer(array, inputs) });
  },
  "bybit.uta.portfolio-margin": ({ inputs }) => computed(bybitAnswer(inputs)),
  "deribit.portfolio-margin.option-contingency": ({ inputs }) => {
    const perOption = decimalAt(inputs, "contingencyPerNetShortOptionBtc");
    const { net, contingency } = venue.nettedShortOptions(
      decimalAt(inputs, "calls"),
      decimalAt(inputs, "puts"),
      perOption,
    );
    return computed({ netPositionOnStrike: net.toFixed(), contingencyBtc: contingency.toFixed() });
  },
  "deribit.portfolio-margin.futures-contingency": ({ inputs }) => {
    const [long, short] = [decimalAt(inputs, "longFutureA_btc"), decimalAt(inputs, "shortFutureB_btc")];
    return computed({
      contingencyBtc: venue.offsetFutures(long, short, decimalAt(inputs, "contingencyPct")).toFixed(),
    });
  },
  "delta-exchange.portfolio-margin": ({ inputs }) => {
    const floors = ["futuresMarginFloor", "shortOptionsMarginFloor", "longOptionsMarginFloor"].map((key) =>
      decimalAt(inputs, key),
    );
    const flow = decimalAt(inputs, "unrealisedCashflow");
    const margin = venue.flooredMargin(decimalAt(inputs, "riskMargin"), floors, flow, new Decimal("0.8"));
    return computed({
      marginFloor: margin.floor.toFixed(),
      imWithUcf: margin.initial.toFixed(),
      imWithoutUcf: margin.initialWithoutFlow.toFixed(),
      mmWithUcf: margin.maintenance.toFixed(),
      mmWithoutUcf: margin.maintenanceWithoutFlow.toFixed(),
    });
  },
  "pm.future-contingency": (parityCase) => futureContingency(parityCase),
};

/** `unch vol up`, `+2/3 down`, `extreme up`: the moves of a sixteen-scenario array. */
function scenariosOf(inputs: JsonObject): readonly venue.ArrayScenario[] {
  return listAt(inputs, "scenarios").map((name): venue.ArrayScenario => {
    const text = typeof name === "string" ? name : "";
    if (text.startsWith("extreme")) return { thirds: 0, extreme: text.endsWith("up") ? 1 : -1 };
    const [, sign, thirds] = /^([+-])(\d)\/3/.exec(text) ?? [];
    const size = JSON.parse(thirds ?? "0") as 0 | 1 | 2 | 3;
    return { thirds: (sign === "-" ? -size : size) as venue.ArrayScenario["thirds"], extreme: 0 };
  });
}

/** `long 1 future` is 1, ` short 1 Dec 410 call` is −1. */
function signedQuantity(position: string): Decimal {
  const [, side, size] = /(long|short)\s+(\d+(?:\.\d+)?)/.exec(position) ?? [];
  return new Decimal(size ?? "1").mul(side === "short" ? -1 : 1);
}

function scanAnswer(array: readonly Decimal[], inputs: JsonObject) {
  const { loss, at } = venue.scanRisk(array);
  return { scanRisk: loss.toFixed(), worstScenario: listAt(inputs, "scenarios")[at] ?? null };
}

/** The page rounds prices and profits differently, and its tolerance says by how much: "0.05 on price, 0.5 on P&L". */
function futureContingency({ inputs, expected, raw }: ParityCase): Answer {
  const { price, contingency, profits } = venue.futureContingency({
    quantity: decimalAt(inputs, "qty"),
    index: decimalAt(inputs, "index"),
    annualBasis: decimalAt(inputs, "annualBasis"),
    days: decimalAt(inputs, "daysToExpiry"),
    share: decimalAt(inputs, "contingencyFactor"),
    shocks: decimalsAt(inputs, "shocks"),
  });
  const value = { futurePrice: price.toFixed(), futureContingency: contingency.toFixed(), pnl: profits.map(numberOf) };
  const [, onPrice, onProfit] = /([\d.]+) on price, ([\d.]+) on P&L/.exec(textAt(raw, "notes")) ?? [];
  if (onPrice === undefined || onProfit === undefined || !isObject(expected)) return computed(value);
  const within = (path: string, wanted: Decimal, got: Decimal, bound: string) => ({
    path,
    passed: got.sub(wanted).abs().lte(bound),
    expected: wanted.toFixed(),
    got: got.toFixed(),
  });
  return checked(
    [
      within("futurePrice", decimalAt(expected, "futurePrice"), price, onPrice),
      within("futureContingency", decimalAt(expected, "futureContingency"), contingency, onPrice),
      ...decimalsAt(expected, "pnl").map((wanted, at) =>
        within(`pnl[${at}]`, wanted, profits[at] as Decimal, onProfit),
      ),
    ],
    value,
  );
}

/** Cell by cell the legs add up; the worst cell and the contingencies are maintenance margin, rates are cut at 4 digits. */
function bybitAnswer(inputs: JsonObject) {
  const legs = ["perpPnl", "optionPnlWorstIv", "spotHedgePnl"].map((key) => ({
    quantity: new Decimal(1),
    array: decimalsAt(inputs, key),
  }));
  const array = venue.portfolioArray(legs);
  const { loss, at } = venue.scanRisk(array);
  const contingency = Object.entries(objectAt(inputs, "contingency")).reduce(
    (sum, [name, part]) => sum.add(decimalFrom(part, name)),
    new Decimal(0),
  );
  const maintenance = loss.add(contingency);
  const account = objectAt(inputs, "account");
  const equity = decimalAt(account, "equity");
  const rate = (key: string) => decimalAt(account, key).div(equity).toDecimalPlaces(4, Decimal.ROUND_DOWN).toFixed();
  const moves = listAt(inputs, "priceMoves").map(String);
  const worstMove = moves[at] ?? null;
  return {
    allPnl: array.map(numberOf),
    worst: { priceMove: worstMove, ivShock: worstVolatility(inputs, worstMove), loss: loss.toFixed() },
    contingencyTotal: contingency.toFixed(),
    assetMM: maintenance.toFixed(),
    assetIM: maintenance.mul(decimalAt(inputs, "imFactor")).toFixed(),
    availableBalance: equity.sub(decimalAt(account, "accountIM")).toFixed(),
    accountMMRate: rate("accountMM"),
    accountIMRate: rate("accountIM"),
  };
}

/** Which of the volatility columns printed for a move loses most. */
function worstVolatility(inputs: JsonObject, move: string | null): Answered {
  const byVolatility = objectAt(inputs, "optionPnlByIv");
  const column = objectAt(byVolatility, "at")[move ?? ""];
  if (!Array.isArray(column)) return null;
  const { at } = venue.scanRisk(column.map((profit) => new Decimal(profit as number)));
  const name = listAt(byVolatility, "ivShockOrder")[at];
  return name === undefined ? null : (name as string);
}

const numberOf = (value: Decimal): number => JSON.parse(value.toFixed()) as number;
