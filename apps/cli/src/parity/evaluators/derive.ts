import { type AssetId, assetId, type InstrumentId, instrumentId, toUtcMillis, type UtcMillis } from "@ballast/model";
import { amount, Decimal, price, quantity, rate, ratio } from "@ballast/money";
import {
  assessPortfolio,
  type CollateralBalance,
  type DerivePm1Parameters,
  type DerivePm2Parameters,
  type DeriveSrmParameters,
  derivePm1,
  derivePm2,
  deriveSrm,
  type ExpiryQuote,
  type Holding,
  levelNamed,
  type MarginContract,
  type Portfolio,
  type PortfolioMargin,
  type Scenario,
  type UnderlyingQuote,
  type VolatilityMove,
} from "@ballast/risk-core";
import { decimalAt, decimalIfAt, numberAt, objectAt, objectsAt, textAt } from "../inputs.js";
import { computed, type Evaluators, type JsonObject, type ParityCase } from "../parity-case.js";
import { isList, isObject } from "../split-document.js";

/*
 * Derive's managers: the cases of its public tests (PMRM1, PMRM2, SRM), and the same cases as other collections write
 * them. Margins at the source are net: what is left after the requirement.
 */

const QUOTE = assetId("USDC");
const NOW = toUtcMillis(1_735_689_600_000);
const SETTLEMENT_SECONDS = 1_800;
const ONE = ratio("1");

export const DERIVE: Evaluators = {
  PMRM1: (parityCase) => computed(answerPm1(parityCase)),
  PMRM2: (parityCase) => computed(answerPm2(parityCase)),
  SRM: (parityCase) => computed(answerSrm(parityCase)),
};

/** A portfolio as it is read piece by piece. */
class Reading {
  readonly underlyings = new Map<AssetId, UnderlyingQuote>();
  readonly expiries: ExpiryQuote[] = [];
  readonly contracts = new Map<InstrumentId, MarginContract>();
  readonly holdings = new Map<InstrumentId, Holding>();
  readonly balances = new Map<AssetId, CollateralBalance>();

  constructor(readonly stable: Decimal) {}

  cash(cash: Decimal): void {
    this.balances.set(QUOTE, { amount: amount(cash), price: price("1"), confidence: ONE, movesWith: null });
  }

  collateral(name: string, size: Decimal, at: Decimal, confidence: Decimal, movesWith: AssetId | null): void {
    this.balances.set(assetId(name), {
      amount: amount(size),
      price: price(at),
      confidence: ratio(confidence),
      movesWith,
    });
  }

  underlying(name: string, spot: Decimal, confidence: Decimal): AssetId {
    const id = assetId(name);
    this.underlyings.set(id, { spot: price(spot), confidence: ratio(confidence), depth: null });
    return id;
  }

  perpetual(underlying: AssetId, size: Decimal, mark: Decimal, confidence: Decimal, unrealised: Decimal): void {
    const id = instrumentId(`${underlying}-PERPETUAL`);
    this.contracts.set(id, {
      id,
      kind: "perpetual",
      payoff: "linear",
      underlying,
      confidence: ratio(confidence),
      markPrice: price(mark),
      expiresAt: null,
      negativePrices: false,
    });
    this.hold(id, size, unrealised);
  }

  expiry(underlying: AssetId, seconds: number, quoted: Omit<ExpiryQuote, "underlying" | "expiresAt">): void {
    this.expiries.push({ underlying, expiresAt: expiryAfter(seconds), ...quoted });
  }

  option(underlying: AssetId, at: number, option: JsonObject, keys: OptionKeys): void {
    const id = instrumentId(`${underlying}-option-${at}`);
    this.contracts.set(id, {
      id,
      kind: "option",
      payoff: "linear",
      underlying,
      confidence: ratio(decimalIfAt(option, "volConfidence") ?? new Decimal(1)),
      right: keys.right(option),
      style: { name: "european" },
      strike: price(decimalAt(option, "strike")),
      expiresAt: expiryAfter(numberAt(option, keys.seconds)),
      volatility: ratio(decimalAt(option, "vol")),
    });
    this.hold(id, decimalAt(option, "amount"), new Decimal(0));
  }

