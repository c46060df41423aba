import { type AssetId, assetId, type InstrumentId, instrumentId, toUtcMillis } from "@ballast/model";
import { amount, Decimal, price, quantity, rate, ratio } from "@ballast/money";
import {
  assessPortfolio,
  deribitPortfolio,
  type DeribitPortfolioParameters,
  type Holding,
  levelNamed,
  type MarginContract,
  OKX_REDUCTION_TIERS,
  okxPortfolio,
  PLAIN_SCAN,
  type Portfolio,
  type PortfolioMargin,
  type Scenario,
  type UnderlyingQuote,
} from "@ballast/risk-core";
import { decimalAt, decimalFrom, listAt, numberAt, objectAt, objectsAt, textAt } from "../inputs.js";
import {
  checked,
  checkWithin,
  computed,
  type Evaluators,
  type Json,
  type JsonObject,
  type ParityCase,
} from "../parity-case.js";
import { isObject } from "../split-document.js";

/*
 * Venues' portfolio margins run through the engine: recorded responses of Deribit and OKX, and scans of real option chains.
 */

const QUOTE = assetId("USD");
const ONE = ratio("1");

export const PORTFOLIO_MARGIN: Evaluators = {
  "deribit.portfolio-margin.risk-matrix": ({ inputs }) => computed(deribitAnswer(inputs)),
  "okx.portfolio-margin": ({ inputs }) => computed(okxAnswer(inputs)),
  "scenario-scan": (parityCase) => chainScan(parityCase),
};

/** A portfolio of contracts alone. */
function portfolioOf(
  numeraire: AssetId,
  at: number,
  quotes: ReadonlyMap<AssetId, UnderlyingQuote>,
  positions: readonly { readonly contract: MarginContract; readonly size: Decimal; readonly unrealised?: Decimal }[],
  rest: Partial<Portfolio> = {},
): Portfolio {
  return {
    quote: QUOTE,
    quotePrice: price("1"),
    numeraire,
    at: toUtcMillis(at),
    underlyings: quotes,
    expiries: [],
    contracts: new Map(positions.map(({ contract }) => [contract.id, contract])),
    holdings: new Map(
      positions.map(({ contract, size, unrealised }): [InstrumentId, Holding] => [
        contract.id,
        { instrument: contract.id, quantity: quantity(size), unrealisedProfit: amount(unrealised ?? new Decimal(0)) },
      ]),
    ),
    balances: new Map(),
    orders: [],
    ...rest,
  };
}

const quoteAt = (spot: Decimal): UnderlyingQuote => ({ spot: price(spot), confidence: ONE, depth: null });

