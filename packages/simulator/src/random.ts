/*
 * Randomness is an argument here: a generator that is wholly decided by a text. Two places that must not disturb each
 * other take two texts ("7/prices", "7/actors"), so that a draw more in one never shifts the draws of the other.
 *
 * The generator is xoshiro128** (Blackman and Vigna): 32-bit integer steps only, the same on every machine. Its state
 * comes from four FNV-1a hashes of the text, each stirred by a multiply-and-shift finaliser.
 */

/** A stream of random draws, decided by the text it was made from. */
export interface Random {
  /** Whole number from 0 to 2^32 − 1. */
  uint32(): number;
  /** Whole number from 0 to `limit` − 1, every one equally likely; `limit` from 1 to 2^32. */
  below(limit: number): number;
  /** Whole number from `least` to `most`, both possible. */
  between(least: number, most: number): number;
  /** True in `share` of 10,000 draws. */
  chance(share: number): boolean;
  /** One element of a list that is not empty. */
  pick<Element>(list: readonly Element[]): Element;
  /** The list in random order, as a new list. */
  shuffle<Element>(list: readonly Element[]): Element[];
}

/** Returns the stream of the text. The same text gives the same draws for ever. */
export function randomOf(text: string): Random {
  const state = Uint32Array.from([0x811c9dc5, 0x2b55f4a1, 0x6c62272e, 0x1b873593], (basis) => stirred(text, basis));
  if (state.every((word) => word === 0)) state[0] = 1;

  const uint32 = (): number => {
    const [a, b, c, d] = state as unknown as readonly [number, number, number, number];
    const answer = Math.imul(rotated(Math.imul(b, 5), 7), 9) >>> 0;
    const c1 = c ^ a;
    const d1 = d ^ b;
    state[1] = b ^ c1;
    state[0] = a ^ d1;
    state[2] = c1 ^ (b << 9);
    state[3] = rotated(d1, 11);
    return answer;
  };

  const below = (limit: number): number => {
    // Draws beyond the last whole multiple of `limit` are thrown away, otherwise small answers would be likelier.
    const fair = 2 ** 32 - (2 ** 32 % limit);
    let drawn = uint32();
    while (drawn >= fair) drawn = uint32();
    return drawn % limit;
  };

  const shuffle = <Element>(list: readonly Element[]): Element[] => {
    const mixed = [...list];
    for (let last = mixed.length - 1; last > 0; last -= 1) {
      const other = below(last + 1);
      const kept = mixed[last] as Element;
      mixed[last] = mixed[other] as Element;
      mixed[other] = kept;
    }
    return mixed;
  };

  return {
    uint32,
    below,
    between: (least, most) => least + below(most - least + 1),
    chance: (share) => below(10_000) < share,
    pick: <Element>(list: readonly Element[]) => list[below(list.length)] as Element,
    shuffle,
  };
}

function rotated(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

function stirred(text: string, basis: number): number {
  let hash = basis;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x7feb352d);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x846ca68b);
  return (hash ^ (hash >>> 16)) >>> 0;
}
