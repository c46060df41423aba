import {
  BALLAST_HYBRID,
  BALLAST_HYBRID_2,
  type Candle,
  COLLATERAL_CLASSES,
  type CollateralHaircut,
  type CorrelationRegimes,
  type ExpiryBucket,
  hybridModel,
  jointHistory,
  type MarginSeries,
  NoEstimate,
  type OpenInterestCap,
  type OpenInterestRules,
  PEG_PARTS,
  type Proposal,
  proposeCorrelationRegimes,
  proposeHaircut,
  proposeOpenInterestCap,
  proposeScanRange,
  proposeVolatilityShock,
  type RateRecipe,
  rateJudge,
  readHistory,
  type ScanRange,
  scoreHorizon,
  type VolatilityChange,
  type VolatilityShock,
  YOUNG_RULE,
} from "@ballast/risk-core";
import type { Closes } from "../market-history/closes.f64.js";
import { DAY_S } from "../market-history/daily-candles.f64.js";
import { type LossHistory, lossesOfCandles } from "../market-history/loss-history.f64.js";
import { dayMovesOf } from "../market-history/replay-rates.f64.js";

/** Where the proposals come from; what is null was not given, and nothing is proposed of it. */
export interface ProposalSources {
  readonly candles: ReadonlyMap<string, readonly Candle[]>;
  readonly hourly: Closes | null;
  /** Losses of tokens that stand for something. */
  readonly tokens: ReadonlyMap<string, LossHistory>;
  /** Changes of implied volatility, given the rates of the days. */
  readonly volatility: ((logRateOn: LogRateOn) => ReadonlyMap<string, readonly VolatilityChange[]>) | null;
  readonly openInterest: { readonly volumes: Volumes; readonly rules: OpenInterestRules } | null;
}

type LogRateOn = (asset: string, day: number) => number | undefined;
type Volumes = ReadonlyMap<string, ReadonlyMap<number, number>>;

export interface ProposalRequest {
  readonly recipe: RateRecipe;
  /** The day that is covered, days since 1970: nothing from it on is looked at. */
  readonly day: number;
  /** First judged day. */
  readonly from: number;
  readonly assets: readonly string[] | undefined;
}

/** How often a range over another horizon held, every hour of the judged days as a start. */
export interface HourlyCoverage {
  readonly starts: number;
  readonly exceptions: number;
}

export interface Proposals {
  readonly assets: readonly string[];
  readonly scanRanges: readonly (Proposal<"SCAN_RANGE", ScanRange> & { readonly hourly: HourlyCoverage | null })[];
  readonly volatilityShocks: readonly Proposal<"VOLATILITY_SHOCK", VolatilityShock>[];
  readonly haircuts: readonly Proposal<"HAIRCUT", CollateralHaircut>[];
  readonly correlation: Proposal<"CORRELATION_REGIMES", CorrelationRegimes> | null;
  readonly openInterestCaps: readonly Proposal<"OPEN_INTEREST_CAP", OpenInterestCap>[];
  /** What could not be proposed, and why. */
  readonly leftOut: readonly { readonly kind: string; readonly subject: string; readonly because: string }[];
}

/** Recipes by name, with what young assets borrow. */
export const RECIPES: Readonly<Record<string, RateRecipe>> = {
  "ballast-hybrid": { ...BALLAST_HYBRID, young: YOUNG_RULE },
  "ballast-hybrid-2": { ...BALLAST_HYBRID_2, young: YOUNG_RULE },
};

/** The share of days on which a rate, a haircut or a regime may be exceeded. */
export const PROMISED = 0.005;
/** Maintenance margin looks eight hours ahead, initial margin a day. */
const HORIZONS = [24, 8] as const;
const BUCKETS: readonly ExpiryBucket[] = [
  { fromDays: 1, toDays: 7 },
  { fromDays: 7, toDays: 30 },
  { fromDays: 30, toDays: 90 },
  { fromDays: 90, toDays: 400 },
];

/**
 * Plays the history through the recipe and proposes the parameters of one day.
 *
 * @param progress told after each day
 * @method ESTIMATE-21 ESTIMATE-22 ESTIMATE-23
 */