function deribitAnswer(inputs: JsonObject) {
  const coin = assetId(textAt(inputs, "settlementCurrency"));
  const parameters = deribitParameters(inputs, coin);
  const at = numberAt(inputs, "timestampMs");
  const positions = objectsAt(inputs, "positions").map((position) => {
    const mark = decimalAt(position, "markPrice");
    const expiry = typeof position["expiryUtc"] === "string" ? Date.parse(position["expiryUtc"].slice(0, 20)) : null;
    const contract: MarginContract = {
      id: instrumentId(textAt(position, "instrument")),
      kind: expiry === null ? "perpetual" : "future",
      payoff: "inverse",
      underlying: coin,
      confidence: ONE,
      markPrice: price(mark),
      expiresAt: expiry === null ? null : toUtcMillis(expiry),
      negativePrices: false,
    };
    return { contract, size: decimalAt(position, "sizeBase").mul(mark) };
  });
  const quotes = new Map([[coin, quoteAt(decimalAt(inputs, "indexPrice"))]]);
  const whole = portfolioOf(coin, at, quotes, positions);
  const model = deribitPortfolio(parameters);
  const margin = assessPortfolio(whole, model);
  const { scenarios } = model.scan;
  const gain = parameters.gains?.[coin];
  const counted = (profit: number) =>
    profit > 0 && gain !== undefined
      ? Math.min(profit * gain.share, gain.cap * margin.book.market.quoteInNumeraire)
      : profit;
  const cells = [...margin.book.cells];
  const inMatrix = (values: readonly number[]) => values.filter((_, s) => scenarios[s]?.family === "matrix");
  const extended = cells.filter((_, s) => scenarios[s]?.family === "extended");
  // One price after the other, three volatilities each: futures are the same in all three.
  const byMove = (values: readonly number[]) => inMatrix(values).filter((_, s) => s % 3 === 1);
  const alone = (kind: string) =>
    byMove([
      ...assessPortfolio(
        portfolioOf(
          coin,
          at,
          quotes,
          positions.filter(({ contract }) => contract.kind === kind),
        ),
        model,
      ).book.cells,
    ]);
  const aggregated = cells.map(counted);
  const worst = aggregated.reduce((least, profit, s) => (profit < (aggregated[least] ?? 0) ? s : least), 0);
  return {
    priceMoves: scenarios.flatMap(({ family, price: move }, s) =>
      family === "matrix" && s % 3 === 1 && "factor" in move ? [move.factor - 1] : [],
    ),
    pnlPerpetual: alone("perpetual"),
    pnlFuture: alone("future"),
    preAggregatedPnl: byMove(cells),
    aggregatedPnl: byMove(aggregated),
    extendedPnl: extended,
    aggregatedExtended: extended.map(counted),
    worstCase: figure(margin, "worst").toFixed(),
    worstCaseBucket: bucketOf(worst, scenarios),
    rollShock: figure(margin, "roll").toFixed(),
    deltaShock: figure(margin, "delta").toFixed(),
    correlationContingency: "0",
    riskMatrixMargin: figure(margin, "riskMatrix").toFixed(),
    initialMargin: levelNamed(margin, "initial").requirement.toFixed(),
    maintenanceMargin: levelNamed(margin, "maintenance").requirement.toFixed(),
  };
}

function bucketOf(worst: number, scenarios: readonly Scenario[]) {
  const matrix = scenarios.filter(({ family }) => family === "matrix").length;
  if (worst >= matrix) return { bucket: worst - matrix, side: "up", source: "extended", index: worst - matrix };
  return {
    bucket: Math.floor(worst / 3),
    side: ["up", "unchanged", "down"][worst % 3] ?? null,
    source: "standard",
    index: worst,
  };
}

function deribitParameters(inputs: JsonObject, coin: AssetId): DeribitPortfolioParameters {
  const parameters = objectAt(inputs, "params");
  const key = coin.toLowerCase();
  const ofCoin = (name: string): number => {
    const value = parameters[name];
    return isObject(value) ? numberAt(value, key) : numberAt(parameters, name);
  };
  const outside = objectAt(inputs, "otherMargin");
  const capName = parameters["maxOffsetablePnlUsd"] === undefined ? "maxOffsetablePnl" : "maxOffsetablePnlUsd";
  return {
    priceRange: numberAt(parameters, "priceRange"),
    bucketsPerSide: numberAt(parameters, "bucketsPerSide"),
    volatilityUp: numberAt(parameters, "volatilityRangeUp"),
    volatilityDown: numberAt(parameters, "volatilityRangeDown"),
    shortTermPower: numberAt(parameters, "shortTermVegaPower"),
    longTermPower: numberAt(parameters, "longTermVegaPower"),
    upVolatilityFloor: numberAt(parameters, "minVolatilityForShockUp"),
    extendedFactor: numberAt(parameters, "extendedTableFactor"),
    extendedMoves:
      parameters["extendedMoves"] === undefined
        ? [-0.66, -0.33, 0.5, 1, 2, 3, 4, 5]
        : listAt(parameters, "extendedMoves").map((move, at) => numberOf(move, `extendedMoves[${at}]`)),
    extendedDampener: ofCoin("extendedDampenerUsd"),
    rollFloor: ofCoin("minAnnualisedMove"),
    rollPerYear: ofCoin("annualisedMoveRisk"),
    deltaThreshold: numberAt(parameters, "deltaTotalLiqShockThresholdUsd"),
    deltaPerUnit: numberAt(parameters, "mInc"),
    deltaShareMax: numberAt(parameters, "maxDeltaShock"),
    gains: { [coin]: { share: ofCoin("pnlOffset"), cap: ofCoin(capName) } },
    maintenanceFactor: decimalAt(parameters, "mmFactor").toFixed(),
    outside: {
      spot: decimalAt(outside, "spotMargin").toFixed(),
      protection: decimalAt(outside, "mmpMargin").toFixed(),
      orders: decimalAt(outside, "openOrdersMargin").toFixed(),
    },
  };
}

