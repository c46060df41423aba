import { ceilDivide, magnitudeOf, scaledByTen, wholeMax, wholeMin } from "../whole-numbers.js";
import { BASE, PRICE, RATIO } from "./weights.js";

/*
 * How much of a Drift account a liquidation takes, at which prices and fees, and how a loss that is left is spread. Fees and
 * multipliers are in millionths.
 */

const FEE = 1_000_000n;
const RATIO_TO_FEE = 100n;
const ONE_QUOTE = 1_000_000n;

export interface PerpShortage {
  readonly shortage: bigint;
  readonly ratio: bigint;
  readonly liquidatorFee: bigint;
  readonly insuranceFee: bigint;
  readonly price: bigint;
  readonly quotePrice: bigint;
}

/**
 * Base amount whose liquidation makes up a margin shortage: each unit frees its margin less both fees. Null where it frees
 * nothing, so that no amount would do.
 *
 * @method TIERS-24
 */
export function baseToCover(rule: PerpShortage): bigint | null {
  const { shortage, ratio, liquidatorFee, insuranceFee, price, quotePrice } = rule;
  const net = ratio * RATIO_TO_FEE - liquidatorFee;
  const freed = (((price * quotePrice) / PRICE) * net) / FEE - (price * insuranceFee) / FEE;
  return net <= 0n || freed <= 0n ? null : (shortage * BASE) / freed;
}

/** A token taken for another's debt. Multipliers state at which discount or premium each changes hands. */
export interface TokenSwap {
  readonly assetMultiplier: bigint;
  readonly assetDecimals: bigint;
  readonly assetPrice: bigint;
  readonly liabilityMultiplier: bigint;
  readonly liabilityDecimals: bigint;
  readonly liabilityPrice: bigint;
}

export interface SpotShortage extends Omit<TokenSwap, "assetDecimals" | "assetPrice"> {
  readonly shortage: bigint;
  readonly assetWeight: bigint;
  readonly liabilityWeight: bigint;
  readonly insuranceFee: bigint;
}

/**
 * Debt whose repayment by an asset makes up a margin shortage, at least one unit. Null where what is given weighs as much as
 * what is repaid.
 *
 * @method TIERS-24
 */
export function liabilityToCover(rule: SpotShortage): bigint | null {
  const { shortage, assetWeight, assetMultiplier, liabilityWeight, liabilityMultiplier, insuranceFee } = rule;
  const freed = liabilityWeight * 10n - (assetWeight * 10n * assetMultiplier) / liabilityMultiplier;
  const fee = ((rule.liabilityPrice * insuranceFee) / FEE) * liabilityWeight * 10n;
  const perUnit = rule.liabilityPrice * freed - fee;
  if (perUnit <= 0n) return null;
  const scaled = scaledByTen(shortage * PRICE * RATIO * 10n, rule.liabilityDecimals - 6n);
  return wholeMax(scaled / perUnit, 1n);
}

/**
 * Debt that an amount of the asset repays, rounded up.
 *
 * @method TIERS-24
 */
export function liabilityForAsset(swap: TokenSwap, assetAmount: bigint): bigint {
  const numerator = assetAmount * swap.assetPrice * swap.liabilityMultiplier;
  const denominator = swap.liabilityPrice * swap.assetMultiplier;
  return dividedOnGrid(ceilDivide, numerator, denominator, swap.liabilityDecimals - swap.assetDecimals);
}

/**
 * Asset given for a repaid debt, at least one unit; all of it where what would be left is worth less than one quote.
 *
 * @method TIERS-24
 */
export function assetForLiability(swap: TokenSwap, liability: bigint, assetAmount: bigint): bigint {
  const numerator = liability * swap.liabilityPrice * swap.assetMultiplier;
  const denominator = swap.assetPrice * swap.liabilityMultiplier;
  const divide = (a: bigint, b: bigint) => a / b;
  const given = wholeMax(
    dividedOnGrid(divide, numerator, denominator, swap.assetDecimals - swap.liabilityDecimals),
    1n,
  );
  const left = ((assetAmount - given) * swap.assetPrice) / 10n ** swap.assetDecimals;
  return given < assetAmount && left < ONE_QUOTE ? assetAmount : given;
}