  portfolio(): Portfolio {
    const { underlyings, expiries, contracts, holdings, balances } = this;
    return {
      quote: QUOTE,
      quotePrice: price(this.stable),
      numeraire: QUOTE,
      at: NOW,
      underlyings,
      expiries,
      contracts,
      holdings,
      balances,
      orders: [],
    };
  }

  private hold(instrument: InstrumentId, size: Decimal, unrealised: Decimal): void {
    this.holdings.set(instrument, { instrument, quantity: quantity(size), unrealisedProfit: amount(unrealised) });
  }
}

interface OptionKeys {
  readonly seconds: string;
  readonly right: (option: JsonObject) => "call" | "put";
}

const TEST_KEYS: OptionKeys = {
  seconds: "secToExpiry",
  right: (option) => (option["isCall"] === true ? "call" : "put"),
};

function expiryAfter(seconds: number): UtcMillis {
  return toUtcMillis(NOW + seconds * 1000);
}

/** The quote of an expiry; inside the last half hour the settlement average fixes the forward as time passes. */
function expiryQuote(expiry: JsonObject, seconds: number, confidence: Decimal): Parameters<Reading["expiry"]>[2] {
  const fixed = decimalIfAt(expiry, "forwardFixed");
  const variable = decimalIfAt(expiry, "forwardVariable");
  const forward = variable === undefined ? decimalAt(expiry, "forward") : variable.add(fixed ?? new Decimal(0));
  const elapsed = Math.max(0, SETTLEMENT_SECONDS - seconds);
  return {
    forward: price(forward),
    fixedForward: price(fixed ?? forward.mul(elapsed).div(SETTLEMENT_SECONDS)),
    rate: rate(decimalIfAt(expiry, "rate") ?? new Decimal(0)),
    confidence: ratio(confidence),
  };
}

const least = (object: JsonObject, keys: readonly string[]): Decimal =>
  keys.reduce((least, key) => Decimal.min(least, decimalIfAt(object, key) ?? 1), new Decimal(1));

/** A manager's parameters and scenarios by the names a case gives them. */
export function sharedOf({ inputs, section }: ParityCase) {
  const shared = objectAt(section, "shared");
  return {
    parameters: objectAt(objectAt(shared, "parameterSets"), textAt(inputs, "parameterSet")),
    scenarios: scenariosOf(objectAt(shared, "scenarioSets")[textAt(inputs, "scenarioSet")]),
  };
}

/** The margin of a case of the second manager, in the form of its public tests. */
export function assessPm2(inputs: JsonObject, parameters: JsonObject, scenarios: readonly Scenario[]): PortfolioMargin {
  const stable = decimalAt(inputs, "stablePrice");
  const reading = new Reading(stable);
  const underlying = reading.underlying("UNDERLYING", decimalAt(inputs, "spot"), decimalAt(inputs, "spotConfidence"));
  reading.cash(decimalAt(inputs, "cash"));
  const perpetual = objectAt(inputs, "perp");
  if (!decimalAt(perpetual, "position").isZero()) {
    reading.perpetual(
      underlying,
      decimalAt(perpetual, "position"),
      decimalAt(perpetual, "price"),
      decimalAt(perpetual, "confidence"),
      decimalAt(perpetual, "unrealisedPnl").add(decimalAt(perpetual, "unrealisedFunding")),
    );
  }
  const maintenance: Record<string, number> = {};
  const initialExtra: Record<string, number> = {};
  for (const collateral of objectsAt(inputs, "collaterals")) {
    const name = textAt(collateral, "name");
    maintenance[name] = numberAt(collateral, "mmHaircut");
    initialExtra[name] = numberAt(collateral, "imHaircut");
    reading.collateral(
      name,
      decimalAt(collateral, "amount"),
      decimalAt(collateral, "price").div(stable),
      decimalAt(collateral, "confidence"),
      collateral["riskCancelling"] === true ? underlying : null,
    );
  }
  const expiries = objectsAt(inputs, "expiries");
  for (const expiry of expiries) {
    const seconds = numberAt(expiry, "secToExpiry");
    const confidence = least(expiry, ["forwardConfidence", "rateConfidence", "volConfidence"]);
    reading.expiry(underlying, seconds, expiryQuote(expiry, seconds, confidence));
  }
  objectsAt(inputs, "options").forEach((option, at) => reading.option(underlying, at, option, TEST_KEYS));
  return assessPortfolio(
    reading.portfolio(),
    derivePm2(pm2Parameters(parameters, scenarios, { maintenance, initialExtra })),
  );
}