export function runProposals(
  sources: ProposalSources,
  { recipe, day, from, assets: wanted }: ProposalRequest,
  progress: (day: number, at: number, of: number) => void,
): Proposals {
  const histories = new Map(
    [...sources.candles].map(([asset, series]) => [asset, readHistory(series, DAY_S).candles.filter(isBefore(day))]),
  );
  const played = playRates(histories, recipe, from, progress);
  const rates = played.stream.ratesFor(day);
  const leftOut: { kind: string; subject: string; because: string }[] = [];
  const trying = <Made>(kind: string, subject: string, make: () => Made): Made[] => {
    try {
      return [make()];
    } catch (fault) {
      if (!(fault instanceof NoEstimate)) throw fault;
      leftOut.push({ kind, subject, because: fault.message });
      return [];
    }
  };
  const assets = [...rates.rates.keys()].filter((asset) => {
    if (wanted !== undefined && !wanted.includes(asset)) return false;
    if (rates.rates.get(asset)?.lastDay === day - 1) return true;
    leftOut.push({ kind: "ASSET", subject: asset, because: "it has no candle on the day before" });
    return false;
  });
  const rateOf = (asset: string) => rates.rates.get(asset) as NonNullable<ReturnType<typeof rates.rates.get>>;
  const none: MarginSeries = { days: [], happened: [], covered: [], margins: [] };

  const scanRanges = assets.flatMap((asset) =>
    HORIZONS.flatMap((hours) =>
      trying("SCAN_RANGE", asset, () => ({
        ...proposeScanRange(rateOf(asset), played.judged.get(asset) ?? none, hours, PROMISED),
        hourly: hourlyCoverage(sources.hourly, asset, played.logRates.get(asset), hours, from),
      })),
    ),
  );
  const coinHaircuts = assets.flatMap((asset) =>
    trying("HAIRCUT", asset, () => {
      const history = collateralHistory(lossesOfCandles(histories.get(asset) ?? []), played.logRates.get(asset), from);
      return proposeHaircut({ asset, ...history }, PEG_PARTS.NONE, rateOf(asset).limitedLogRate, PROMISED);
    }),
  );
  const tokenHaircuts = [...sources.tokens].flatMap(([token, losses]) =>
    trying("HAIRCUT", token, () => {
      const { stands, peg } = COLLATERAL_CLASSES[token] as (typeof COLLATERAL_CLASSES)[string];
      const before = { days: losses.days.filter((of) => of < day), lossesToLow: losses.lossesToLow };
      const history = collateralHistory(before, stands === null ? null : played.logRates.get(stands), from);
      const next = stands === null ? 0 : rateOf(stands).limitedLogRate;
      return proposeHaircut({ asset: token, ...history }, PEG_PARTS[peg], next, PROMISED);
    }),
  );
  const changes = sources.volatility?.((asset, of) => played.logRates.get(asset)?.get(of));
  const volatilityShocks = [...(changes ?? [])].flatMap(([underlying, own]) =>
    BUCKETS.flatMap((bucket) =>
      trying("VOLATILITY_SHOCK", `${underlying} ${bucket.fromDays}-${bucket.toDays} days`, () =>
        proposeVolatilityShock(
          underlying,
          own.filter((change) => change.day < day),
          bucket,
          PROMISED,
        ),
      ),
    ),
  );
  const [correlation = null] =
    assets.length < 2
      ? []
      : trying("CORRELATION_REGIMES", assets.join(" "), () =>
          proposeCorrelationRegimes(
            jointHistory(assets, played.stream.standardised),
            rates.pooledQuantile as number,
            PROMISED,
          ),
        );
  const openInterestCaps =
    sources.openInterest === null
      ? []
      : assets.flatMap((asset) => {
          const { volumes, rules } = sources.openInterest as NonNullable<ProposalSources["openInterest"]>;
          return trying("OPEN_INTEREST_CAP", asset, () => {
            const traded = volumes.get(asset) ?? new Map<number, number>();
            const moves = (played.moves.get(asset) ?? []).filter((move) => traded.has(move.day));
            return proposeOpenInterestCap(
              {
                asset,
                days: moves.map((move) => move.day),
                logMoves: moves.map(({ logMove }) => logMove),
                logRates: moves.map(({ logRate }) => logRate),
                volumes: moves.map((move) => traded.get(move.day) as number),
              },
              rules,
              PROMISED,
            );
          });
        });
  return {
    assets,
    scanRanges,
    volatilityShocks,
    haircuts: [...coinHaircuts, ...tokenHaircuts],
    correlation,
    openInterestCaps,
    leftOut,
  };
}

const isBefore =
  (day: number) =>
  ({ openedAtS }: Candle): boolean =>
    openedAtS < day * DAY_S;

/** Rates day by day as they would have been published, and what the days brought. */
function playRates(
  histories: ReadonlyMap<string, readonly Candle[]>,
  recipe: RateRecipe,
  from: number,
  progress: (day: number, at: number, of: number) => void,
) {
  const { moves } = dayMovesOf(histories);
  const model = hybridModel(recipe);
  const judge = rateJudge(model, from);
  const logRates = new Map<string, Map<number, number>>();
  const byAsset = new Map<string, { day: number; logMove: number; logRate: number }[]>();
  let at = 0;
  for (const [day, brought] of moves) {
    judge.judge(day, brought);
    for (const [asset, logRate] of model.ratesFor(day)) {
      logRates.set(asset, (logRates.get(asset) ?? new Map<number, number>()).set(day, logRate));
      const logMove = brought.get(asset)?.logMove;
      if (logMove === undefined) continue;
      const own = byAsset.get(asset) ?? [];
      byAsset.set(asset, own);
      own.push({ day, logMove, logRate });
    }
    model.observe(day, brought);
    at += 1;
    progress(day, at, moves.size);
  }
  return { stream: model.stream, judged: judge.series(), logRates, moves: byAsset };
}

/** Judged losses with the rate of the underlying on each day; `logRates` null for money, which has none. */
function collateralHistory(
  { days, lossesToLow }: LossHistory,
  logRates: ReadonlyMap<number, number> | null | undefined,
  from: number,
) {
  const kept = days.flatMap((day, at) => {
    const logRate = logRates === null ? 0 : logRates?.get(day);
    return day < from || logRate === undefined ? [] : [{ day, loss: lossesToLow[at] as number, logRate }];
  });
  return {
    days: kept.map(({ day }) => day),
    lossesToLow: kept.map(({ loss }) => loss),
    underlyingLogRates: kept.map(({ logRate }) => logRate),
  };
}

function hourlyCoverage(
  hourly: Closes | null,
  asset: string,
  logRates: ReadonlyMap<number, number> | undefined,
  hours: number,
  from: number,
): HourlyCoverage | null {
  const closes = hourly?.of.get(asset);
  if (hourly === null || closes === undefined || logRates === undefined) return null;
  const judged = new Map([...logRates].filter(([day]) => day >= from));
  const { starts, exceptionsOnFall, exceptionsOnRise } = scoreHorizon({ hours: hourly.times, closes }, judged, hours);
  return { starts, exceptions: exceptionsOnFall + exceptionsOnRise };
}
