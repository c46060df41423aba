import {
  clippedCorrelation,
  eigenvalues,
  ewmaCorrelation,
  ewmaVariances,
  fitGarch,
  type GarchFit,
  garchVariances,
  kendallCorrelation,
  ledoitWolfCorrelation,
  ledoitWolfCovariance,
  linearLosses,
  matrixRows,
  nearestCorrelation,
  normalisedEwmaVariance,
  normalTailLoss,
  oasCovariance,
  pearsonCorrelation,
  portfolioDeviation,
  sampleCovariance,
  spearmanCorrelation,
  type SquareMatrix,
  squareMatrix,
  tailLoss,
  testCoverage,
} from "@ballast/risk-core";
import { dateOf, dayFrom } from "../../market-history/csv-table.f64.js";
import { type Closes, readDailyCloses } from "../../market-history/closes.f64.js";
import { listAt, numberAt, objectAt, textAt, UnreadableInput } from "../inputs.js";
import {
  checked,
  checkWithin,
  type Check,
  computed,
  type Evaluators,
  type JsonObject,
  type ParityContext,
} from "../parity-case.js";
import { isObject } from "../split-document.js";

const CLOSES_FILE = "daily-closes.csv";
const DAYS_A_YEAR = 365;

/** References of the estimators over real closes: volatility, correlation, fits, repairs, tails and their tests. */
export const ESTIMATORS: Evaluators = {
  "ewma-vol": ({ inputs }, context) => {
    const [moves] = movesOf([textAt(inputs, "asset")], inputs, context, logMove) as [Float64Array];
    const memory = numberAt(inputs, "lambda");
    const variances = ewmaVariances(moves, memory);
    const variance = variances.at(-1) as number;
    const spread = matrixRows(sampleCovariance([moves]))[0]?.[0] as number;
    return computed({
      variance,
      volAnnual365: Math.sqrt(variance * DAYS_A_YEAR),
      varianceNormalisedWeights: normalisedEwmaVariance(moves, memory),
      // The file divides by n − 1 here; everything else in it divides by n.
      sampleStd: Math.sqrt((spread * moves.length) / (moves.length - 1)),
      varianceAtHalf: variances[Math.floor(moves.length / 2) - 1] as number,
    });
  },

  correlation: ({ inputs }, context) => {
    const columns = movesOf(assetsOf(inputs), inputs, context, logMove);
    const [left, right] = columns as [Float64Array, Float64Array];
    return computed({
      ewmaCorr: offDiagonal(ewmaCorrelation(columns, numberAt(inputs, "lambda"))),
      pearson: offDiagonal(pearsonCorrelation(columns)),
      spearman: offDiagonal(spearmanCorrelation(columns)),
      kendall: kendallCorrelation(left, right),
    });
  },

  garch11: ({ inputs, raw }, context) => {
    const [plain] = movesOf([textAt(inputs, "asset")], inputs, context, logMove) as [Float64Array];
    const moves = plain.map((move) => move * 100);
    const filter = objectAt(raw, "filter");
    const [omega, alpha, beta] = listAt(filter, "params") as [number, number, number];
    const given = { omega, alpha, beta };
    const variances = garchVariances(moves, given, numberAt(filter, "h1"));
    const reference = objectAt(raw, "scipy");
    // The reference searched without a bound on persistence; compared like with like, so does this fit.
    const fit = fitGarch(moves, FREE_PERSISTENCE);
    const got = {
      sigmaLast: Math.sqrt(variances[moves.length - 1] as number),
      sigmaAt100: Math.sqrt(variances[99] as number),
      nextVariance: variances[moves.length] as number,
    };
    return checked(
      [
        ...Object.entries(got).map(([name, value]) =>
          checkRelative(`filter.${name}`, numberAt(filter, name), value, FILTER_RELATIVE),
        ),
        ...fitChecks(reference, fit),
      ],
      { filter: got, fit: { omega: fit.omega, alpha: fit.alpha, beta: fit.beta, logLikelihood: fit.logLikelihood } },
    );
  },

  "ledoit-wolf": ({ inputs }, context) => {
    const columns = movesOf(assetsOf(inputs), inputs, context, logMove);
    const covariance = ledoitWolfCovariance(columns);
    const correlation = ledoitWolfCorrelation(columns);
    const pearson = pearsonCorrelation(columns);
    const spectrum = eigenvalues(pearson);
    return computed({
      covShrinkage: covariance.shrinkage,
      cov: matrixRows(covariance.matrix),
      corrShrinkage: correlation.shrinkage,
      corr: matrixRows(correlation.matrix),
      oasShrinkage: oasCovariance(columns).shrinkage,
      pearson: matrixRows(pearson),
      pearsonMinEigen: spectrum[0] as number,
      pearsonMaxEigen: spectrum.at(-1) as number,
    });
  },

  "psd-repair": ({ inputs, expected }) => {
    const matrix = squareMatrix(listAt(inputs, "corr") as readonly (readonly number[])[]);
    const clipped = clippedCorrelation(matrix);
    const nearest = nearestCorrelation(matrix);
    const value = {
      minEigenBefore: nearest.eigenvalueMinBefore,
      nearest: matrixRows(nearest.matrix),
      nearestMinEigen: eigenvalues(nearest.matrix)[0] as number,
      frobeniusNearest: nearest.distance,
      frobeniusClipped: clipped.distance,
    };
    if (!isObject(expected)) return computed(value);
    return checked(
      [
        ...possible("clipped", clipped.matrix),
        atMost("clipped.distance", clipped.distance, numberAt(expected, "frobeniusClipped") * 1.001),
        ...possible("nearest", nearest.matrix),
        checkWithin("nearest.distance", numberAt(expected, "frobeniusNearest"), nearest.distance, 1e-6),
      ],
      value,
    );
  },

  "historical-var": ({ inputs, expected }, context) => {
    const columns = movesOf(assetsOf(inputs), inputs, context, simpleMove);
    const losses = linearLosses(listAt(inputs, "usdNotional") as readonly number[], columns);
    const levels = isObject(expected) ? Object.keys(expected).filter((level) => level !== "worst") : LEVELS;
    const worst = losses.indexOf(Math.max(...losses));
    const tails = levels.map((level) => {
      const tail = tailLoss(losses, JSON.parse(level) as number);
      const { valueAtRisk, valueAtRiskHigher, shortfallOfTail, expectedShortfall } = tail;
      return [
        level,
        {
          varLinear: valueAtRisk,
          varHigher: valueAtRiskHigher,
          esTailMean: shortfallOfTail,
          esAcerbiTasche: expectedShortfall,
        },
      ] as const;
    });
    const lastDay = dayAt(inputs, "end");
    return computed({
      ...Object.fromEntries(tails),
      worst: { loss: losses[worst] as number, date: dateOf(lastDay - (losses.length - 1 - worst)) },
    });
  },

  "parametric-var": ({ inputs }) => {
    const { sigma, contributions } = portfolioDeviation(
      listAt(inputs, "usd") as readonly number[],
      listAt(inputs, "dailyVol") as readonly number[],
      squareMatrix(listAt(inputs, "corr") as readonly (readonly number[])[]),
    );
    return computed({
      sigma,
      ...Object.fromEntries(
        [0.95, 0.99, 0.995].map((level) => [`var${level}`, normalTailLoss(sigma, level).valueAtRisk]),
      ),
      ...Object.fromEntries(
        [0.95, 0.975, 0.99].map((level) => [`es${level}`, normalTailLoss(sigma, level).expectedShortfall]),
      ),
      componentSigma: contributions,
    });
  },

  "var-backtest": ({ inputs }) => {
    const exceeded = Array.from({ length: numberAt(inputs, "n") }, () => false);
    for (const day of listAt(inputs, "exceptions") as readonly number[]) exceeded[day] = true;
    const test = testCoverage(exceeded, numberAt(inputs, "p"));
    return computed({
      count: test.exceptions,
      kupiecLR: test.kupiec.ratio,
      kupiecP: test.kupiec.probability,
      indLR: test.independence.ratio,
      indP: test.independence.probability,
      ccLR: test.conditionalCoverage.ratio,
      ccP: test.conditionalCoverage.probability,
      binomCdf: test.cumulativeProbability,
      zone: test.zone.toLowerCase(),
    });
  },
};