function answerPm2(parityCase: ParityCase) {
  const { inputs } = parityCase;
  const { parameters, scenarios } = sharedOf(parityCase);
  const margin = assessPm2(inputs, parameters, scenarios);
  const loss = (name: string) => figure(margin, name).neg();
  const { book } = margin;
  return {
    ...netMargins(margin, parityCase),
    markToMarket: margin.netValue.toFixed(),
    optionMtm: margin.optionValue.toFixed(),
    collateralMtm: book.balances.filter(({ asset }) => asset !== QUOTE).reduce((sum, { value }) => sum + value, 0),
    basisContingency: loss("forward").toFixed(),
    worstRegularLoss: loss("regular").toFixed(),
    worstTailLoss: loss("tail").toFixed(),
    worstSkewLoss: loss("skew").toFixed(),
    worstKind: kindOfWorst(margin, parityCase),
    scenarioPnl: cellsOf(margin),
    contingencies: contingenciesOf(margin, parameters, "imOracle"),
    imFactorApplied: figure(margin, "initialFactor").toFixed(),
    mmFactorApplied: decimalAt(objectAt(parameters, "margin"), "mmFactor").toFixed(),
    staticDiscounts: objectsAt(inputs, "expiries").map((expiry) => {
      const group = book.market.groups.find(
        ({ expiry: quoted }) => quoted?.expiresAt === expiryAfter(numberAt(expiry, "secToExpiry")),
      );
      return [group?.longDiscount ?? null, group?.shortDiscount ?? null];
    }),
  };
}

/** Profit or loss of the one underlying in each scenario; zero in all where nothing moves. */
export function cellsOf({ book }: PortfolioMargin): readonly number[] {
  return book.cells.length === 0 ? book.market.rule.scenarios.map(() => 0) : [...book.cells];
}

/** The contingencies one by one, as what they take away. */
export function contingenciesOf(margin: PortfolioMargin, parameters: JsonObject, oracle: string) {
  const other = objectAt(parameters, "other");
  const loss = (name: string) => figure(margin, name).neg();
  const share = (name: string, key: string) => loss(name).mul(decimalAt(other, key)).toFixed();
  return {
    mmPerp: share("perpetuals", "mmPerpPercent"),
    imPerpExtra: share("perpetuals", "imPerpPercent"),
    mmCollateral: loss("collateral").toFixed(),
    imCollateralExtra: loss("collateralExtra").toFixed(),
    mmOption: share("nakedShorts", "mmOptionPercent"),
    imOptionExtra: share("nakedShorts", "imOptionPercent"),
    [oracle]: loss("deltaOneDoubt").add(loss("optionDoubt")).add(loss("collateralDoubt")).toFixed(),
  };
}

/** Which kind binds. Kinds that are equal within what the case tolerates all do: then the file's choice among them. */
export function kindOfWorst(margin: PortfolioMargin, { expected, tolerance }: ParityCase, key = "worstKind"): string {
  const losses = { regular: "regular", tail: "tail", skew: "skew", fwd_contingency: "forward" };
  const worst = figure(margin, "worst");
  const binding = Object.entries(losses)
    .filter(([, name]) =>
      worst
        .sub(figure(margin, name))
        .abs()
        .lte(Decimal.max(tolerance.absolute, worst.mul(tolerance.relative))),
    )
    .map(([kind]) => kind);
  const wanted = isObject(expected) ? expected[key] : undefined;
  return binding.find((kind) => kind === wanted) ?? binding[0] ?? "none";
}

