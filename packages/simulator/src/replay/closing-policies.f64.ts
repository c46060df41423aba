import { choosePolicy, type PolicyRules, settledVolatility, STANDARD_POLICY } from "@ballast/risk-core";
import { HALF_SPREAD, type LiquidationOrder, OPTION_COST, planAccount, type PlanMarket } from "./account-plan.f64.js";
import { type Crowd, figuresOf, type Holdings } from "./crowd.f64.js";
import { optionValue, SAME } from "./option-lines.f64.js";

/*
 * The ways of liquidating that a replay compares: three that venues use, and ours.
 */

/** What a policy sees at one minute. */
export interface PolicyView extends PlanMarket {
  readonly crowd: Crowd;
  readonly holdings: Holdings;
  readonly minute: number;
  /** By account. */
  readonly equity: Float64Array;
  readonly maintenance: Float64Array;
  /** By asset: how far liquidations have moved the mark, signed. */
  readonly displacement: Float64Array;
  /** Minutes since the case of each account was opened, from 1. */
  readonly minutesInCase: Int32Array;
}

/** One way of liquidating. */
export interface ClosingPolicy {
  readonly name: string;
  /** Do opposite orders meet inside the house first? */
  readonly nets: boolean;
  /** The orders of the minute for the accounts that are due. */
  readonly orders: (view: PolicyView, due: readonly number[]) => LiquidationOrder[];
  /** Is an account due that is above its requirement again? Where positions are closed whole, yes. */
  readonly goesOn: (view: PolicyView, account: number) => boolean;
  /** How far the orders of the minute may move the mark of an asset, a share; the band of the venue holds besides. */
  readonly room: (view: PolicyView, asset: number) => number;
}

const UNBOUNDED = { nets: false, goesOn: () => false, room: () => Infinity };

/** Everything at the first breach. */
export const CLOSE_AT_ONCE: ClosingPolicy = {
  ...UNBOUNDED,
  name: "close at once",
  goesOn: () => true,
  orders: (view, due) => due.flatMap((account) => share(view, account, 1)),
};

/** A fifth of the opening position each minute until the account is above its requirement. */
export const SLICES: ClosingPolicy = {
  ...UNBOUNDED,
  name: "20 % slices",
  orders: (view, due) =>
    due.flatMap((account) => {
      const step = view.minutesInCase[account]!;
      return share(view, account, step >= 5 ? 1 : 0.2 / (1 - 0.2 * (step - 1)));
    }),
};

const LEG_TARGET = 1.1;

/** The leg with the largest requirement first, as much of it as is needed, then the next. */
export const LEG_BY_LEG: ClosingPolicy = {
  ...UNBOUNDED,
  name: "leg by leg",
  orders: (view, due) =>
    due.flatMap((account) =>
      view.holdings.options[account] === null ? legs(view, account) : optionLegs(view, account),
    ),
};

/** Ours: the policy of the house, its planner and its netting. */
export function ours(rules: PolicyRules = STANDARD_POLICY, name = "ours"): ClosingPolicy {
  const volatility = new WeakMap<Crowd, (minute: number) => number>();
  const dailyVolatility = (view: PolicyView) => {
    const known = volatility.get(view.crowd) ?? volatilityOf(view.crowd);
    volatility.set(view.crowd, known);
    return known(view.minute);
  };
  const decide = (view: PolicyView, asset: number) =>
    choosePolicy(
      {
        dailyVolatility: dailyVolatility(view),
        speed: speedOf(view),
        displacement: Math.abs(view.displacement[asset]!),
        backlog: 0,
      },
      rules,
    );
  const isOptionBook = (view: PolicyView, account: number) => view.holdings.options[account] !== null;
  return {
    name,
    nets: true,
    goesOn: (view, account) => decide(view, 0).manner === "WHOLE" && !isOptionBook(view, account),
    room: (view, asset) => decide(view, asset).room,
    orders: (view, due) => {
      const { manner, target } = decide(view, 0);
      return due.flatMap((account) => {
        if (manner === "WHOLE" && !isOptionBook(view, account)) return share(view, account, 1);
        const equity = view.equity[account]!;
        const ratio = ratioOf(view, account);
        return [
          ...(planAccount(view.crowd, view.holdings, account, { equity, ratio }, view, target) ??
            share(view, account, 1)),
        ];
      });
    },
  };
}

