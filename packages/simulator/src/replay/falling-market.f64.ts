import { HALF_SPREAD, type LiquidationOrder, OPTION_COST } from "./account-plan.f64.js";
import type { ClosingPolicy, PolicyView } from "./closing-policies.f64.js";
import { type Crowd, figuresOf, type Holdings, holdsAnything, optionAsset } from "./crowd.f64.js";
import { optionDelta, optionValue, SAME } from "./option-lines.f64.js";
import { disposalOrders, holdingsWithFund, isBeyondSaving, passToFund, valueOfFund } from "./takeover.f64.js";

/*
 * A market under liquidation, minute by minute on a recorded path.
 *
 *   depth         so many dollars move a price by one per cent; the book shrinks with volatility, to 15 per cent at worst
 *   impact        the orders of a minute trade at the average of the mark before and after their net flow; a step moves a
 *                 price by at most 5 per cent, and what does not fit waits, the safest accounts first to wait
 *   displacement  60 per cent of the move stays in the mark and fades with a half-life of 20 minutes
 *   options       cost 4 per cent of premium and 0.1 of spot, more in stress, and half of their delta hits the underlying
 *   the fund      half a per cent of open interest, in cash. Below a quarter of its maintenance margin an account is taken over
 *                 at the mark, whatever the policy; the fund pays what it owes, sells at most a tenth of depth a minute, and
 *                 keeps what it holds when it has nothing left. What an account owes and the fund has not got is covered
 *                 first, by closing as much of its perpetuals at its bankruptcy price against winners: bands of fifths by
 *                 profit × leverage, pro rata inside a band
 *
 * Nobody tops up, nobody trades, no other venue arbitrages, and the recorded path already holds the liquidations of the day:
 * good for choosing between policies, not for forecasts.
 */

/** What a policy did to a market. Dollars, except counts and shares. */
export interface MarketOutcome {
  readonly liquidated: number;
  readonly slippage: number;
  readonly fullyClosed: number;
  readonly secondRounds: number;
  readonly bankrupt: number;
  /** What passed to the fund. */
  readonly takenOver: number;
  /** Deficits, whoever paid them, and what the fund lost on what it took over; below zero where it gained. */
  readonly houseLoss: number;
  /** The furthest that the house was down at any minute, its stock at the mark and accounts that waited below zero included. */
  readonly houseLossPeak: number;
  readonly deleveraged: number;
  /** What winners lost by being closed at bankruptcy prices. */
  readonly deleveragingCost: number;
  readonly netted: number;
  /** The furthest that the mark of the first asset was from the undisturbed path, a share. */
  readonly displacement: number;
  /** By account: equity in the end, at least zero; whether it was liquidated; whether anything was done to it. */
  readonly finalEquity: Float64Array;
  readonly wasLiquidated: Uint8Array;
  readonly wasTouched: Uint8Array;
}

const FADE_PER_MINUTE = 0.5 ** (1 / 20);
const STAYS = 0.6;
const BAND = 0.05;
const DEPTH_LEAST = 0.15;
const VOLATILITY_WEIGHT = 1 - 0.5 ** (1 / 30);
const CALM_MINUTES = 600;
const LEAST_VOLATILITY = 3e-4;
const STRESS_MOST = 3;
const FUND_SHARE = 0.005;
const ADL_BANDS = 5;

/** Plays a policy on the path; `depthShare` is the share of open interest that moves a price by one per cent. */
export function playPolicy(crowd: Crowd, policy: ClosingPolicy, depthShare: number): MarketOutcome {
  return new FallingMarket(crowd, policy, depthShare).play();
}

