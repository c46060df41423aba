/**
 * Chance as an argument: a whole number from 0 to 999,999, wholly decided by what is asked about. Two questions never disturb each
 * other, so one order more in a run changes nothing for the others.
 */
export type Luck = (about: string) => number;

/** The luck of a seed: the same for ever. FNV-1a over the text, stirred by a multiply-and-shift finaliser. */
export function seededLuck(seed: string): Luck {
  return (about) => {
    let hash = 0x811c9dc5;
    const text = `${seed} ${about}`;
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    hash ^= hash >>> 16;
    hash = Math.imul(hash, 0x7feb352d);
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 0x846ca68b);
    return ((hash ^ (hash >>> 16)) >>> 0) % 1_000_000;
  };
}
