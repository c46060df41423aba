import { add, exposure, max, min, scale, sub, valueOf } from "./arithmetic.js";
import type { AssetAmount } from "./asset-amount.js";
import { Decimal } from "./decimal.js";
import { lossFromFloat64, toFloat64 } from "./float64.js";
import { roundAsset, roundCharge, roundRequirement, roundToLots } from "./rounding.js";
import {
  type Amount,
  amount,
  contractSize,
  type Price,
  price,
  quantity,
  type Rate,
  rate,
  type Ratio,
  ratio,
  type Usd,
  usd,
} from "./units.js";

/*
 * Does not compile: a unit handed over as another. Each line below a directive must be an error, and the compiler says
 * so when it is not; the lines without one must compile. Nothing here runs.
 */

const size = contractSize("0.01");
const three = quantity("-3");
const at = price("65000");
const half = ratio("0.5");
const coins = amount("2");
const funding = rate("0.0001");

export const short: Usd = exposure(three, size, at);
export const worth: Usd = valueOf(coins, at);
export const total: Usd = add(short, worth);
export const sameUnit: Amount = scale(coins, half);
export const held: AssetAmount = { asset: "BTC", amount: coins };
export const scanned: Usd = lossFromFloat64(toFloat64(short));

// @ts-expect-error a price is not an amount of dollars
export const priceAsDollars: Usd = price("65000");
// @ts-expect-error dollars are not a price
export const dollarsAsPrice: Price = usd("65000");
// @ts-expect-error coins are not dollars
export const coinsAsDollars: Usd = coins;
// @ts-expect-error a funding rate is per interval; a share is not
export const rateAsRatio: Ratio = funding;
// @ts-expect-error and the other way round
export const ratioAsRate: Rate = half;
// @ts-expect-error a bare decimal has no unit
export const bare: Usd = new Decimal("1");
// @ts-expect-error a raw product has no unit: multiply with exposure
export const product: Usd = three.mul(size).mul(at);
// @ts-expect-error a raw sum has no unit: add with add
export const sum: Usd = short.add(worth);

// @ts-expect-error numbers are not money
export const fromNumber = usd(1);
// @ts-expect-error big integers are not money
export const fromBigint = amount(1n);
// @ts-expect-error nothing is not zero
export const fromNothing = price(undefined);

// @ts-expect-error dollars and coins do not add up
export const mixedSum = add(usd("1"), amount("1"));
// @ts-expect-error contracts are not taken from dollars
export const mixedDifference = sub(usd("1"), three);
// @ts-expect-error prices do not add up to anything
export const twoPrices = add(at, at);
// @ts-expect-error a price is not compared with dollars
export const mixedMin = min(at, usd("1"));
// @ts-expect-error contracts are not compared with coins
export const mixedMax = max(three, coins);
// @ts-expect-error arguments in the wrong order: size is not a quantity
export const swapped = exposure(size, three, at);
// @ts-expect-error a value is scaled by a share, not by a price
export const scaledByPrice = scale(short, at);
// @ts-expect-error dollars have no index price: they are dollars already
export const dollarsValued = valueOf(short, at);
// @ts-expect-error a requirement is in dollars; a coin amount is charged with roundCharge
export const requirementOfCoins = roundRequirement(coins);
// @ts-expect-error equity is in dollars
export const assetOfCoins = roundAsset(coins);
// @ts-expect-error a charge is in the asset it is paid in
export const chargeOfDollars = roundCharge(short);
// @ts-expect-error a lot is a quantity, not a contract size
export const lots = roundToLots(three, size);
// @ts-expect-error a scan answers float64; money does not
export const notScanned = lossFromFloat64(short);
// @ts-expect-error an amount without its asset
export const lonely: AssetAmount = { amount: coins };