class FallingMarket {
  private readonly holdings: Holdings;
  private readonly marks: Float64Array;
  private readonly depths: Float64Array;
  private readonly displacement: Float64Array;
  private readonly volatility: Float64Array;
  private readonly calm: Float64Array;
  private readonly equity: Float64Array;
  private readonly maintenance: Float64Array;
  private readonly minutesInCase: Int32Array;
  private readonly isBankrupt: Uint8Array;
  private readonly wasLiquidated: Uint8Array;
  private readonly wasTouched: Uint8Array;
  private readonly watch: OptionWatch;
  private readonly view: { minute: number } & PolicyView;
  private readonly fundCash: number;
  private liquidated = 0;
  private slippage = 0;
  private fullyClosed = 0;
  private secondRounds = 0;
  private bankrupt = 0;
  private takenOver = 0;
  private houseLossPeak = 0;
  private deleveraged = 0;
  private deleveragingCost = 0;
  private netted = 0;
  private furthest = 0;

  constructor(
    private readonly crowd: Crowd,
    private readonly policy: ClosingPolicy,
    private readonly depthShare: number,
  ) {
    const { accounts, assets, opening } = crowd;
    this.fundCash = FUND_SHARE * crowd.openInterestTotal;
    this.holdings = holdingsWithFund(crowd, this.fundCash);
    this.marks = Float64Array.from(opening);
    this.depths = new Float64Array(assets);
    this.displacement = new Float64Array(assets);
    this.calm = Float64Array.from(crowd.path.prices, meanMove);
    this.volatility = Float64Array.from(this.calm);
    this.equity = new Float64Array(accounts);
    this.maintenance = new Float64Array(accounts);
    this.minutesInCase = new Int32Array(accounts);
    this.isBankrupt = new Uint8Array(accounts);
    this.wasLiquidated = new Uint8Array(accounts);
    this.wasTouched = new Uint8Array(accounts);
    this.watch = new OptionWatch(crowd);
    this.view = {
      crowd,
      holdings: this.holdings,
      marks: this.marks,
      depths: this.depths,
      minute: 0,
      equity: this.equity,
      maintenance: this.maintenance,
      displacement: this.displacement,
      minutesInCase: this.minutesInCase,
    };
  }

  play(): MarketOutcome {
    const minutes = this.crowd.path.prices[0]!.length - 1;
    for (let minute = 1; minute <= minutes; minute++) {
      this.view.minute = minute;
      this.move(minute);
      const due = this.findDue();
      if (due.length === 0 && !holdsAnything(this.crowd, this.holdings, this.crowd.accounts)) continue;
      const orders = due.length === 0 ? [] : this.policy.orders(this.view, due);
      if (this.policy.nets) this.meetInside(orders);
      this.trade([...orders, ...disposalOrders(this.crowd, this.holdings, this.marks, this.depths)]);
      this.settle(due);
      this.furthest = Math.max(this.furthest, Math.abs(this.displacement[0]!));
    }
    return this.outcome(minutes);
  }

  /** Prices, depths and displacement of the minute. */
  private move(minute: number): void {
    const { path, openInterest } = this.crowd;
    for (const [asset, prices] of path.prices.entries()) {
      this.displacement[asset]! *= FADE_PER_MINUTE;
      const moved = Math.abs(Math.log(prices[minute]! / prices[minute - 1]!));
      this.volatility[asset]! += VOLATILITY_WEIGHT * (moved - this.volatility[asset]!);
      const shrunk = Math.max(DEPTH_LEAST, Math.min(1, (2 * this.calm[asset]!) / this.volatility[asset]!));
      this.depths[asset] = openInterest[asset]! * this.depthShare * shrunk;
      this.mark(asset);
    }
  }

  private mark(asset: number): void {
    this.marks[asset] = this.crowd.path.prices[asset]![this.view.minute]! * (1 + this.displacement[asset]!);
  }

  /** Judges everybody; the accounts that are due. */
  private findDue(): readonly number[] {
    const due: number[] = [];
    for (let account = 0; account < this.crowd.accounts; account++) {
      const inCase = this.minutesInCase[account]! > 0;
      if (!inCase && this.watch.isSafe(account, this.marks)) continue;
      this.judge(account);
      const isBelow = this.maintenance[account]! > 0 && this.equity[account]! < this.maintenance[account]!;
      if (isBelow || (inCase && this.maintenance[account]! > 0 && this.policy.goesOn(this.view, account))) {
        if (!inCase) this.open(account);
        if (isBeyondSaving(this.equity[account]!, this.maintenance[account]!)) this.takeOver(account);
        else {
          this.minutesInCase[account]! += 1;
          due.push(account);
        }
      } else this.minutesInCase[account] = 0;
    }
    return due;
  }