/** The levels of the file, for a case that keeps its answers to itself. */
const LEVELS = ["0.95", "0.975", "0.99", "0.995"];
/** Bound of alpha + beta for a fit that is compared with an unbounded one. */
const FREE_PERSISTENCE = 2;
const FILTER_RELATIVE = 1e-9;
const LIKELIHOOD_SHORT_MAX = 0.05;
const PARAMETERS_RELATIVE = 0.25;

/** As likely as the reference, and then near its parameters; a fit that is likelier has found what it missed. */
function fitChecks(reference: JsonObject, fit: GarchFit): readonly Check[] {
  const likelihood = numberAt(reference, "logLik");
  const isLikelier = fit.logLikelihood > likelihood + LIKELIHOOD_SHORT_MAX;
  return [
    {
      path: "fit.logLikelihood",
      passed: fit.logLikelihood >= likelihood - LIKELIHOOD_SHORT_MAX,
      expected: `at least ${likelihood - LIKELIHOOD_SHORT_MAX}`,
      got: String(fit.logLikelihood),
    },
    ...(["omega", "alpha", "beta"] as const).map((name) => {
      const check = checkRelative(`fit.${name}`, numberAt(reference, name), fit[name], PARAMETERS_RELATIVE);
      return isLikelier ? { ...check, passed: true } : check;
    }),
  ];
}

