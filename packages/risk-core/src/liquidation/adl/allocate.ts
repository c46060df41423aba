import { assertInvariant } from "@ballast/model";
import { Decimal, type Price, type Quantity, type Usd } from "@ballast/money";
import { apportion } from "../apportion.js";
import { type AdlCandidate, type AdlRank, ADL_BANDS, rankAdl } from "./rank.js";

/*
 * How many units each account in the line gives up.
 *
 * Pro rata inside a band and band after band, so that the first in line is not closed whole while its neighbour keeps all;
 * units that hedge nothing first, because closing one leg of a pair turns a safe account into a risky one; and never so many
 * that an account's equity over maintenance margin falls. Exactly the need is closed, in whole lots: what the deficit needs, and
 * less than one lot more.
 *
 * A queue that closes whole positions, once for every bankrupt account, closes up to three times the need. What it would have
 * taken is kept beside each share, so that everybody can see what they were spared, or not.
 */

/** An account's equity and maintenance margin after it has given up units at the bankruptcy price. */
export type AfterAdl = (
  candidate: AdlCandidate,
  units: Quantity,
) => { readonly equity: Usd; readonly maintenanceMargin: Usd };

/** What is asked for. */
export interface AdlNeed {
  /** Units that the bankrupt accounts of the tick hold on one underlying and side, after netting, fund and backstop; ≥ 0. */
  readonly units: Quantity;
  readonly lotSize: Quantity;
  /** The price at which they are closed. */
  readonly bankruptcyPrice: Price;
}

/** What one account gives up, and the record of why. */
export interface AdlShare extends AdlRank {
  /** Units given up, above zero, whole lots. */
  readonly units: Quantity;
  /** Of them, units that hedged something: above zero only when nobody had any other left. */
  readonly unitsHedged: Quantity;
  readonly price: Price;
  /** What a plain queue in the same order would have taken. */
  readonly counterfactual: Quantity;
  readonly equityAfter: Usd;
  readonly maintenanceMarginAfter: Usd;
}

/** An allocation. */
export interface AdlPlan {
  readonly shares: readonly AdlShare[];
  /** Units that the whole line could not give without harm; they are left to be shared as a loss. */
  readonly unmet: Quantity;
  /** Accounts that a plain queue would have touched and this does not, with what it would have taken. */
  readonly spared: readonly { readonly account: string; readonly units: Quantity }[];
}

/**
 * Hands out the need over the line of the candidates. A pure function of its arguments: a dry run is the same call.
 *
 * @method LIQUIDATION-27
 */
export function allocateAdl(need: AdlNeed, candidates: readonly AdlCandidate[], after: AfterAdl): AdlPlan {
  assertInvariant(need.units.gte(0) && need.lotSize.gt(0), "LIQUIDATION-27 a need is not below zero", {
    units: need.units.toFixed(),
  });
  const line = rankAdl(candidates);
  // What the last bands could give is not worked out when the first ones give enough.
  const known = new Map<number, Limits>();
  const limitsAt = (at: number): Limits => {
    const limits = known.get(at) ?? limitsOf(line[at] as AdlRank, need.lotSize, after);
    known.set(at, limits);
    return limits;
  };
  const needed = lots(need.units, need.lotSize, Decimal.ROUND_CEIL);
  let left = needed;
  const taken = line.map(() => ({ unhedged: 0n, hedged: 0n }));
  for (const part of ["unhedged", "hedged"] as const) {
    for (let band = 1; band <= ADL_BANDS && left > 0n; band++) {
      const members = [...line.keys()].filter((at) => line[at]?.band === band);
      const weights = members.map((at) => ({ id: accountAt(line, at), weight: limitsAt(at)[part] }));
      const supply = weights.reduce((sum, { weight }) => sum + weight, 0n);
      const asked = supply < left ? supply : left;
      if (asked === 0n) continue;
      const shares = apportion(asked, weights);
      for (const at of members) {
        const found = taken[at];
        if (found !== undefined) found[part] = shares.get(accountAt(line, at)) ?? 0n;
      }
      left -= asked;
    }
  }
  return planOf(need, line, taken, left, queueOf(line, need, needed), after);
}