  private open(account: number): void {
    if (this.wasLiquidated[account] === 1) this.secondRounds += 1;
    this.wasLiquidated[account] = 1;
    this.wasTouched[account] = 1;
  }

  private judge(account: number): void {
    const { equity, maintenance } = figuresOf(this.crowd, this.holdings, account, this.marks);
    this.equity[account] = equity;
    this.maintenance[account] = maintenance;
    this.watch.saw(account, this.marks, equity - maintenance);
  }

  /** Opposite orders in one perpetual meet at the mark, in proportion. */
  private meetInside(orders: readonly LiquidationOrder[]): void {
    for (let asset = 0; asset < this.crowd.assets; asset++) {
      const here = orders.filter((order) => order.asset === asset && order.line < 0);
      const bought = here.reduce((sum, { units }) => sum + Math.max(0, units), 0);
      const sold = here.reduce((sum, { units }) => sum + Math.max(0, -units), 0);
      const met = Math.min(bought, sold);
      if (met === 0) continue;
      for (const order of here) {
        const units = order.units * (met / (order.units > 0 ? bought : sold));
        this.fill(order, units, this.marks[asset]!);
        order.units -= units;
      }
      this.netted += met * this.marks[asset]!;
    }
  }

  /** Options first, because half of their delta joins the flow in the underlying; then the perpetuals. */
  private trade(orders: readonly LiquidationOrder[]): void {
    const flow = new Float64Array(this.crowd.assets);
    for (const { account, asset, line, units } of orders) {
      if (line < 0 || units === 0) continue;
      const option = this.crowd.options[line]!;
      const price = this.marks[asset]!;
      const opening = this.crowd.opening[asset]!;
      const value = optionValue(option, SAME, price, opening);
      const stress = Math.min(STRESS_MOST, Math.max(1, this.volatility[asset]! / this.calm[asset]! / 2));
      const cost = (OPTION_COST.ofPremium * value + OPTION_COST.ofSpot * price) * stress;
      const book = this.holdings.options[account]!;
      const paid = units > 0 ? value + cost : Math.max(0, value - cost);
      book[line]! += units;
      if (Math.abs(book[line]!) < 1e-12) book[line] = 0;
      this.holdings.cash[account]! -= units * paid;
      this.slippage += Math.abs(units) * Math.abs(paid - value);
      const delta = units * optionDelta(option, price, opening) * price;
      this.liquidated += Math.abs(delta);
      flow[asset]! += delta / 2;
    }
    for (let asset = 0; asset < this.crowd.assets; asset++) {
      const here = orders.filter((order) => order.asset === asset && order.line < 0 && order.units !== 0);
      if (here.length > 0 || flow[asset] !== 0) this.tradePerpetuals(asset, here, flow[asset]!);
    }
  }

  private tradePerpetuals(asset: number, orders: readonly LiquidationOrder[], flow: number): void {
    const mark = this.marks[asset]!;
    const depth = this.depths[asset]!;
    let net = flow + orders.reduce((sum, { units }) => sum + units * mark, 0);
    const side = Math.sign(net);
    const most = (Math.min(BAND, this.policy.room(this.view, asset)) * depth) / 0.01;
    let over = Math.abs(net) - most;
    if (over > 0) {
      const heavy = orders.filter(({ units }) => Math.sign(units) === side);
      for (const order of [...heavy].sort((left, right) => right.ratio - left.ratio)) {
        if (over <= 0) break;
        const cut = Math.min(Math.abs(order.units) * mark, over);
        order.units -= (side * cut) / mark;
        over -= cut;
      }
      net = side * (most + Math.max(0, over));
    }
    const move = Math.max(-BAND, Math.min(BAND, (net / depth) * 0.01));
    const average = mark * (1 + move / 2);
    for (const order of orders) {
      if (order.units === 0) continue;
      const price = average * (order.units > 0 ? 1 + HALF_SPREAD : 1 - HALF_SPREAD);
      this.slippage += order.units * (price - mark);
      this.fill(order, order.units, price);
    }
    this.displacement[asset]! += STAYS * move * (1 + this.displacement[asset]!);
    this.mark(asset);
  }