/** A matrix is a correlation: symmetric, ones on the diagonal, no eigenvalue below zero but for rounding. */
function possible(name: string, matrix: SquareMatrix): readonly Check[] {
  const rows = matrixRows(matrix);
  const asymmetry = Math.max(
    ...rows.flatMap((row, at) => row.map((value, other) => Math.abs(value - (rows[other]?.[at] as number)))),
  );
  return [
    ...rows.map((row, at) => checkWithin(`${name}[${at}][${at}]`, 1, row[at] as number, 1e-12)),
    atMost(`${name}.asymmetry`, asymmetry, 1e-12),
    atMost(`−${name}.eigenvalueMin`, -(eigenvalues(matrix)[0] as number), 1e-10),
  ];
}

const checkRelative = (path: string, expected: number, got: number, relative: number): Check =>
  checkWithin(path, expected, got, relative * Math.abs(expected));

const atMost = (path: string, got: number, most: number): Check => ({
  path,
  passed: got <= most,
  expected: `at most ${most}`,
  got: String(got),
});

const logMove = (close: number, previous: number): number => Math.log(close / previous);
const simpleMove = (close: number, previous: number): number => close / previous - 1;
const offDiagonal = (matrix: SquareMatrix): number => matrix.values[1] as number;
const assetsOf = (inputs: JsonObject): readonly string[] => listAt(inputs, "assets") as readonly string[];

function dayAt(inputs: JsonObject, key: string): number {
  const text = textAt(inputs, key);
  const day = dayFrom(text);
  if (day === undefined) throw new UnreadableInput(key, "a day as 2024-02-29", text);
  return day;
}

/** The last n moves of each asset that end on the day `end`, as logs or simple returns. */
function movesOf(
  assets: readonly string[],
  inputs: JsonObject,
  { data }: ParityContext,
  move: (close: number, previous: number) => number,
): readonly Float64Array[] {
  const text = data(CLOSES_FILE);
  if (text === undefined) throw new UnreadableInput(CLOSES_FILE, "a market data file (option --data)", undefined);
  const closes = closesFrom(text);
  const count = numberAt(inputs, "n");
  const end = closes.times.indexOf(dayAt(inputs, "end"));
  return assets.map((asset) => {
    const series = closes.of.get(asset)?.slice(Math.max(0, end - count), end + 1) ?? [];
    if (series.length !== count + 1 || series.includes(undefined)) {
      throw new UnreadableInput("n", `${count + 1} closes of ${asset} to ${textAt(inputs, "end")}`, series.length);
    }
    return Float64Array.from(series.slice(1), (close, at) => move(close as number, series[at] as number));
  });
}

const read = new Map<string, Closes>();

/** The closes of a file, read once. */
function closesFrom(text: string): Closes {
  const closes = read.get(text) ?? readDailyCloses(text);
  read.set(text, closes);
  return closes;
}