/** Daily volatility of the house by hour: the mean over assets by open interest. */
function volatilityOf({ path, openInterest, openInterestTotal }: Crowd): (minute: number) => number {
  const byHour = new Map<number, number>();
  return (minute) => {
    const hour = Math.floor((minute - 1) / 60);
    const known = byHour.get(hour);
    if (known !== undefined) return known;
    const found = path.hourlyReturns.reduce(
      (sum, returns, asset) =>
        sum + (settledVolatility(returns.slice(0, path.hoursBefore + hour)) * openInterest[asset]!) / openInterestTotal,
      0,
    );
    byHour.set(hour, found);
    return found;
  };
}

const SPEED_MINUTES = 15;

/** The fastest fall of any asset on its undisturbed path, a share a minute. */
function speedOf({ crowd, minute }: PolicyView): number {
  let fastest = 0;
  for (const prices of crowd.path.prices) {
    const before = Math.max(0, minute - SPEED_MINUTES);
    fastest = Math.max(fastest, Math.log(prices[before]! / prices[minute]!) / SPEED_MINUTES);
  }
  return fastest;
}

function ratioOf({ equity, maintenance }: PolicyView, account: number): number {
  return equity[account]! / Math.max(1e-9, maintenance[account]!);
}

/** Orders for one share of everything an account holds. */
function share(view: PolicyView, account: number, part: number): LiquidationOrder[] {
  const { crowd, holdings } = view;
  const ratio = ratioOf(view, account);
  const orders: LiquidationOrder[] = [];
  for (let asset = 0; asset < crowd.assets; asset++) {
    const held = holdings.units[account * crowd.assets + asset]!;
    if (held !== 0) orders.push({ account, asset, line: -1, units: -held * part, ratio });
  }
  const book = holdings.options[account] ?? null;
  if (book === null) return orders;
  for (let line = 0; line < book.length; line++) {
    const held = book[line]!;
    if (held !== 0) orders.push({ account, asset: crowd.options[line]!.asset, line, units: -held * part, ratio });
  }
  return orders;
}

function legs(view: PolicyView, account: number): LiquidationOrder[] {
  const { crowd, marks, depths } = view;
  let missing = LEG_TARGET * view.maintenance[account]! - view.equity[account]!;
  const requirement = ({ units, asset }: LiquidationOrder) =>
    Math.abs(units) * marks[asset]! * crowd.marginRates[asset]!;
  const orders: LiquidationOrder[] = [];
  for (const order of share(view, account, 1).sort((left, right) => requirement(right) - requirement(left))) {
    if (missing <= 0) break;
    const { asset } = order;
    const notional = Math.abs(order.units) * marks[asset]!;
    const impact = (0.5 * 0.01) / depths[asset]!;
    const gain = LEG_TARGET * crowd.marginRates[asset]! - HALF_SPREAD;
    const discriminant = gain * gain - 4 * impact * missing;
    const enough = discriminant < 0 ? notional : (gain - Math.sqrt(discriminant)) / (2 * impact);
    const dollars = Math.min(notional, enough);
    order.units *= dollars / notional;
    missing -= dollars * gain - impact * dollars * dollars;
    orders.push(order);
  }
  return orders;
}

/** Whole legs of an option book, largest first, each judged on a copy before the next is added. */
function optionLegs(view: PolicyView, account: number): LiquidationOrder[] {
  const { crowd, marks } = view;
  const imagined = imaginedHoldings(view, account);
  const size = ({ units, asset, line }: LiquidationOrder) =>
    Math.abs(units) * marks[asset]! * (line < 0 ? crowd.marginRates[asset]! : 0.1);
  const orders: LiquidationOrder[] = [];
  for (const order of share(view, account, 1).sort((left, right) => size(right) - size(left))) {
    orders.push(order);
    const { asset, line, units } = order;
    if (line < 0) {
      imagined.units[account * crowd.assets + asset]! += units;
      imagined.cash[account]! -= units * marks[asset]!;
    } else {
      const value = optionValue(crowd.options[line]!, SAME, marks[asset]!, crowd.opening[asset]!);
      imagined.options[account]![line]! += units;
      imagined.cash[account]! -=
        units * value + Math.abs(units) * (OPTION_COST.ofPremium * value + OPTION_COST.ofSpot * marks[asset]!);
    }
    const { equity, maintenance } = figuresOf(crowd, imagined, account, marks);
    if (equity >= LEG_TARGET * maintenance) break;
  }
  return orders;
}

/** The holdings, to be imagined otherwise. */
function imaginedHoldings({ holdings }: PolicyView, account: number): Holdings {
  const options = [...holdings.options];
  const book = options[account] ?? null;
  options[account] = book === null ? null : Float64Array.from(book);
  return { cash: Float64Array.from(holdings.cash), units: Float64Array.from(holdings.units), options };
}
