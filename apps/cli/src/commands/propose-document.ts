import {
  largestMultiplier,
  longRate,
  type MarginEvent,
  matrixRows,
  type OpenInterestRules,
  type Proposal,
  shortRate,
  type SquareMatrix,
} from "@ballast/risk-core";
import { toUtcMillis } from "@ballast/model";
import { printDecimal, toFloat64 } from "@ballast/money";
import { dateOf } from "../market-history/csv-table.f64.js";
import { type ScoreFigures, scoreFigures } from "./backtest-figures.js";
import { type HourlyCoverage, type Proposals, PROMISED } from "./propose-run.js";

/** A proposed value with the evidence for it. */
export interface ProposedFigures<Value> {
  readonly subject: string;
  readonly value: Value;
  readonly evidence: ScoreFigures;
  readonly warnings: readonly string[];
}

/** What `--json` prints. Its status never says anything else: two people publish parameters, and no program. */
export interface ProposalDocument {
  readonly status: "PROPOSED";
  /** The day that is covered. */
  readonly day: string;
  readonly recipe: string;
  readonly judgedFrom: string;
  /** Share of days on which a value may be exceeded. */
  readonly promised: number;
  readonly files: Readonly<Record<string, string>>;
  readonly scanRanges: readonly (ProposedFigures<{
    readonly horizonHours: number;
    readonly down: number;
    readonly up: number;
    readonly exceptionsIfFixed: number;
  }> & {
    readonly hourly: HourlyCoverage | null;
    /** The range on the covered day with what is announced for it; null where nothing is. */
    readonly withEvents: {
      readonly event: string;
      readonly multiplier: string;
      readonly down: number;
      readonly up: number;
    } | null;
  })[];
  /** Of `liquidation.policy.dailyVolatility`, which is their mean by open interest; empty without hourly closes. */
  readonly skies: readonly { readonly asset: string; readonly dailyVolatility: number }[];
  readonly volatilityShocks: readonly ProposedFigures<Proposals["volatilityShocks"][number]["value"]>[];
  readonly haircuts: readonly ProposedFigures<Proposals["haircuts"][number]["value"]>[];
  readonly correlation:
    | (ProposedFigures<{
        readonly calm: Rows;
        readonly tight: Rows;
        readonly broken: Rows;
        readonly brokenRepair: number;
        /** Share of days in the lowest and highest twentieth of one on which the other is in its own. */
        readonly tails: readonly {
          readonly left: string;
          readonly right: string;
          readonly lower: number;
          readonly upper: number;
        }[];
      }> & { readonly assets: readonly string[] })
    | null;
  readonly openInterestCaps: readonly ProposedFigures<Proposals["openInterestCaps"][number]["value"]>[];
  readonly openInterestRules: OpenInterestRules | null;
  readonly events: readonly {
    readonly id: string;
    readonly reason: string;
    readonly underlyings: readonly string[];
    readonly multiplier: string;
    readonly startsAt: string;
    readonly fullFrom: string;
    readonly fullTo: string;
    readonly endsAt: string;
  }[];
  readonly leftOut: Proposals["leftOut"];
}

type Rows = readonly (readonly number[])[];

interface Circumstances {
  readonly day: number;
  readonly from: number;
  readonly recipe: string;
  readonly files: Readonly<Record<string, string>>;
  readonly events: readonly MarginEvent[];
  readonly fund: OpenInterestRules | null;
  readonly skies: ProposalDocument["skies"];
}

/** Puts proposals into a document. */
export function proposalDocument(
  proposals: Proposals,
  { day, from, recipe, files, events, fund, skies }: Circumstances,
): ProposalDocument {
  const { correlation } = proposals;
  return {
    status: "PROPOSED",
    day: dateOf(day),
    recipe,
    judgedFrom: dateOf(from),
    promised: PROMISED,
    files,
    scanRanges: proposals.scanRanges.map(({ hourly, ...proposal }) => ({
      ...figuresOf(proposal),
      hourly,
      withEvents: withEvents(proposal.subject, proposal.value, day, events),
    })),
    skies,
    volatilityShocks: proposals.volatilityShocks.map(figuresOf),
    haircuts: proposals.haircuts.map(figuresOf),
    correlation:
      correlation === null
        ? null
        : { ...figuresOf({ ...correlation, value: regimeRows(correlation.value) }), assets: correlation.value.assets },
    openInterestCaps: proposals.openInterestCaps.map(figuresOf),
    openInterestRules: fund,
    events: events.map(({ id, reason, underlyings, multiplier, startsAt, endsAt, transitionMs }) => ({
      id,
      reason,
      underlyings,
      multiplier: printDecimal(multiplier),
      startsAt: momentOf(startsAt),
      fullFrom: momentOf(startsAt + transitionMs),
      fullTo: momentOf(endsAt - transitionMs),
      endsAt: momentOf(endsAt),
    })),
    leftOut: proposals.leftOut,
  };
}

function figuresOf<Value>({ subject, value, backtest, warnings }: Proposal<string, Value>): ProposedFigures<Value> {
  return { subject, value, evidence: scoreFigures(backtest), warnings };
}

function regimeRows({
  assets,
  calm,
  tight,
  broken,
  brokenRepair,
  tails,
}: NonNullable<Proposals["correlation"]>["value"]) {
  const rounded = (matrix: SquareMatrix): Rows =>
    matrixRows(matrix).map((row) => row.map((value) => Math.round(value * 1e4) / 1e4));
  const pairs = assets.flatMap((left, at) => assets.slice(at + 1).map((right) => ({ left, right })));
  return {
    calm: rounded(calm),
    tight: rounded(tight),
    broken: rounded(broken),
    brokenRepair,
    tails: pairs.map((pair, at) => ({ ...pair, lower: tails[at]?.lower as number, upper: tails[at]?.upper as number })),
  };
}

const DAY_MS = 86_400_000;

/** The log move of the range times the largest multiplier of the day: a long never brings more than all. */
function withEvents(
  asset: string,
  { down, up }: { readonly down: number; readonly up: number },
  day: number,
  events: readonly MarginEvent[],
) {
  const { event, multiplier } = largestMultiplier(
    events,
    asset,
    toUtcMillis(day * DAY_MS),
    toUtcMillis((day + 1) * DAY_MS - 1),
  );
  if (event === undefined) return null;
  const factor = toFloat64(multiplier);
  return {
    event,
    multiplier: printDecimal(multiplier),
    down: longRate(-Math.log1p(-down) * factor),
    up: shortRate(Math.log1p(up) * factor),
  };
}

const momentOf = (millis: number): string => new Date(millis).toISOString();