/** The margin of a case of the first manager, in the form of its public tests. */
export function assessPm1(inputs: JsonObject, parameters: JsonObject, scenarios: readonly Scenario[]): PortfolioMargin {
  const stable = decimalAt(inputs, "stablePrice");
  const reading = new Reading(stable);
  const spot = decimalAt(inputs, "spot");
  const underlying = reading.underlying("UNDERLYING", spot, decimalAt(inputs, "spotConfidence"));
  reading.cash(decimalAt(inputs, "cash"));
  readPerpetual(reading, underlying, objectAt(inputs, "perp"));
  const base = decimalAt(objectAt(inputs, "base"), "position");
  if (!base.isZero()) reading.collateral("BASE", base, spot.div(stable), new Decimal(1), underlying);
  for (const expiry of objectsAt(inputs, "expiries")) {
    const seconds = numberAt(expiry, "secToExpiry");
    reading.expiry(
      underlying,
      seconds,
      expiryQuote(expiry, seconds, least(expiry, ["forwardConfidence", "rateConfidence"])),
    );
  }
  objectsAt(inputs, "options").forEach((option, at) => reading.option(underlying, at, option, TEST_KEYS));
  return assessPortfolio(reading.portfolio(), derivePm1(pm1Parameters(parameters, scenarios)));
}

function answerPm1(parityCase: ParityCase) {
  const { parameters, scenarios } = sharedOf(parityCase);
  const margin = assessPm1(parityCase.inputs, parameters, scenarios);
  return {
    ...netMargins(margin, parityCase),
    markToMarket: margin.netValue.toFixed(),
    basisContingency: figure(margin, "forward").neg().toFixed(),
    staticContingency: figure(margin, "static").toFixed(),
  };
}

/** The margin of a case of the standard manager, in the form of its public tests. */
export function assessSrm(inputs: JsonObject, parameters: JsonObject): PortfolioMargin {
  const stable = decimalAt(inputs, "stablePrice");
  const reading = new Reading(stable);
  reading.cash(decimalAt(inputs, "cash"));
  const bases: string[] = [];
  for (const market of objectsAt(inputs, "markets")) {
    const name = textAt(market, "name");
    const spot = decimalAt(market, "spot");
    const underlying = reading.underlying(name, spot, decimalAt(market, "spotConfidence"));
    readPerpetual(reading, underlying, objectAt(market, "perp"));
    const base = decimalAt(objectAt(market, "base"), "position");
    if (!base.isZero()) {
      bases.push(`${name}-BASE`);
      reading.collateral(`${name}-BASE`, base, spot, new Decimal(1), underlying);
    }
    for (const expiry of objectsAt(market, "expiries")) {
      const seconds = numberAt(expiry, "secToExpiry");
      reading.expiry(underlying, seconds, expiryQuote(expiry, seconds, least(expiry, ["forwardConfidence"])));
    }
    objectsAt(market, "options").forEach((option, at) => reading.option(underlying, at, option, TEST_KEYS));
  }
  return assessPortfolio(reading.portfolio(), deriveSrm(srmParameters(parameters, bases)));
}

function answerSrm(parityCase: ParityCase) {
  const sets = objectAt(objectAt(parityCase.section, "shared"), "parameterSets");
  const parameters = objectAt(sets, textAt(parityCase.inputs, "parameterSet"));
  const margin = assessSrm(parityCase.inputs, parameters);
  return { ...netMargins(margin, parityCase), markToMarket: margin.netValue.toFixed() };
}

function readPerpetual(reading: Reading, underlying: AssetId, perpetual: JsonObject): void {
  if (decimalAt(perpetual, "position").isZero()) return;
  reading.perpetual(
    underlying,
    decimalAt(perpetual, "position"),
    decimalAt(perpetual, "price"),
    decimalAt(perpetual, "confidence"),
    decimalAt(perpetual, "unsettledAndUnrealisedCash"),
  );
}

