import type { PolicyFigures, Replay } from "@ballast/simulator";
import { tableLines } from "./text-table.js";

/*
 * Replays as a person reads them: one table an event and depth, the mean over seeds, and below it a sentence that says whether ours
 * is best. Several events end with a summary: in how many rows it is, and each one in which it is not.
 */

/** One event: what each policy came to at each depth. */
export interface EventReport {
  readonly event: string;
  readonly assets: readonly string[];
  readonly means: readonly MeanReplay[];
}

/** Replays of one event and depth over several seeds. */
export interface MeanReplay {
  readonly depth: Replay["depth"];
  readonly breaching: number;
  readonly policies: readonly PolicyFigures[];
  /** By policy: the least and the most total loss of any seed. */
  readonly totals: readonly { readonly policy: string; readonly least: number; readonly most: number }[];
  readonly verdict: Verdict;
}

/** How ours stands against the best of the others, in total loss, on the mean over seeds. */
export interface Verdict {
  readonly ours: number;
  readonly bestOther: number;
  readonly bestOtherPolicy: string;
  /** Ours is the best, or within a tenth of the best. */
  readonly holds: boolean;
  /** All the others lose less. */
  readonly isWorst: boolean;
  /** Seeds in which it is not within a tenth. */
  readonly seedsMissed: readonly number[];
}

const OURS = "ours";
/** What venues do: the policies that ours is measured against. */
const OTHERS = ["close at once", "20 % slices", "leg by leg"];

/** The mean over replays of one depth. */
export function meanOfReplays(replays: readonly Replay[]): MeanReplay {
  const [first] = replays;
  if (first === undefined) throw new RangeError("expected at least one replay");
  const mean = (of: (replay: Replay) => number) => replays.reduce((sum, each) => sum + of(each), 0) / replays.length;
  const policies = first.policies.map((figures, at): PolicyFigures => {
    const keys = Object.keys(figures).filter((key) => key !== "policy") as Exclude<keyof PolicyFigures, "policy">[];
    const means = keys.map((key) => [key, mean((replay) => replay.policies[at]![key])] as const);
    return { ...figures, ...Object.fromEntries(means) };
  });
  const totals = first.policies.map(({ policy }, at) => {
    const all = replays.map((replay) => replay.policies[at]!.totalLoss);
    return { policy, least: Math.min(...all), most: Math.max(...all) };
  });
  const standing = judge(policies);
  const seedsMissed = replays.filter((replay) => !judge(replay.policies).holds).map(({ seed }) => seed);
  return {
    depth: first.depth,
    breaching: mean(({ breaching }) => breaching),
    policies,
    totals,
    verdict: { ...standing, seedsMissed },
  };
}

function judge(policies: readonly PolicyFigures[]): Omit<Verdict, "seedsMissed"> {
  const totalOf = (name: string) => totalLossOf(policies, name);
  const best = OTHERS.reduce((found, name) => (totalOf(name) < totalOf(found) ? name : found));
  const [ours, bestOther] = [totalOf(OURS), totalOf(best)];
  return {
    ours,
    bestOther,
    bestOtherPolicy: best,
    holds: ours <= bestOther + 0.1 * Math.abs(bestOther),
    isWorst: OTHERS.every((name) => totalOf(name) < ours),
  };
}

const totalLossOf = (policies: readonly PolicyFigures[], name: string): number =>
  policies.find(({ policy }) => policy === name)?.totalLoss ?? Number.NaN;

const COLUMNS: readonly (readonly [heading: string, figure: (figures: PolicyFigures) => string])[] = [
  ["policy", ({ policy }) => policy],
  ["total loss", ({ totalLoss }) => totalLoss.toFixed(2)],
  ["house", ({ houseLoss }) => houseLoss.toFixed(2)],
  ["at risk", ({ houseLossPeak }) => houseLossPeak.toFixed(2)],
  ["users", ({ usersLoss }) => usersLoss.toFixed(2)],
  ["kept", ({ kept }) => kept.toFixed(2)],
  ["slippage", ({ slippage }) => slippage.toFixed(2)],
  ["liquidated", ({ liquidated }) => liquidated.toFixed(1)],
  ["netted", ({ netted }) => netted.toFixed(2)],
  ["taken over", ({ takenOver }) => takenOver.toFixed(2)],
  ["ADL", ({ deleveraged }) => deleveraged.toFixed(2)],
  ["displaced", ({ displacement }) => displacement.toFixed(1)],
  ["closed", ({ fullyClosed }) => fullyClosed.toFixed(0)],
  ["again", ({ secondRounds }) => secondRounds.toFixed(0)],
  ["induced", ({ induced }) => induced.toFixed(0)],
  ["bankrupt", ({ bankrupt }) => bankrupt.toFixed(0)],
];