  private fill({ account, asset }: LiquidationOrder, units: number, price: number): void {
    const at = account * this.crowd.assets + asset;
    this.holdings.units[at]! += units;
    if (Math.abs(this.holdings.units[at]!) * price < 1e-6) this.holdings.units[at] = 0;
    this.holdings.cash[account]! -= units * price;
    this.liquidated += Math.abs(units) * price;
  }

  /** After the trades of the minute: who is closed, who is below zero, how far the house is down. */
  private settle(due: readonly number[]): void {
    let waiting = 0;
    for (const account of due) {
      this.judge(account);
      const deficit = Math.max(0, -this.equity[account]!);
      if (deficit > 0) this.noteBankrupt(account);
      if (holdsAnything(this.crowd, this.holdings, account)) waiting += deficit;
      else this.close(account);
    }
    const down = this.fundCash - valueOfFund(this.crowd, this.holdings, this.marks) + waiting;
    this.houseLossPeak = Math.max(this.houseLossPeak, down);
  }

  /** Everything passes to the fund, which pays what is owed; what it has not got is deleveraged first, and no more. */
  private takeOver(account: number): void {
    const deficit = -this.equity[account]!;
    if (deficit > 0) {
      this.noteBankrupt(account);
      const means = Math.max(0, valueOfFund(this.crowd, this.holdings, this.marks));
      if (means < deficit) this.deleverage(account, deficit, 1 - means / deficit);
    }
    this.takenOver += passToFund(this.crowd, this.holdings, account, this.marks);
    this.close(account);
  }

  /** The account has no position any more; the fund pays what it owes. */
  private close(account: number): void {
    const deficit = Math.max(0, -this.holdings.cash[account]!);
    this.holdings.cash[this.crowd.accounts]! -= deficit;
    this.holdings.cash[account]! += deficit;
    this.fullyClosed += 1;
    this.minutesInCase[account] = 0;
  }

  private noteBankrupt(account: number): void {
    if (this.isBankrupt[account] === 0) this.bankrupt += 1;
    this.isBankrupt[account] = 1;
  }

  /** Closes a part of a bankrupt account's perpetuals at the prices at which nothing is left of it: that covers as much of the deficit. */
  private deleverage(account: number, deficit: number, part: number): void {
    const { assets } = this.crowd;
    const unitsOf = (asset: number) => this.holdings.units[account * assets + asset]!;
    let notional = 0;
    for (let asset = 0; asset < assets; asset++) notional += Math.abs(unitsOf(asset)) * this.marks[asset]!;
    if (notional === 0) return;
    for (let asset = 0; asset < assets; asset++) {
      const held = unitsOf(asset);
      const units = held * part;
      if (units === 0) continue;
      const mark = this.marks[asset]!;
      const price = mark * (1 + (Math.sign(units) * deficit) / notional);
      this.closeAgainstWinners(account, asset, units, price);
      this.holdings.units[account * assets + asset] = held - units;
      this.holdings.cash[account]! += units * price;
      this.deleveraged += Math.abs(units) * mark;
      this.deleveragingCost += Math.abs(units) * Math.abs(price - mark);
    }
  }

