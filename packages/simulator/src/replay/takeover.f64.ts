import type { LiquidationOrder } from "./account-plan.f64.js";
import type { Crowd, Holdings } from "./crowd.f64.js";
import { optionDelta, optionValue, SAME } from "./option-lines.f64.js";

/*
 * Takeovers in a replay. What no policy can save passes to the insurance fund at the mark (LIQUIDATION-7), and it lets go of that
 * slowly (LIQUIDATION-12). The fund stands in the row after the last account, so its orders trade like any other; what it has is
 * its cash and its stock, and a crash that goes on eats both. No fee is taken: it would only pass from users to house.
 */

/** Equity over maintenance margin below which an account is taken over, and the share of depth sold of each asset a minute. */
const TAKEOVER_BELOW = 0.25;
const DISPOSAL_DEPTH_SHARE = 0.1;
/** Of each option line so much leaves a minute, a rest of so many dollars of the underlying whole. */
const OPTION_SHARE = 0.1;
const REST_DOLLARS = 1_000;

/** Is the account beyond what its policy may still do? The same for every policy. */
export function isBeyondSaving(equity: number, maintenance: number): boolean {
  return maintenance > 0 && equity < TAKEOVER_BELOW * maintenance;
}

/** A copy of the accounts' holdings that a policy may trade on, with the fund as one more row. */
export function holdingsWithFund({ assets, founding, options }: Crowd, cash: number): Holdings {
  return {
    cash: Float64Array.of(...founding.cash, cash),
    units: Float64Array.of(...founding.units, ...new Float64Array(assets)),
    options: [
      ...founding.options.map((book) => (book === null ? null : Float64Array.from(book))),
      new Float64Array(options.length),
    ],
  };
}

/** What the fund has: its cash, and its stock at these marks. */
export function valueOfFund(crowd: Crowd, { cash, units, options }: Holdings, marks: Float64Array): number {
  const { accounts, assets, opening } = crowd;
  let value = cash[accounts]!;
  for (let asset = 0; asset < assets; asset++) value += units[accounts * assets + asset]! * marks[asset]!;
  for (const [line, held] of options[accounts]!.entries()) {
    if (held === 0) continue;
    const option = crowd.options[line]!;
    value += held * optionValue(option, SAME, marks[option.asset]!, opening[option.asset]!);
  }
  return value;
}

/** Everything the account holds passes to the fund at the mark; what it has, or owes, stays with it. The dollars that passed. */
export function passToFund(crowd: Crowd, holdings: Holdings, account: number, marks: Float64Array): number {
  const { accounts, assets, opening } = crowd;
  const { cash, units, options } = holdings;
  let [value, dollars] = [0, 0];
  for (let asset = 0; asset < assets; asset++) {
    const at = account * assets + asset;
    const exposure = units[at]! * marks[asset]!;
    value += exposure;
    dollars += Math.abs(exposure);
    units[accounts * assets + asset]! += units[at]!;
    units[at] = 0;
  }
  const book = options[account] ?? null;
  for (let line = 0; line < (book?.length ?? 0); line++) {
    const held = book![line]!;
    if (held === 0) continue;
    const option = crowd.options[line]!;
    const [price, start] = [marks[option.asset]!, opening[option.asset]!];
    value += held * optionValue(option, SAME, price, start);
    dollars += Math.abs(held * optionDelta(option, price, start)) * price;
    options[accounts]![line]! += held;
    book![line] = 0;
  }
  cash[account]! += value;
  cash[accounts]! -= value;
  return dollars;
}

/**
 * What the fund lets go of this minute. Its own orders of one asset, half the delta of the options among them, move the mark by
 * a tenth of a per cent at most, and they are the last to be served. A fund that has nothing left keeps what it holds.
 */
export function disposalOrders(
  crowd: Crowd,
  holdings: Holdings,
  marks: Float64Array,
  depths: Float64Array,
): LiquidationOrder[] {
  const { accounts, assets, opening } = crowd;
  if (valueOfFund(crowd, holdings, marks) <= 0) return [];
  const order = { account: accounts, ratio: Infinity };
  const orders: LiquidationOrder[] = [];
  for (let asset = 0; asset < assets; asset++) {
    const mark = marks[asset]!;
    const most = DISPOSAL_DEPTH_SHARE * depths[asset]!;
    const sold = [...holdings.options[accounts]!.entries()]
      .filter(([line, held]) => held !== 0 && crowd.options[line]!.asset === asset)
      .map(([line, held]) => ({
        ...order,
        asset,
        line,
        units: -held * (Math.abs(held) * mark <= REST_DOLLARS ? 1 : OPTION_SHARE),
      }));
    const flow = sold.reduce(
      (sum, { line, units }) => sum + Math.abs(units * optionDelta(crowd.options[line]!, mark, opening[asset]!)) * mark,
      0,
    );
    const part = Math.min(1, most / (flow / 2));
    for (const each of sold) orders.push({ ...each, units: each.units * part });
    const held = holdings.units[accounts * assets + asset]!;
    const room = Math.min(Math.abs(held), Math.max(0, most - (flow / 2) * part) / mark);
    if (room > 0) orders.push({ ...order, asset, line: -1, units: -Math.sign(held) * room });
  }
  return orders;
}