function okxAnswer(inputs: JsonObject) {
  const parameters = objectAt(inputs, "params");
  const stable = decimalAt(inputs, "usdtUsd");
  const names = objectsAt(inputs, "positions").map((position) => textAt(position, "instId").split("-")[0] ?? "");
  const positions = objectsAt(inputs, "positions").map((position, at) => {
    const underlying = assetId(names[at] ?? "");
    const base = decimalAt(position, "shockBasePriceUsd");
    const size = decimalAt(position, "contracts").mul(decimalAt(position, "contractSizeBase"));
    const unrealised = size.mul(decimalAt(position, "markPx").sub(decimalAt(position, "avgPx"))).mul(stable);
    const contract: MarginContract = {
      id: instrumentId(textAt(position, "instId")),
      kind: "perpetual",
      payoff: "linear",
      underlying,
      confidence: ONE,
      markPrice: price(base),
      expiresAt: null,
      negativePrices: false,
    };
    return { contract, size, unrealised, base };
  });
  const assets = objectsAt(inputs, "simulatedAssets");
  const cash = assets.reduce((sum, asset) => sum.add(decimalAt(asset, "amount")), new Decimal(0));
  // Profit and loss are settled in the stablecoin: what is lost beyond the balance is borrowed.
  const unrealised = positions.reduce((sum, position) => sum.add(position.unrealised), new Decimal(0));
  const balance = cash.mul(stable).add(unrealised);
  const unitsOf = (key: string, name: string): Json => objectAt(parameters, key)[name] ?? null;
  const model = okxPortfolio({
    units: Object.fromEntries(
      names.map((name) => {
        const moves = unitsOf("mr1Moves", name);
        return [
          name,
          {
            moves: Array.isArray(moves) ? moves.map((move, at) => numberOf(move, `mr1Moves.${name}[${at}]`)) : [],
            extremeMove: numberOf(unitsOf("mr6Move", name), "mr6Move"),
            basis: numberOf(unitsOf("mr4RateOfAbsDelta", name), "mr4RateOfAbsDelta"),
            reduction: numberOf(unitsOf("mr7RateOfAbsDelta", name), "mr7RateOfAbsDelta"),
          },
        ];
      }),
    ),
    reductionTiers: OKX_REDUCTION_TIERS,
    extremeShare: decimalAt(parameters, "mr6Scale").toFixed(),
    initialOverMaintenance: decimalAt(parameters, "imrOverMmr").toFixed(),
    borrow: {
      maintenance: decimalAt(parameters, "borrowMmrRate").toFixed(),
      initial: decimalAt(parameters, "borrowImrRate").toFixed(),
    },
  });
  const portfolio = portfolioOf(
    QUOTE,
    0,
    new Map(positions.map(({ contract, base }) => [contract.underlying, quoteAt(base)])),
    positions.map(({ contract, size }) => ({ contract, size })),
    {
      balances: new Map([
        [assetId("USDT"), { amount: amount(balance), price: price("1"), confidence: ONE, movesWith: null }],
      ]),
    },
  );
  const margin = assessPortfolio(portfolio, model);
  const text = (name: string) => figure(margin, name).toFixed();
  const [mmr, imr] = ["maintenance", "initial"].map((level) => levelNamed(margin, level).requirement.toFixed());
  const notional = positions.reduce((sum, { size, base }) => sum.add(size.abs().mul(base)), new Decimal(0));
  return {
    equityUsd: balance.toFixed(),
    uplUsd: unrealised.toFixed(),
    riskUnits: positions.map(({ contract, size, base, unrealised: own }) => {
      const { underlying } = contract;
      const stress = unitCells(margin, underlying, "stress");
      const extreme = unitCells(margin, underlying, "extreme");
      return {
        unit: underlying,
        uplUsd: own.toFixed(),
        deltaUsd: size.mul(base).toFixed(),
        mr1: text(`mr1@${underlying}`),
        mr1Worst: worstOf(stress),
        mr1PnlByMove: Object.fromEntries(stress.map(([move, profit]) => [move, profit])),
        mr2: "0",
        mr3: "0",
        mr4: text(`mr4@${underlying}`),
        mr5: "0",
        mr6: text(`mr6@${underlying}`),
        mr6Worst: worstOf(extreme),
        mr7: text(`mr7@${underlying}`),
        mr9: "0",
        mmr: text(`mmr@${underlying}`),
        imr: text(`imr@${underlying}`),
      };
    }),
    derivMmr: text("mmr"),
    borrowMmr: text("borrowMmr"),
    borrowImr: text("borrowImr"),
    totalMmr: mmr ?? null,
    totalImr: imr ?? null,
    accountLeverage: balance.isZero() ? null : notional.div(balance).toFixed(),
  };
}

