import type { JudgedBook } from "@ballast/risk-core";
import { type Random, randomOf } from "@ballast/simulator";

/** What a book is, in the three classes of the report and the five kinds they are made of. */
export type BookClass = "one-way" | "hedged" | "mixed";
export type BookKind = "one-way" | "pair" | "basket" | "neutral" | "mixed";

export interface ClassedBook extends JudgedBook {
  readonly class: BookClass;
  readonly kind: BookKind;
}

const ASSETS = ["BTC", "ETH", "SOL", "BNB", "XRP", "ADA", "DOGE", "LINK", "LTC", "AVAX", "BCH", "UNI"] as const;
const PAIRS = [
  ["BTC", "ETH"],
  ["SOL", "ETH"],
  ["BTC", "SOL"],
  ["XRP", "ETH"],
  ["BTC", "BNB"],
  ["DOGE", "BTC"],
  ["ADA", "LINK"],
  ["LTC", "BCH"],
  ["AVAX", "SOL"],
  ["UNI", "ETH"],
] as const;
const NEUTRAL_BOOKS = 40;
const MIXED_BOOKS = 30;

/**
 * A hundred books: 6 one way, 20 pairs, 4 baskets, 40 dollar-neutral of four to eight assets, 30 mixed of two to six.
 * The last seventy are drawn from `seed`; the same seed gives the same books for ever. Weights are shares of gross
 * notional.
 */
export function hundredBooks(seed: string): readonly ClassedBook[] {
  const neutral = randomOf(`${seed}/neutral`);
  const mixed = randomOf(`${seed}/mixed`);
  return [
    ...oneWay(),
    ...PAIRS.flatMap(([left, right]) => [pair(left, right), pair(right, left)]),
    ...baskets(),
    ...Array.from({ length: NEUTRAL_BOOKS }, (_, at) => neutralBook(at, neutral)),
    ...Array.from({ length: MIXED_BOOKS }, (_, at) => mixedBook(at, mixed)),
  ];
}

function oneWay(): ClassedBook[] {
  const held: readonly (readonly [string, readonly string[]])[] = [
    ["2", ["BTC", "ETH"]],
    ["5", ["BTC", "ETH", "SOL", "XRP", "DOGE"]],
    ["10", ASSETS.slice(0, 10)],
  ];
  return held.flatMap(([count, assets]) =>
    ([1, -1] as const).map((side) => ({
      id: `one-way/${side > 0 ? "long" : "short"}${count}`,
      class: "one-way" as const,
      kind: "one-way" as const,
      weights: new Map(assets.map((asset) => [asset, side / assets.length])),
    })),
  );
}

function pair(long: string, short: string): ClassedBook {
  return {
    id: `pair/${long}-${short}`,
    class: "hedged",
    kind: "pair",
    weights: new Map([
      [long, 0.5],
      [short, -0.5],
    ]),
  };
}

/** Five others against BTC, and five others against BTC and ETH, both ways round. */
function baskets(): ClassedBook[] {
  const against: readonly (readonly [readonly string[], readonly string[]])[] = [
    [["ETH", "SOL", "XRP", "ADA", "LINK"], ["BTC"]],
    [
      ["BNB", "DOGE", "LTC", "AVAX", "BCH"],
      ["BTC", "ETH"],
    ],
  ];
  return against.flatMap(([others, majors]) =>
    ([1, -1] as const).map((side) => ({
      id: `basket/${side > 0 ? "long" : "short"} others against ${majors.join("+")}`,
      class: "hedged" as const,
      kind: "basket" as const,
      weights: new Map([
        ...majors.map((asset) => [asset, (-side * 0.5) / majors.length] as const),
        ...others.map((asset) => [asset, (side * 0.5) / others.length] as const),
      ]),
    })),
  );
}

/** Four to eight assets, half of them long and half short, each side half of gross, weights drawn from one to three. */
function neutralBook(at: number, random: Random): ClassedBook {
  const assets = random.shuffle(ASSETS).slice(0, random.between(4, 8));
  const longs = Math.floor(assets.length / 2);
  const sides = [assets.slice(0, longs), assets.slice(longs)];
  const weights = sides.flatMap((side, short) => {
    const drawn = side.map(() => random.between(1000, 3000));
    const sum = drawn.reduce((total, weight) => total + weight, 0);
    return side.map((asset, leg) => [asset, ((short === 0 ? 0.5 : -0.5) * (drawn[leg] as number)) / sum] as const);
  });
  return { id: `neutral/${numbered(at)}`, class: "hedged", kind: "neutral", weights: new Map(weights) };
}

/** Two to six assets, each long or short by a coin, weights drawn from one to three. */
function mixedBook(at: number, random: Random): ClassedBook {
  const assets = random.shuffle(ASSETS).slice(0, random.between(2, 6));
  const drawn = assets.map(() => random.between(1000, 3000) * (random.chance(5000) ? 1 : -1));
  const gross = drawn.reduce((total, weight) => total + Math.abs(weight), 0);
  const weights = assets.map((asset, leg) => [asset, (drawn[leg] as number) / gross] as const);
  return { id: `mixed/${numbered(at)}`, class: "mixed", kind: "mixed", weights: new Map(weights) };
}

const numbered = (at: number): string => String(at).padStart(2, "0");
