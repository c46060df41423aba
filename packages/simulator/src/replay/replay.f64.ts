import { CLOSE_AT_ONCE, type ClosingPolicy, LEG_BY_LEG, ours, SLICES } from "./closing-policies.f64.js";
import { type Crowd, figuresOf, foundCrowd, optionAsset } from "./crowd.f64.js";
import { type MarketOutcome, playPolicy } from "./falling-market.f64.js";
import type { EventPath } from "./event-window.f64.js";

/*
 * A crash played once for every policy, with the same accounts on the same path, and what each came to.
 *
 * How losses are measured. Every account that is in breach on the path without any liquidation is owed what it had at that
 * moment: that is what closing it at the mark, for nothing, would have left it. Everybody else is owed what it has at the end of
 * the undisturbed path. What an account has in the end, at least zero, is taken off. Summed over all accounts that breach
 * there or are touched by any of the policies compared, this is the users' loss: slippage, forgone or suffered moves of the
 * price, displacement, and what deleveraging took from winners. The house's loss is every deficit, whoever paid it. A crash
 * that turns back can leave users with more than they were owed: then the loss is below zero.
 */

/** Depths by name: the share of open interest that moves a price by one per cent. */
export const DEPTHS = { low: 1 / 40, middle: 1 / 14, high: 1 / 5 } as const;
export type DepthName = keyof typeof DEPTHS;

/** What one policy came to. Shares of long open interest in per cent, unless said otherwise. */
export interface PolicyFigures {
  readonly policy: string;
  readonly liquidated: number;
  readonly slippage: number;
  /** Accounts. */
  readonly fullyClosed: number;
  readonly secondRounds: number;
  readonly bankrupt: number;
  /** Accounts liquidated that are never in breach on the undisturbed path. */
  readonly induced: number;
  /** Final equity of the accounts that breach on the undisturbed path, per cent of all initial equity. */
  readonly kept: number;
  readonly houseLoss: number;
  /** The furthest that the house was down at any minute, its stock at the mark: what it could have lost. */
  readonly houseLossPeak: number;
  /** Dollars of positions that passed to the fund. */
  readonly takenOver: number;
  readonly usersLoss: number;
  /** House and users together: what policies are judged by. */
  readonly totalLoss: number;
  readonly deleveraged: number;
  readonly deleveragingCost: number;
  readonly netted: number;
  /** Furthest gap between mark and undisturbed path in the first asset, per cent. */
  readonly displacement: number;
}

export interface Replay {
  readonly event: string;
  readonly depth: DepthName;
  readonly seed: number;
  readonly accounts: number;
  /** Accounts in breach on the undisturbed path. */
  readonly breaching: number;
  readonly policies: readonly PolicyFigures[];
}

export const ACCOUNTS = 2_000;

/** The policies that are compared, ours last. */
export const POLICIES: readonly ClosingPolicy[] = [CLOSE_AT_ONCE, SLICES, LEG_BY_LEG, ours()];

/**
 * Plays every policy on one event at some depths with one seed. Pure: the same arguments give the same figures.
 *
 * Cost: a second or two for each depth.
 */
export function replay(
  path: EventPath,
  seed: number,
  depths: readonly DepthName[],
  policies: readonly ClosingPolicy[] = POLICIES,
  accounts = ACCOUNTS,
): readonly Replay[] {
  const crowd = foundCrowd(path, seed, accounts);
  const undisturbed = playUndisturbed(crowd);
  return depths.map((depth) => {
    const outcomes = policies.map((policy) => playPolicy(crowd, policy, DEPTHS[depth]));
    return {
      event: path.event,
      depth,
      seed,
      accounts,
      breaching: undisturbed.equityAtBreach.reduce((count, equity) => count + (Number.isNaN(equity) ? 0 : 1), 0),
      policies: outcomes.map((outcome, at) => figuresFor(policies[at]!.name, outcome, crowd, undisturbed, outcomes)),
    };
  });
}

/** What would be without any liquidation. */
interface Undisturbed {
  /** By account: equity when it first falls below its requirement; NaN where it never does. */
  readonly equityAtBreach: Float64Array;
  readonly finalEquity: Float64Array;
  readonly initialEquity: number;
}

/** How often accounts with options are looked at: their valuation is dear, and a few minutes change little. */
const OPTION_MINUTES = 5;

function playUndisturbed(crowd: Crowd): Undisturbed {
  const { accounts, founding, path, opening } = crowd;
  const equityAtBreach = new Float64Array(accounts).fill(Number.NaN);
  const marks = Float64Array.from(opening);
  let initialEquity = 0;
  for (let account = 0; account < accounts; account++) {
    initialEquity += figuresOf(crowd, founding, account, marks).equity;
  }
  const minutes = path.prices[0]!.length - 1;
  for (let minute = 1; minute <= minutes; minute++) {
    for (const [asset, prices] of path.prices.entries()) marks[asset] = prices[minute]!;
    for (let account = 0; account < accounts; account++) {
      if (!Number.isNaN(equityAtBreach[account]!)) continue;
      const book = founding.options[account] ?? null;
      if (book !== null && optionAsset(crowd, book) >= 0 && minute % OPTION_MINUTES !== 0) continue;
      const { equity, maintenance } = figuresOf(crowd, founding, account, marks);
      if (maintenance > 0 && equity < maintenance) equityAtBreach[account] = equity;
    }
  }
  const finalEquity = Float64Array.from(
    { length: accounts },
    (_, account) => figuresOf(crowd, founding, account, marks).equity,
  );
  return { equityAtBreach, finalEquity, initialEquity };
}

function figuresFor(
  policy: string,
  outcome: MarketOutcome,
  { accounts, openInterestTotal }: Crowd,
  { equityAtBreach, finalEquity, initialEquity }: Undisturbed,
  all: readonly MarketOutcome[],
): PolicyFigures {
  let usersLoss = 0;
  let kept = 0;
  let induced = 0;
  for (let account = 0; account < accounts; account++) {
    const breaches = !Number.isNaN(equityAtBreach[account]!);
    if (breaches) kept += outcome.finalEquity[account]!;
    if (!breaches && outcome.wasLiquidated[account] === 1) induced += 1;
    if (!breaches && !all.some(({ wasTouched }) => wasTouched[account] === 1)) continue;
    const owed = breaches ? Math.max(0, equityAtBreach[account]!) : finalEquity[account]!;
    usersLoss += owed - outcome.finalEquity[account]!;
  }
  const perCent = (dollars: number) => (100 * dollars) / openInterestTotal;
  return {
    policy,
    liquidated: perCent(outcome.liquidated),
    slippage: perCent(outcome.slippage),
    fullyClosed: outcome.fullyClosed,
    secondRounds: outcome.secondRounds,
    bankrupt: outcome.bankrupt,
    induced,
    kept: (100 * kept) / initialEquity,
    houseLoss: perCent(outcome.houseLoss),
    houseLossPeak: perCent(outcome.houseLossPeak),
    takenOver: perCent(outcome.takenOver),
    usersLoss: perCent(usersLoss),
    totalLoss: perCent(outcome.houseLoss + usersLoss),
    deleveraged: perCent(outcome.deleveraged),
    deleveragingCost: perCent(outcome.deleveragingCost),
    netted: perCent(outcome.netted),
    displacement: 100 * outcome.displacement,
  };
}