/** A unit's cells of one family, by its own price move. */
function unitCells(
  { book }: PortfolioMargin,
  underlying: AssetId,
  family: string,
): readonly (readonly [string, number])[] {
  const { scenarios } = book.market.rule;
  const unit = book.market.units.indexOf(underlying);
  return scenarios.flatMap((scenario, s) => {
    if (scenario.family !== family || !("factors" in scenario.price)) return [];
    const move = Math.round(((scenario.price.factors[underlying] ?? 1) - 1) * 1e9) / 1e9;
    return [[String(move), book.cells[unit * scenarios.length + s] ?? 0] as const];
  });
}

function worstOf(cells: readonly (readonly [string, number])[]) {
  const [move, profit] = [...cells].sort(([, left], [, right]) => left - right)[0] ?? [null, null];
  return { spotShock: move, pnl: profit };
}

/**
 * A scan of a real option chain. Every leg has a forward of its own there, so each is a unit of its own here, all moved by
 * the same factor; spots are one, so that a coin of one unit is a coin of another.
 */
function chainScan({ inputs, expected, section }: ParityCase) {
  const grid = objectAt(section, "grid");
  const moves = listAt(grid, "priceMoves").map((move) => numberOf(move, "priceMoves"));
  const volatilities = listAt(grid, "volMoves").map((move) => numberOf(move, "volMoves"));
  const scenarios = volatilities.flatMap((by) =>
    moves.map(
      (move): Scenario => ({
        id: `${by} ${move}`,
        family: "grid",
        price: { factor: 1 + move },
        volatility: { relative: by, floor: 0.01 },
        damping: 1,
        deadband: 0,
      }),
    ),
  );
  const legs = objectsAt(inputs, "legs");
  const scan = (payoff: "linear" | "inverse", withFuture: boolean): readonly number[] => {
    const portfolio = chainPortfolio(legs, payoff, withFuture ? objectAt(inputs, "inverseFuture") : null);
    const margin = assessPortfolio(portfolio, { ...SCAN_ONLY, scan: { ...PLAIN_SCAN, scenarios } });
    const { cells, market } = margin.book;
    return scenarios.map((_, s) =>
      market.units.reduce((sum, _unit, unit) => sum + (cells[unit * scenarios.length + s] ?? 0), 0),
    );
  };
  const rows = (flat: readonly number[]) =>
    volatilities.map((_, row) => flat.slice(row * moves.length, (row + 1) * moves.length));
  const value = { pnlUsdOptionsOnly: rows(scan("linear", false)), pnlCoin: rows(scan("inverse", true)) };
  const size = legs.reduce((sum, leg) => sum + Math.abs(numberAt(leg, "qty")), 0);
  const forward = Math.max(...legs.map((leg) => numberAt(leg, "F")));
  const bounds = { pnlUsdOptionsOnly: 1e-9 * size * forward, pnlCoin: 1e-10 * size };
  const checks = Object.entries(value).flatMap(([name, table]) =>
    table.flatMap((row, i) =>
      row.map((got, j) => {
        const wanted = isObject(expected) ? expected[name] : undefined;
        const cell = Array.isArray(wanted) && Array.isArray(wanted[i]) ? (wanted[i] as readonly Json[])[j] : undefined;
        return checkWithin(`${name}[${i}][${j}]`, numberOf(cell, name), got, bounds[name as keyof typeof bounds]);
      }),
    ),
  );
  return checked(checks, value);
}

