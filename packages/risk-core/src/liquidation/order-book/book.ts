import { Decimal, max, min, type Price, type Quantity, type Ratio, type Usd, ZERO_USD } from "@ballast/money";

/*
 * An order book as a liquidation meets it: so many dollars move the price by one per cent, evenly, on both sides of the mid.
 *
 * A side is a ladder of levels `stepShare` apart, each with the dollars of its step. What an order takes is gone, and comes
 * back in time: `refillPerMs` of the depth every millisecond. So the second of two orders trades where the first has left the
 * price, and an order that waits trades better. A fresh book gives the average price of LIQUIDATION-2, to one level.
 */

/** What a venue's book of one instrument is like. */
export interface BookRules {
  readonly tickSize: Price;
  readonly lotSize: Quantity;
  /** Units of the underlying in one contract. */
  readonly contractSize: Decimal;
  readonly halfSpread: Ratio;
  /** Width of one level, a share of the mid; above zero. */
  readonly stepShare: Ratio;
  /** Levels on each side: further away nobody buys or sells. */
  readonly levels: number;
  /** Share of the depth of one per cent that comes back in a millisecond. */
  readonly refillPerMs: Ratio;
}

/** One instrument's book at a moment. */
export interface Book {
  readonly rules: BookRules;
  readonly midPrice: Price;
  /** Dollars that move the price by one per cent. */
  readonly depth: Usd;
  /** Dollars taken from the bids and from the asks that have not come back. */
  readonly takenBids: Usd;
  readonly takenAsks: Usd;
  readonly atMs: number;
}

/** Some lots at one price. `quantity` is unsigned. */
export interface BookFill {
  readonly price: Price;
  readonly quantity: Quantity;
}

/** What a sweep did. */
export interface Sweep {
  /** Best price first. */
  readonly fills: readonly BookFill[];
  readonly filled: Quantity;
  readonly book: Book;
}

/** A book that nobody has taken from. */
export function freshBook(rules: BookRules, midPrice: Price, depth: Usd, atMs: number): Book {
  return { rules, midPrice, depth, takenBids: ZERO_USD, takenAsks: ZERO_USD, atMs };
}

/** The book later, with another mid and depth: what was taken has come back in part. Time does not run backwards. */
export function laterBook(book: Book, atMs: number, midPrice: Price = book.midPrice, depth: Usd = book.depth): Book {
  const elapsed = Math.max(0, atMs - book.atMs);
  const back = book.depth.mul(book.rules.refillPerMs).mul(elapsed) as Usd;
  const left = (taken: Usd) => max(taken.sub(back) as Usd, ZERO_USD);
  return {
    ...book,
    midPrice,
    depth,
    takenBids: left(book.takenBids),
    takenAsks: left(book.takenAsks),
    atMs: Math.max(atMs, book.atMs),
  };
}

const PER_CENT = new Decimal("0.01");

/**
 * Trades at the market down (or up) to a limit: whole lots, level by level, prices rounded to the tick against whoever trades.
 *
 * @param quantity   signed: negative sells
 * @param limitPrice no fill is worse than this; null for none
 * @method LIQUIDATION-22
 */
export function sweep(book: Book, quantity: Quantity, limitPrice: Price | null): Sweep {
  const { rules, midPrice, depth } = book;
  const isSell = quantity.lt(0);
  const perLevel = depth.mul(rules.stepShare).div(PER_CENT);
  let taken: Decimal = isSell ? book.takenBids : book.takenAsks;
  let open = quantity.abs() as Quantity;
  const fills: BookFill[] = [];
  for (let level = taken.div(perLevel).floor(); level.lt(rules.levels) && open.gt(0); level = level.add(1)) {
    const price = levelPrice(rules, midPrice, level, isSell);
    if (price === null || (limitPrice !== null && (isSell ? price.lt(limitPrice) : price.gt(limitPrice)))) break;
    const perLot = rules.lotSize.mul(rules.contractSize).mul(price);
    const there = perLevel.mul(level.add(1)).sub(taken);
    const lots = Decimal.min(open.div(rules.lotSize).floor(), there.div(perLot).floor());
    if (lots.gt(0)) {
      const traded = lots.mul(rules.lotSize) as Quantity;
      fills.push({ price, quantity: traded });
      open = open.sub(traded) as Quantity;
    }
    if (open.lt(rules.lotSize)) {
      taken = taken.add(lots.mul(perLot));
      break;
    }
    // What is left of the level is less than a lot, or the level is used up: the next one is the best now.
    taken = perLevel.mul(level.add(1));
  }
  return {
    fills,
    filled: quantity.abs().sub(open) as Quantity,
    book: { ...book, [isSell ? "takenBids" : "takenAsks"]: taken as Usd },
  };
}

/** Dollars on one side that trade at `limitPrice` or better. */
export function dollarsWithin(book: Book, isSell: boolean, limitPrice: Price): Usd {
  const { rules, midPrice, depth } = book;
  const away = isSell ? midPrice.sub(limitPrice) : limitPrice.sub(midPrice);
  const reach = Decimal.min(away.div(midPrice).sub(rules.halfSpread), rules.stepShare.mul(rules.levels));
  const there = depth.mul(Decimal.max(reach, 0)).div(PER_CENT) as Usd;
  return max(there.sub(min(there, isSell ? book.takenBids : book.takenAsks)) as Usd, ZERO_USD);
}

/** The middle of a level, to the tick against whoever trades; null where nothing above zero is left. */
function levelPrice({ halfSpread, stepShare, tickSize }: BookRules, mid: Price, level: Decimal, isSell: boolean) {
  const away = halfSpread.add(stepShare.mul(level.add("0.5")));
  const raw = mid.mul(isSell ? new Decimal(1).sub(away) : away.add(1));
  const ticks = raw.div(tickSize).toDecimalPlaces(0, isSell ? Decimal.ROUND_FLOOR : Decimal.ROUND_CEIL);
  return ticks.gt(0) ? (ticks.mul(tickSize) as Price) : null;
}