/** Whole lots that an account may give: those that hedge nothing, and beyond them those that do. */
interface Limits {
  readonly unhedged: bigint;
  readonly hedged: bigint;
}

function limitsOf({ candidate, unhedged }: AdlRank, lotSize: Quantity, after: AfterAdl): Limits {
  const most = mostWithoutHarm(candidate, lotSize, after);
  const free = lots(unhedged, lotSize, Decimal.ROUND_FLOOR);
  const first = free < most ? free : most;
  return { unhedged: first, hedged: most - first };
}

/**
 * The most whole lots after which equity over maintenance margin is not below what it was. Equity falls linearly in what is given
 * up and maintenance margin is convex, so the lots that do no harm are those from zero to some largest: found by bisection.
 */
function mostWithoutHarm(candidate: AdlCandidate, lotSize: Quantity, after: AfterAdl): bigint {
  const doesNoHarm = (count: bigint) => {
    const { equity, maintenanceMargin } = after(candidate, unitsOf(count, lotSize));
    if (equity.lt(0)) return false;
    return equity.mul(candidate.maintenanceMargin).gte(candidate.equity.mul(maintenanceMargin));
  };
  let harmful = lots(candidate.quantity, lotSize, Decimal.ROUND_FLOOR) + 1n;
  let harmless = 0n;
  if (harmful === 1n || doesNoHarm(harmful - 1n)) return harmful - 1n;
  while (harmful - harmless > 1n) {
    const middle = (harmful + harmless) / 2n;
    if (doesNoHarm(middle)) harmless = middle;
    else harmful = middle;
  }
  return harmless;
}

/** What a plain queue takes: whole positions in the order of the line, the last one in part. */
function queueOf(line: readonly AdlRank[], { lotSize }: AdlNeed, needed: bigint): readonly bigint[] {
  let left = needed;
  return line.map(({ candidate }) => {
    const held = lots(candidate.quantity, lotSize, Decimal.ROUND_FLOOR);
    const closed = held < left ? held : left;
    left -= closed;
    return closed;
  });
}

function planOf(
  { lotSize, bankruptcyPrice }: AdlNeed,
  line: readonly AdlRank[],
  taken: readonly { readonly unhedged: bigint; readonly hedged: bigint }[],
  left: bigint,
  queue: readonly bigint[],
  after: AfterAdl,
): AdlPlan {
  const shares: AdlShare[] = [];
  const spared: { account: string; units: Quantity }[] = [];
  for (const [at, ranked] of line.entries()) {
    const { unhedged, hedged } = taken[at] ?? { unhedged: 0n, hedged: 0n };
    const counterfactual = unitsOf(queue[at] ?? 0n, lotSize);
    if (unhedged + hedged === 0n) {
      if (counterfactual.gt(0)) spared.push({ account: ranked.candidate.account, units: counterfactual });
      continue;
    }
    const units = unitsOf(unhedged + hedged, lotSize);
    const { equity, maintenanceMargin } = after(ranked.candidate, units);
    shares.push({
      ...ranked,
      units,
      unitsHedged: unitsOf(hedged, lotSize),
      price: bankruptcyPrice,
      counterfactual,
      equityAfter: equity,
      maintenanceMarginAfter: maintenanceMargin,
    });
  }
  return { shares, unmet: unitsOf(left, lotSize), spared };
}

function accountAt(line: readonly AdlRank[], at: number): string {
  const ranked = line[at];
  assertInvariant(ranked !== undefined, "LIQUIDATION-27 members are in the line", { at });
  return ranked.candidate.account;
}

const lots = (units: Decimal, lotSize: Quantity, rounding: typeof Decimal.ROUND_CEIL | typeof Decimal.ROUND_FLOOR) =>
  BigInt(units.abs().div(lotSize).toDecimalPlaces(0, rounding).toFixed(0));
const unitsOf = (count: bigint, lotSize: Quantity): Quantity => lotSize.mul(count.toString()) as Quantity;
