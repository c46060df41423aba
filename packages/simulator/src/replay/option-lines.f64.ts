import { pricing } from "@ballast/risk-core";

/*
 * The options of a replay: a few expiries and strikes of BTC and ETH, valued by Black-76 at three volatilities (shocked up, as it
 * is, shocked down) and looked up in a table of the price. Volatility and time stand still for the two days: a replay is about
 * liquidations, and a smile that moves would only blur what they do.
 */

/** One listed option. */
export interface OptionLine {
  /** Index of its underlying among the assets. */
  readonly asset: number;
  readonly years: number;
  readonly strike: number;
  readonly isCall: boolean;
  /** Value of one unit at each step of the logarithm of the price, by volatility: up, same, down. */
  readonly tables: readonly Float64Array[];
}

/** Indices of the volatilities. */
export const VOLATILITIES = 3;
export const SAME = 1;

const FROM = -1.9;
const TO = 1.1;
const STEP = 0.005;
const POINTS = Math.round((TO - FROM) / STEP) + 1;
const EXPIRY_DAYS = [7, 21, 56];
const MONEYNESS = [0.8, 0.9, 1, 1.1, 1.2];
const ANNUAL_VOLATILITY = [0.7, 0.85];

/** The options on the first two assets at their opening prices: puts below the price, calls from it on. */
export function listOptions(opening: readonly number[]): readonly OptionLine[] {
  return ANNUAL_VOLATILITY.flatMap((volatility, asset) =>
    EXPIRY_DAYS.flatMap((days) =>
      MONEYNESS.map((moneyness): OptionLine => {
        const years = days / 365;
        const strike = opening[asset]! * moneyness;
        const isCall = moneyness >= 1;
        const smile = volatility * (1 + 0.3 * Math.abs(Math.log(moneyness)));
        const term = (30 / days) ** (days < 30 ? 0.3 : 0.13);
        const shocked = [smile * (1 + 0.5 * term), smile, smile * Math.max(0.05, 1 - 0.25 * term)];
        const price = isCall ? pricing.black76Call : pricing.black76Put;
        const tables = shocked.map((sigma) =>
          Float64Array.from({ length: POINTS }, (_, point) =>
            price(opening[asset]! * Math.exp(FROM + point * STEP), strike, sigma * Math.sqrt(years)),
          ),
        );
        return { asset, years, strike, isCall, tables };
      }),
    ),
  );
}

// Taken once: this is the innermost function of a replay, and a global lookup would cost as much as it does.
const { floor, log, max, min } = Math;

/** The value of one unit at a price and one of the three volatilities; `opening` is the price that the table was made at. */
export function optionValue(line: OptionLine, volatility: number, price: number, opening: number): number {
  const along = (log(price / opening) - FROM) / STEP;
  const point = max(0, min(POINTS - 2, floor(along)));
  const table = line.tables[volatility]!;
  return table[point]! + (table[point + 1]! - table[point]!) * (along - point);
}

/** How much one unit gains for one dollar of the price. */
export function optionDelta(line: OptionLine, price: number, opening: number): number {
  const up = optionValue(line, SAME, price * 1.002, opening);
  const down = optionValue(line, SAME, price * 0.998, opening);
  return (up - down) / (0.004 * price);
}
