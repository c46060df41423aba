import { type OwnBook, printTime, type QuoteRound, type SourceTick } from "@ballast/api-contract";
import { type AssetId, assetId, type InstrumentId, type MarketSnapshot, type UtcMillis } from "@ballast/model";
import { Decimal, type Price, printDecimal, type Ratio, ratio } from "@ballast/money";
import { evenText, type Random, randomOf } from "@ballast/simulator";
import {
  BOOK_HALF_SPREAD,
  BOOK_LEAD,
  BOOK_LEAD_MAX,
  PLAYED_INSTRUMENTS,
  type PlayedInstrument,
  PRICE_SCALE,
  ROUND_MS,
  USDC,
  VENUE_NOISE,
  VENUES,
} from "./assumptions.js";

/*
 * From snapshots to what an exchange hears. A snapshot of the scenario says where the market is; nobody is told that. Told
 * is what five venues say of every asset, each a little beside it, and what the own books are, once a minute on the
 * straight way from one snapshot to the next. What it is worth is for the house to find out.
 *
 * While the market moves, the book of a perpetual runs ahead of the venues by a small share of the move: that is where
 * its premium, and so its funding, comes from.
 */

/** A stretch of the scenario that is told in one push. */
export interface Stretch {
  /** Decides the noise of the venues. */
  readonly seed: string;
  /** When the feed's clock began. */
  readonly startedAt: UtcMillis;
  /** Null where the stretch is the beginning: then one moment is told, that of `to`. */
  readonly from: MarketSnapshot | null;
  readonly to: MarketSnapshot;
}

/** What is heard in a stretch, after its first moment and up to its last. */
export function quoteRounds(stretch: Stretch): QuoteRound[] {
  const { from, to } = stretch;
  if (from === null) return [roundAt(stretch, to.at)];
  const count = Math.max(1, Math.round((to.at - from.at) / ROUND_MS));
  return Array.from({ length: count }, (_, round) =>
    roundAt(stretch, (from.at + Math.round(((to.at - from.at) * (round + 1)) / count)) as UtcMillis),
  );
}

function roundAt(stretch: Stretch, at: UtcMillis): QuoteRound {
  const { seed, startedAt, to } = stretch;
  const elapsedMs = at - startedAt;
  // Rises with time alone, so that a push that is told again says the same.
  const sequence = elapsedMs;
  const random = randomOf(`${seed}/quotes/${elapsedMs}`);
  return {
    elapsedMs,
    at: printTime(at),
    ticks: [...to.indexPrices.keys()].flatMap((asset) => ticksOf(stretch, asset, at, sequence, random)),
    books: PLAYED_INSTRUMENTS.map((instrument) => bookOf(stretch, instrument, at, sequence)),
  };
}

function ticksOf(
  stretch: Stretch,
  asset: AssetId,
  at: UtcMillis,
  sequence: number,
  random: Random,
): readonly SourceTick[] {
  const level = between(stretch, at, ({ indexPrices }) => indexPrices.get(asset) as Price);
  return VENUES.map((source) => {
    const noise = asset === USDC ? "0" : evenText(random.uint32(), -VENUE_NOISE, VENUE_NOISE, 8);
    return { asset, source, sequence, price: beside(level, ratio(noise)), ageMs: 0 };
  });
}

function bookOf(stretch: Stretch, instrument: PlayedInstrument, at: UtcMillis, sequence: number): OwnBook {
  const { id } = instrument;
  const level = between(stretch, at, ({ markPrices }) => markPrices.get(id) as Price);
  const middle = level.mul(leadOf(stretch, instrument).add(1)) as Price;
  return {
    instrument: id,
    sequence,
    bid: beside(middle, BOOK_HALF_SPREAD.neg() as Ratio),
    ask: beside(middle, BOOK_HALF_SPREAD),
    last: beside(middle, ratio("0")),
    depth: printDecimal(stretch.to.depths.get(id as InstrumentId) as Decimal),
  };
}

/** How far the book of a perpetual stands beyond the venues: its share of the move of the stretch. */
function leadOf({ from, to }: Stretch, { underlying, expiresAt }: PlayedInstrument): Ratio {
  if (from === null || expiresAt !== null) return ratio("0");
  const [before, after] = [from, to].map(({ indexPrices }) => indexPrices.get(assetId(underlying)) as Price) as [
    Price,
    Price,
  ];
  const lead = after.div(before).sub(1).mul(BOOK_LEAD);
  return Decimal.min(Decimal.max(lead, BOOK_LEAD_MAX.neg()), BOOK_LEAD_MAX) as Ratio;
}

/** A price on the straight way between the two ends of the stretch. */
function between({ from, to }: Stretch, at: UtcMillis, read: (market: MarketSnapshot) => Price): Price {
  const end = read(to);
  if (from === null) return end;
  const start = read(from);
  const share = new Decimal(at - from.at).div(to.at - from.at);
  return start.add(end.sub(start).mul(share)) as Price;
}

function beside(price: Price, share: Ratio): string {
  return printDecimal(price.mul(share.add(1)).toDecimalPlaces(PRICE_SCALE));
}