  private closeAgainstWinners(account: number, asset: number, units: number, price: number): void {
    const { accounts, assets, opening } = this.crowd;
    const mark = this.marks[asset]!;
    const line: { readonly holder: number; readonly held: number; readonly score: number }[] = [];
    for (let holder = 0; holder < accounts; holder++) {
      const held = this.holdings.units[holder * assets + asset]!;
      const profit = held * (mark - opening[asset]!);
      if (holder === account || Math.sign(held) !== -Math.sign(units) || profit <= 0) continue;
      if (this.minutesInCase[holder]! > 0) continue;
      line.push({ holder, held: Math.abs(held), score: profit / Math.max(1, this.equity[holder]!) });
    }
    line.sort((left, right) => right.score - left.score || left.holder - right.holder);
    let left = Math.abs(units);
    for (let band = 0; band < ADL_BANDS && left > 0; band++) {
      const [from, to] = [band, band + 1].map((edge) => Math.floor((line.length * edge) / ADL_BANDS));
      const members = line.slice(from, to);
      const supply = members.reduce((sum, { held }) => sum + held, 0);
      const part = supply === 0 ? 0 : Math.min(1, left / supply);
      for (const { holder, held } of members) {
        const given = Math.sign(units) * held * part;
        this.holdings.units[holder * assets + asset]! += given;
        this.holdings.cash[holder]! -= given * price;
        this.wasTouched[holder] = 1;
      }
      left -= supply * part;
    }
    // What no winner among the accounts holds, the makers give.
  }

  /** In the end everything is worth what it is on the undisturbed path. */
  private outcome(minutes: number): MarketOutcome {
    const { accounts, path } = this.crowd;
    const marks = Float64Array.from(path.prices, (prices) => prices[minutes]!);
    const finalEquity = new Float64Array(accounts);
    let left = 0;
    for (let account = 0; account < accounts; account++) {
      const { equity } = figuresOf(this.crowd, this.holdings, account, marks);
      finalEquity[account] = Math.max(0, equity);
      left += Math.max(0, -equity);
    }
    const houseLoss = this.fundCash - valueOfFund(this.crowd, this.holdings, marks) + left;
    return {
      liquidated: this.liquidated,
      slippage: this.slippage,
      fullyClosed: this.fullyClosed,
      secondRounds: this.secondRounds,
      bankrupt: this.bankrupt,
      takenOver: this.takenOver,
      houseLoss,
      houseLossPeak: Math.max(this.houseLossPeak, houseLoss),
      deleveraged: this.deleveraged,
      deleveragingCost: this.deleveragingCost,
      netted: this.netted,
      displacement: this.furthest,
      finalEquity,
      wasLiquidated: this.wasLiquidated,
      wasTouched: this.wasTouched,
    };
  }
}

/** Mean size of a minute's move while the path is calm. */
function meanMove(prices: Float64Array): number {
  const minutes = Math.min(CALM_MINUTES, prices.length - 1);
  let sum = 0;
  for (let minute = 1; minute <= minutes; minute++) sum += Math.abs(Math.log(prices[minute]! / prices[minute - 1]!));
  return Math.max(LEAST_VOLATILITY, sum / minutes);
}

/**
 * Spares accounts with options a valuation that cannot matter: equity and requirement each change by at most one dollar for each
 * dollar that the price moves and each unit that is held, so an account is safe while twice that is less than its excess.
 */
class OptionWatch {
  private readonly asset: Int32Array;
  private readonly gross: Float64Array;
  private readonly price: Float64Array;
  private readonly excess: Float64Array;

  constructor(crowd: Crowd) {
    const { accounts, assets, founding } = crowd;
    this.asset = new Int32Array(accounts).fill(-1);
    this.gross = new Float64Array(accounts);
    this.price = new Float64Array(accounts);
    this.excess = new Float64Array(accounts);
    for (const [account, book] of founding.options.entries()) {
      if (book === null) continue;
      this.asset[account] = optionAsset(crowd, book);
      for (const held of book) this.gross[account]! += Math.abs(held);
      for (let asset = 0; asset < assets; asset++) {
        this.gross[account]! += Math.abs(founding.units[account * assets + asset]!);
      }
    }
  }

  isSafe(account: number, marks: Float64Array): boolean {
    const asset = this.asset[account]!;
    if (asset < 0) return false;
    return 2 * this.gross[account]! * Math.abs(marks[asset]! - this.price[account]!) < this.excess[account]!;
  }

  saw(account: number, marks: Float64Array, excess: number): void {
    const asset = this.asset[account]!;
    if (asset < 0) return;
    this.price[account] = marks[asset]!;
    this.excess[account] = excess;
  }
}
