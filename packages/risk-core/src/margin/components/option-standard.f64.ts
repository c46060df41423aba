import type { Column, ColumnGroup } from "../../scenario/columns.js";
import type { ScannedBook } from "../../scenario/scanned-book.js";
import type { ScannedFigure } from "./scanned-figure.js";

/**
 * The standard rule for short options, per expiry, all shares of spot unless said: a short call needs
 * max(otmMax − out-of-the-money ÷ spot, otmMin) or, with `flat`, a flat share; a short put also at least `putOfMark` of
 * its own mark and `putFloor` of its flat requirement. A whole expiry never needs more than its worst pay-off.
 */
export interface OptionStandardRule {
  readonly kind: "option-standard";
  readonly requirement: "initial" | "maintenance";
  /** The better of both sides, which is the rule; or one of them alone, to show it. */
  readonly side: "better" | "isolated" | "worst-payoff";
  readonly otmMax: number;
  readonly otmMin: number;
  readonly flatCall: number;
  readonly flatPut: number;
  readonly putOfMark: number;
  /** Initial put requirement: at least this multiple of the maintenance one, mark included. */
  readonly putFloor: number;
  /** Calls sold beyond those bought: this multiple of the forward each, since no pay-off bounds them. */
  readonly unpairedCall: number;
}

/**
 * What the options of the units require beyond their value: per expiry the lesser of the sum of isolated requirements
 * (a long option gives no credit) and the worst pay-off over zero and all strikes with the unpaired calls on top; ≥ 0.
 *
 * @method ADDON-5
 */
export function optionStandard(rule: OptionStandardRule, book: ScannedBook, units: readonly number[]): ScannedFigure {
  let sum = 0;
  const parts = new Map<string, number>();
  for (const [g, group] of book.market.groups.entries()) {
    if (group.expiry === null || !units.includes(group.unit)) continue;
    const value = book.now[g] as number;
    const bounded = boundedMargin(rule, book, group);
    let isolated = 0;
    for (let at = group.first; at < group.end; at += 1) isolated += isolatedMargin(rule, book, at);
    const left = { better: Math.max(isolated, bounded), isolated, "worst-payoff": bounded }[rule.side];
    sum += value - left;
    for (let at = group.first; at < group.end; at += 1) {
      const quantity = book.quantities[at] as number;
      if (quantity === 0) continue;
      const own = quantity * (book.market.base[at] as number) - isolatedMargin(rule, book, at);
      const scale = value === isolated ? 1 : (value - left) / (value - isolated);
      parts.set((book.market.columns[at] as Column).key, own * scale);
    }
  }
  return { value: sum, parts: () => parts };
}

/** What is left of one option by itself, in the net convention: its mark less its requirement, zero for a long one. */
function isolatedMargin(rule: OptionStandardRule, { market, quantities }: ScannedBook, at: number): number {
  const quantity = quantities[at] as number;
  if (quantity >= 0) return 0;
  const { terms, unit } = market.columns[at] as Column;
  const spot = market.spot[unit] as number;
  const mark = quantity * (market.base[at] as number);
  const size = quantity * market.quoteInNumeraire;
  const outOfTheMoney = Math.max(0, terms.right * (terms.strike - spot));
  const byMoneyness = Math.max(rule.otmMax - outOfTheMoney / spot, rule.otmMin) * spot * size;
  if (terms.right > 0) return mark + (rule.requirement === "initial" ? byMoneyness : rule.flatCall * spot * size);
  const maintenance = mark + Math.min(rule.flatPut * spot * size, rule.putOfMark * mark);
  return rule.requirement === "initial" ? Math.min(mark + byMoneyness, rule.putFloor * maintenance) : maintenance;
}

/** What an expiry is worth at the worst price it can settle at: ≤ 0, calls sold without cover on top. */
function boundedMargin(rule: OptionStandardRule, { market, quantities }: ScannedBook, group: ColumnGroup): number {
  let worst = 0;
  let calls = 0;
  let forward = 0;
  const payoffAt = (price: number): number => {
    let payoff = 0;
    for (let at = group.first; at < group.end; at += 1) {
      const { right, strike } = (market.columns[at] as Column).terms;
      payoff += (quantities[at] as number) * Math.max(0, right * (price - strike));
    }
    return payoff;
  };
  worst = Math.min(0, payoffAt(0));
  for (let at = group.first; at < group.end; at += 1) {
    const { terms } = market.columns[at] as Column;
    worst = Math.min(worst, payoffAt(terms.strike));
    if (terms.right > 0) calls += quantities[at] as number;
    forward = terms.forward;
  }
  return (worst + Math.min(0, calls) * rule.unpairedCall * forward) * market.quoteInNumeraire;
}
