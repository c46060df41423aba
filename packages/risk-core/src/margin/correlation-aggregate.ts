import { Decimal } from "@ballast/money";

/*
 * One figure for many risk factors that do not move together: weigh each, add them up inside buckets by their
 * correlations, and the buckets by theirs. The square root of a quadratic form, as a standard deviation is, with two
 * devices of practice: a factor that is large for its market weighs more (concentration), and two factors of different
 * concentration offset each other less.
 *
 *   CR  = max(1, √(|net| ÷ threshold))        concentration of a factor
 *   WS  = weight × net × CR                   its weighted sensitivity
 *   K²  = Σ ρ(k,l) × min(CR)/max(CR) × WS(k) × WS(l)    of a bucket; ρ(k,k) = 1
 *   S   = Σ WS, but not beyond ±K
 *   out = √(Σ K² + Σ γ(b,c) × S(b) × S(c))
 *
 * In decimals, because the result is a margin and factors are tens, not thousands; the roots are the only rounding.
 * Calibration is the caller's.
 */

export interface RiskFactor {
  readonly bucket: string;
  /** Net sensitivity, signed. */
  readonly net: Decimal;
  readonly weight: Decimal;
  /** Size from which a factor counts as concentrated. Positive. */
  readonly concentrationThreshold: Decimal;
}

export interface Correlations {
  /** Of two factors of one bucket, by their places in the list of factors. Symmetric. */
  readonly within: (left: number, right: number) => Decimal;
  /** Of two different buckets. Symmetric. */
  readonly across: (left: string, right: string) => Decimal;
}

/** Correlations that cannot be: some portfolio would have a negative variance, and this is one. */
export class IndefiniteCorrelation extends Error {
  override readonly name = "IndefiniteCorrelation";
  readonly code = "CORRELATION_INDEFINITE";
  constructor(
    readonly where: string,
    readonly variance: Decimal,
  ) {
    super(`${where}: expected a variance of zero or more; found ${variance.toFixed()}`);
  }
}

/**
 * The aggregate of all factors, ≥ 0, in the unit of weight × net.
 *
 * Cost: the square of the number of factors in a bucket, and of the number of buckets.
 *
 * @throws IndefiniteCorrelation when the correlations give this portfolio a negative variance.
 * @method TIERS-15
 */
export function correlationAggregate(factors: readonly RiskFactor[], { within, across }: Correlations): Decimal {
  const weighted = factors.map(({ bucket, net, weight, concentrationThreshold }, at) => {
    const concentration = Decimal.max(1, net.abs().div(concentrationThreshold).sqrt());
    return { at, bucket, concentration, sensitivity: weight.mul(net).mul(concentration) };
  });
  const buckets = [...new Set(factors.map(({ bucket }) => bucket))].map((bucket) => {
    const inside = weighted.filter((factor) => factor.bucket === bucket);
    const variance = quadraticForm(inside, (left, right) => {
      const [small, large] = [left, right].map(({ concentration }) => concentration).sort((a, b) => a.comparedTo(b));
      return within(left.at, right.at).mul((small as Decimal).div(large as Decimal));
    });
    const deviation = root(`bucket ${bucket}`, variance);
    const sum = inside.reduce((total, { sensitivity }) => total.add(sensitivity), new Decimal(0));
    return { bucket, variance, sensitivity: Decimal.min(Decimal.max(sum, deviation.neg()), deviation) };
  });
  const alone = buckets.reduce((total, { variance }) => total.add(variance), new Decimal(0));
  const together = crossTerms(buckets, (left, right) => across(left.bucket, right.bucket));
  return root("all buckets", alone.add(together));
}

interface Sensitive {
  readonly sensitivity: Decimal;
}

function quadraticForm<Item extends Sensitive>(items: readonly Item[], correlation: (l: Item, r: Item) => Decimal) {
  const squares = items.reduce((sum, { sensitivity }) => sum.add(sensitivity.mul(sensitivity)), new Decimal(0));
  return squares.add(crossTerms(items, correlation));
}

/** Both orders of every pair of different items. */
function crossTerms<Item extends Sensitive>(items: readonly Item[], correlation: (l: Item, r: Item) => Decimal) {
  let sum = new Decimal(0);
  for (const [at, left] of items.entries()) {
    for (const right of items.slice(at + 1)) {
      sum = sum.add(correlation(left, right).mul(left.sensitivity).mul(right.sensitivity).mul(2));
    }
  }
  return sum;
}

function root(where: string, variance: Decimal): Decimal {
  if (variance.lt(0)) throw new IndefiniteCorrelation(where, variance);
  return variance.sqrt();
}