/** What is left of each level; whole units where the file cut its figures towards zero. */
export function netMargins(margin: PortfolioMargin, { raw }: ParityCase): Readonly<Record<string, string>> {
  const tolerance = raw["tolerance"];
  const truncated = isObject(tolerance) && tolerance["kind"] === "truncate-toward-zero";
  const print = (level: string): string => {
    const { slack } = levelNamed(margin, level);
    return (truncated ? slack.trunc() : slack).toFixed();
  };
  return { initialMargin: print("initial"), maintenanceMargin: print("maintenance") };
}

export function figure(margin: PortfolioMargin, name: string): Decimal {
  return margin.figures.get(name)?.value ?? new Decimal(0);
}

const MOVES: Readonly<Record<string, VolatilityMove>> = {
  Up: "up",
  Down: "down",
  None: "same",
  Linear: "skew-linear",
  LINEAR: "skew-linear",
  Abs: "skew-absolute",
  ABS: "skew-absolute",
};

/** Scenarios as objects or as [factor, volatility, damping]; damped ones are tails, tilted ones skews. */
export function scenariosOf(rows: JsonObject[string] | undefined): readonly Scenario[] {
  return (isList(rows) ? rows : []).map((row, at): Scenario => {
    const read = isObject(row)
      ? {
          factor: numberAt(row, "spotShock"),
          kind: textAt(row, "volShock"),
          damping: row["dampening"] === undefined ? 1 : numberAt(row, "dampening"),
        }
      : (([factor, kind, damping]) => ({ factor: factor as number, kind: kind as string, damping: damping as number }))(
          row as readonly [number, string, number],
        );
    const volatility = MOVES[read.kind];
    if (volatility === undefined) throw new RangeError(`scenario ${at}: no volatility move ${read.kind}`);
    const skew = volatility === "skew-linear" || volatility === "skew-absolute";
    return {
      id: `${at}`,
      family: skew ? "skew" : isTail(read) ? "tail" : "regular",
      price: { factor: read.factor },
      volatility,
      damping: read.damping,
      deadband: 0,
    };
  });
}

/** The sets do not mark their tails: what is damped, or moves a price by half and more, is one. */
function isTail({ factor, damping }: { readonly factor: number; readonly damping: number }): boolean {
  return damping !== 1 || Math.abs(factor - 1) >= 0.5;
}

function volatilityShockOf(shock: JsonObject): DerivePm1Parameters["volatilityShock"] {
  return {
    up: numberAt(shock, "volRangeUp"),
    down: numberAt(shock, "volRangeDown"),
    shortTermPower: numberAt(shock, "shortTermPower"),
    longTermPower: numberAt(shock, "longTermPower"),
    daysFloor:
      shock["dteFloorDays"] === undefined ? numberAt(shock, "dteFloorSec") / 86_400 : numberAt(shock, "dteFloorDays"),
    upVolatilityFloor: shock["minVolUpShock"] === undefined ? 0 : numberAt(shock, "minVolUpShock"),
  };
}

function pm2Parameters(
  parameters: JsonObject,
  scenarios: readonly Scenario[],
  haircuts: DerivePm2Parameters["haircuts"],
): DerivePm2Parameters {
  const margin = objectAt(parameters, "margin");
  const basis = objectAt(parameters, "basis");
  const other = objectAt(parameters, "other");
  const skew = objectAt(parameters, "skew");
  return {
    scenarios,
    volatilityShock: volatilityShockOf(objectAt(parameters, "volShock")),
    skew: {
      linearCap: numberAt(skew, "linearBaseCap"),
      linearSlope: numberAt(skew, "linearCBase"),
      absoluteCap: numberAt(skew, "absBaseCap"),
      absoluteSlope: numberAt(skew, "absCBase"),
      widthFloor: numberAt(skew, "minKStar"),
      widthScale: numberAt(skew, "widthScale"),
      volatility: numberAt(skew, "volParamStatic"),
      volatilitySlope: numberAt(skew, "volParamScale"),
    },
    longDiscount: {
      base: numberAt(margin, "longBaseStaticDiscount"),
      rateScale: numberAt(margin, "longRateMultScale"),
      rateAdd: numberAt(margin, "longRateAddScale"),
    },
    shortDiscount: {
      base: numberAt(margin, "shortBaseStaticDiscount"),
      rateScale: numberAt(margin, "shortRateMultScale"),
      rateAdd: numberAt(margin, "shortRateAddScale"),
    },
    forward: {
      up: numberAt(basis, "spotUp"),
      down: numberAt(basis, "spotDown"),
      add: numberAt(basis, "addFactor"),
      perYear: numberAt(basis, "multFactor"),
    },
    initialFactor: decimalAt(margin, "imFactor").toFixed(),
    maintenanceFactor: decimalAt(margin, "mmFactor").toFixed(),
    peg: {
      threshold: decimalAt(other, "pegLossThreshold").toFixed(),
      slope: decimalAt(other, "pegLossFactor").toFixed(),
    },
    confidence: { threshold: numberAt(other, "confThreshold"), scale: numberAt(other, "confMargin") },
    perpetual: {
      maintenance: decimalAt(other, "mmPerpPercent").toFixed(),
      initialExtra: decimalAt(other, "imPerpPercent").toFixed(),
    },
    option: {
      maintenance: decimalAt(other, "mmOptionPercent").toFixed(),
      initialExtra: decimalAt(other, "imOptionPercent").toFixed(),
    },
    haircuts,
  };
}