const SCAN_ONLY = {
  id: "scan",
  version: 1,
  title: "A scan by itself",
  sources: [],
  notes: [],
  figures: [],
  levels: [{ name: "nothing", requirement: { value: "0" }, scale: 0, side: "up" }],
  orders: "ignored",
} as const;

const YEAR_MS = 31_536_000_000;

function chainPortfolio(
  legs: readonly JsonObject[],
  payoff: "linear" | "inverse",
  future: JsonObject | null,
): Portfolio {
  const at = Date.UTC(2026, 0, 1);
  const unit = (leg: number): AssetId => assetId(`LEG${leg}`);
  const quotes = new Map(legs.map((_, leg) => [unit(leg), quoteAt(new Decimal(1))]));
  const expiresAt = (leg: JsonObject) => toUtcMillis(Math.round(at + numberAt(leg, "T") * YEAR_MS));
  const options = legs.map((leg, index) => ({
    contract: {
      id: instrumentId(`OPTION${index}`),
      kind: "option",
      payoff,
      underlying: unit(index),
      confidence: ONE,
      right: textAt(leg, "type") === "call" ? "call" : "put",
      style: { name: "european" },
      strike: price(decimalAt(leg, "K")),
      expiresAt: expiresAt(leg),
      volatility: ratio(decimalAt(leg, "iv")),
    } as const,
    size: decimalAt(leg, "qty"),
  }));
  const held = future === null ? [] : [futurePosition(future, unit(0))];
  return portfolioOf(payoff === "linear" ? QUOTE : unit(0), at, quotes, [...options, ...held], {
    expiries: legs.map((leg, index) => ({
      underlying: unit(index),
      expiresAt: expiresAt(leg),
      forward: price(decimalAt(leg, "F")),
      fixedForward: price("0"),
      rate: rate("0"),
      confidence: ONE,
    })),
  });
}

function futurePosition(future: JsonObject, underlying: AssetId) {
  const contract: MarginContract = {
    id: instrumentId("FUTURE"),
    kind: "perpetual",
    payoff: "inverse",
    underlying,
    confidence: ONE,
    markPrice: price(decimalAt(future, "F")),
    expiresAt: null,
    negativePrices: false,
  };
  return { contract, size: decimalAt(future, "usdNotional") };
}

const figure = ({ figures }: PortfolioMargin, name: string): Decimal => figures.get(name)?.value ?? new Decimal(0);

function numberOf(value: Json | undefined, name: string): number {
  return JSON.parse(decimalFrom(value, name).toFixed()) as number;
}
