import type { RiskScoresBody, ScoreSort } from "@ballast/api-contract";
import { type AccountId, compareIds } from "@ballast/model";
import type { score as chance } from "@ballast/risk-core";
import type { Page } from "@ballast/store";
import { Refusal } from "../http/refusal.js";

/** An account with what it is placed by. */
export interface Placed {
  readonly id: AccountId;
  readonly scored: chance.ScoredAccount;
}

/** What each order puts first: the largest of it. */
const RISK: Readonly<Record<Exclude<ScoreSort, "id">, (score: chance.RiskScore) => number>> = {
  score: ({ score }) => score,
  breach: ({ breachProbability }) => breachProbability.stressed,
  depletion: ({ depletionProbability }) => depletionProbability.stressed,
  "days-to-liquidate": ({ daysToLiquidate }) => daysToLiquidate,
  "open-interest": ({ openInterestShare }) => openInterestShare,
  // Few bets first, and no bet at all last.
  "effective-bets": ({ effectiveBets }) => (effectiveBets === 0 ? 0 : 1 / effectiveBets),
};

/**
 * Some of the accounts in an order, after a place in it. A place is a figure and an id, not a number of rows: who
 * has become riskier meanwhile and stands above it now is on no page that follows, and nobody is passed over for that.
 *
 * @throws Refusal CURSOR_INVALID for a place that no page has ended at.
 */
export function pageOfRanking<Row extends Placed>(
  rows: readonly Row[],
  sort: ScoreSort,
  limit: number,
  after: string | undefined,
): Page<Row> {
  const riskOf = sort === "id" ? () => 0 : (row: Placed) => RISK[sort](row.scored.score);
  const from = after === undefined ? null : placeOf(after);
  const beyond = rows
    .map((row) => ({ row, risk: riskOf(row) }))
    .filter(({ row, risk }) => from === null || risk < from.risk || (risk === from.risk && row.id > from.id))
    .sort((left, right) => right.risk - left.risk || compareIds(left.row.id, right.row.id));
  const items = beyond.slice(0, limit);
  const last = items.at(-1);
  const next = beyond.length > limit && last !== undefined ? JSON.stringify([last.risk, last.row.id]) : null;
  return { items: items.map(({ row }) => row), next };
}

function placeOf(cursor: string): { readonly risk: number; readonly id: string } {
  const [risk, id] = JSON.parse(cursor) as readonly unknown[];
  if (typeof risk !== "number" || typeof id !== "string") throw new Refusal("CURSOR_INVALID");
  return { risk, id };
}

const BAND = 10;

/** How many of these scores lie in each band of ten. */
export function scoreBands(scores: readonly number[]): RiskScoresBody["distribution"] {
  const counts = Array.from({ length: 100 / BAND }, () => 0);
  for (const score of scores) {
    const band = Math.min(counts.length - 1, Math.floor(score / BAND));
    counts[band] = (counts[band] as number) + 1;
  }
  return counts.map((accounts, at) => ({ from: at * BAND, to: (at + 1) * BAND, accounts }));
}