function pm1Parameters(parameters: JsonObject, scenarios: readonly Scenario[]): DerivePm1Parameters {
  const margin = objectAt(parameters, "margin");
  const basis = objectAt(parameters, "basis");
  const other = objectAt(parameters, "other");
  return {
    scenarios,
    volatilityShock: volatilityShockOf(objectAt(parameters, "volShock")),
    longDiscount: {
      base: numberAt(margin, "baseStaticDiscount"),
      rateScale: numberAt(margin, "rateMultScale"),
      rateAdd: numberAt(margin, "rateAddScale"),
    },
    forward: {
      up: numberAt(basis, "spotUp"),
      down: numberAt(basis, "spotDown"),
      add: numberAt(basis, "addFactor"),
      perYear: numberAt(basis, "multFactor"),
    },
    initialFactor: decimalAt(margin, "imFactor").toFixed(),
    peg: {
      threshold: decimalAt(other, "pegLossThreshold").toFixed(),
      slope: decimalAt(other, "pegLossFactor").toFixed(),
    },
    confidence: { threshold: numberAt(other, "confThreshold"), scale: numberAt(other, "confMargin") },
    base: decimalAt(other, "basePercent").toFixed(),
    perpetual: decimalAt(other, "perpPercent").toFixed(),
    option: decimalAt(other, "optionPercent").toFixed(),
  };
}

function srmParameters(parameters: JsonObject, bases: readonly string[]): DeriveSrmParameters {
  const option = objectAt(parameters, "option");
  const oracle = objectAt(parameters, "oracle");
  const base = objectAt(parameters, "base");
  const depeg = objectAt(parameters, "depeg");
  return {
    option: {
      otmMax: numberAt(option, "maxSpotReq"),
      otmMin: numberAt(option, "minSpotReq"),
      flatCall: numberAt(option, "mmCallSpotReq"),
      flatPut: numberAt(option, "mmPutSpotReq"),
      putOfMark: numberAt(option, "MMPutMtMReq"),
      putFloor: numberAt(option, "mmOffsetScale"),
      unpairedInitial: numberAt(option, "unpairedIMScale"),
      unpairedMaintenance: numberAt(option, "unpairedMMScale"),
    },
    perpetual: {
      initial: decimalAt(objectAt(parameters, "perp"), "im").toFixed(),
      maintenance: decimalAt(objectAt(parameters, "perp"), "mm").toFixed(),
    },
    base: Object.fromEntries(
      bases.map((name) => [
        name,
        { share: decimalAt(base, "marginFactor").toFixed(), initialScale: decimalAt(base, "IMScale").toFixed() },
      ]),
    ),
    confidence: { threshold: numberAt(oracle, "perpThreshold"), scale: numberAt(oracle, "OCFactor") },
    peg: { threshold: decimalAt(depeg, "threshold").toFixed(), slope: decimalAt(depeg, "depegFactor").toFixed() },
  };
}