const LEGEND = `total loss, house, at risk, users, slippage, liquidated, netted, taken over, ADL: per cent of long open interest. house:
deficits, and what the insurance fund lost on what it took over; below zero: it gained. at risk: the furthest that the house was
down at any minute, with that stock at the mark; the fund has 0.5. Users' loss is against what a breaching account had at its breach, and
what everybody else has on the path without liquidations; below zero: more was kept than that. kept: equity in the end of the
accounts that breach without any liquidation, per cent of all initial equity. displaced: furthest gap between BTC's mark and that
path, per cent. closed, again, induced, bankrupt: accounts closed whole or taken over, second rounds, accounts liquidated that
would never have breached, accounts that fell below zero.
`;

/** The report: a table and a sentence for each event and depth; of several events, in how many ours is best, and where it is not. */
export function printReplays(reports: readonly EventReport[], seeds: readonly number[]): string {
  const mean = `mean of ${seeds.length} ${seeds.length === 1 ? "seed" : "seeds"} (${seeds.join(", ")})`;
  const blocks = reports.map(({ event, assets, means }) =>
    [`${event}: ${assets.join(", ")}, 48 hours, ${mean}`, ...means.map(printDepth)].join("\n\n"),
  );
  return `${[...blocks, ...(reports.length > 1 ? [printSummary(reports)] : []), LEGEND].join("\n\n")}`;
}

function printDepth(mean: MeanReplay): string {
  return [
    `${mean.depth} depth, ${mean.breaching.toFixed(0)} accounts breach without any liquidation`,
    ...tableLines([
      COLUMNS.map(([heading]) => heading),
      ...mean.policies.map((row) => COLUMNS.map(([, of]) => of(row))),
    ]),
    `  ${sentenceOf(mean)}`,
  ].join("\n");
}

function printSummary(reports: readonly EventReport[]): string {
  const rows = reports.flatMap(({ event, means }) => means.map((mean) => ({ event, ...mean })));
  const depths = [...new Set(rows.map(({ depth }) => depth))];
  const names = rows[0]!.policies.map(({ policy }) => policy);
  const sums = depths.map((depth) => {
    const here = rows.filter((row) => row.depth === depth);
    return names.map((name) => here.reduce((sum, { policies }) => sum + totalLossOf(policies, name), 0).toFixed(2));
  });
  const count = (of: (verdict: Verdict) => boolean) => rows.filter(({ verdict }) => of(verdict)).length;
  const missed = rows.filter(({ verdict }) => !verdict.holds);
  return [
    `${reports.length} events, sum of total losses`,
    ...tableLines([["depth", ...names], ...depths.map((depth, at) => [depth, ...sums[at]!])]),
    `  ours is best or within a tenth of the best in ${count(({ holds }) => holds)} of ${rows.length}, best in ${count(({ ours, bestOther }) => ours <= bestOther)}, the worst in ${count(({ isWorst }) => isWorst)}.`,
    ...missed.map(
      ({ event, depth, verdict: { ours, bestOther, bestOtherPolicy, isWorst } }) =>
        `  NOT within a tenth: ${event}, ${depth} depth, ${ours.toFixed(2)} against ${bestOther.toFixed(2)} (${bestOtherPolicy})${isWorst ? "; the worst of all" : ""}`,
    ),
  ].join("\n");
}

function sentenceOf({ verdict, totals }: MeanReplay): string {
  const { ours, bestOther, bestOtherPolicy, holds, seedsMissed } = verdict;
  const spread = totals.find(({ policy }) => policy === OURS);
  const standing =
    ours <= bestOther
      ? `ours is best: ${ours.toFixed(2)} against ${bestOther.toFixed(2)} (${bestOtherPolicy})`
      : `ours is ${holds ? "within a tenth of the best" : "NOT within a tenth of the best"}: ${ours.toFixed(2)} against ${bestOther.toFixed(2)} (${bestOtherPolicy})`;
  const range = spread === undefined ? "" : `; ${spread.least.toFixed(2)} to ${spread.most.toFixed(2)} over seeds`;
  const missed = seedsMissed.length === 0 ? "" : `; not within a tenth with seed ${seedsMissed.join(", ")}`;
  return `${standing}${range}${missed}.`;
}