/** numerator × 10^digits ÷ denominator, in one division. */
function dividedOnGrid(
  divide: (a: bigint, b: bigint) => bigint,
  numerator: bigint,
  denominator: bigint,
  digits: bigint,
): bigint {
  return digits >= 0n
    ? divide(numerator * 10n ** digits, denominator)
    : divide(numerator, denominator * 10n ** -digits);
}

/** Is the asset given for one whole unit of debt, in quote units, at least the liquidator's limit? */
export function meetsLimit(
  asset: bigint,
  assetDecimals: bigint,
  liability: bigint,
  liabilityDecimals: bigint,
  limit: bigint,
) {
  return (((asset * PRICE) / 10n ** assetDecimals) * 10n ** liabilityDecimals) / liability >= limit;
}

/** Does a swap repay at least what the prices and multipliers ask for the asset it takes? */
export function isSwapWithinBounds(swap: TokenSwap, asset: bigint, liability: bigint): boolean {
  const repaid = (((liability * PRICE) / 10n ** swap.liabilityDecimals) * 10n ** swap.assetDecimals) / asset;
  const asked = (swap.assetPrice * PRICE * swap.liabilityMultiplier) / swap.liabilityPrice / swap.assetMultiplier;
  return repaid >= asked;
}

/**
 * Insurance fee of liquidating a perpetual: nineteen twentieths of what the margin leaves beside the liquidator's fee and the
 * shortage, so that it cannot bankrupt the account itself; not above `feeMax`. Nothing where there is nothing to measure.
 *
 * @method TIERS-24
 */
export function perpInsuranceFee(rule: Omit<PerpShortage, "insuranceFee">, base: bigint, feeMax: bigint): bigint {
  const price = (rule.price * rule.quotePrice) / PRICE;
  const net = rule.ratio * RATIO_TO_FEE - rule.liquidatorFee;
  if (price === 0n || base === 0n || net <= 0n) return 0n;
  const left = net - (rule.shortage * BASE * FEE) / (magnitudeOf(base) * price);
  return wholeMin(feeMax, (wholeMax(left, 0n) * 19n) / 20n);
}

/**
 * The same for repaying a debt of tokens.
 *
 * @method TIERS-24
 */
export function spotInsuranceFee(rule: Omit<SpotShortage, "insuranceFee">, tokens: bigint, feeMax: bigint): bigint {
  const { shortage, assetWeight, assetMultiplier, liabilityWeight, liabilityMultiplier, liabilityPrice } = rule;
  if (liabilityPrice === 0n || tokens === 0n || liabilityMultiplier === 0n || liabilityWeight === 0n) return 0n;
  const given = (assetWeight * RATIO_TO_FEE * assetMultiplier) / liabilityMultiplier;
  const short = scaledByTen(shortage, rule.liabilityDecimals) * FEE;
  const left = liabilityWeight * RATIO_TO_FEE - given - short / (magnitudeOf(tokens) * liabilityPrice);
  return wholeMin(feeMax, (wholeMax(left, 0n) * RATIO) / liabilityWeight);
}

const GRACE_SLOTS = 1500n;

/**
 * Liquidator's fee: the base for a while after the account was last active, then a millionth more for every slot since, up to
 * `feeMax`.
 *
 * @method TIERS-24
 */
export function liquidatorFee(base: bigint, feeMax: bigint, lastActiveSlot: bigint, slot: bigint): bigint {
  const elapsed = wholeMax(slot - lastActiveSlot, 0n);
  return elapsed < GRACE_SLOTS ? base : wholeMin(base + elapsed, feeMax);
}

/**
 * What both funding indices move by, so that holders of a market bear a loss (≤ 0) by their size; rounded against them.
 *
 * @method TIERS-24
 */
export function fundingForLoss(loss: bigint, longBase: bigint, shortBase: bigint): bigint {
  return ceilDivide(magnitudeOf(loss) * BASE, longBase + magnitudeOf(shortBase)) * 1000n;
}

/**
 * What the deposit index of a token falls by, so that depositors bear a debt; rounded against them, nothing without deposits.
 *
 * @method TIERS-24
 */
export function interestForLoss(depositIndex: bigint, debt: bigint, deposits: bigint): bigint {
  return deposits === 0n ? 0n : ceilDivide(depositIndex * debt, deposits);
}
