import type { Json, Tolerance } from "./parity-case.js";

/** What is left between two programs that compute the same in float64, where a file says "exact" of computed figures. */
const EXACT: Tolerance = { absolute: 1e-12, relative: 1e-12 };
/** Does a file ask for the very same figure? */
export const isExact = (tolerance: Tolerance): boolean => tolerance === EXACT;
/** Beside a relative tolerance: what a zero may be when it is the difference of figures in the thousands. */
const NEAR_ZERO = 1e-10;
const FIGURE = "(\\d+(?:\\.\\d+)?(?:e-?\\d+)?)";

/**
 * The tolerance that a file states, in any of the ways files state it: a number, `{kind, value}`, a sentence ("relative 1e-6",
 * "absolute 0.005 (published to 2 decimals)", "exact"), or `[tolerance: …]` inside a note. A sentence with both has both.
 */
export function toleranceOf(stated: Json | undefined): Tolerance {
  if (typeof stated === "number") return { absolute: stated, relative: EXACT.relative };
  if (typeof stated === "string") return toleranceOfSentence(/\[tolerance: ([^\]]*)\]/.exec(stated)?.[1] ?? stated);
  if (typeof stated === "object" && stated !== null && !Array.isArray(stated)) {
    const { kind, value, note } = stated as { kind?: Json; value?: Json; note?: Json };
    if (typeof value === "number") {
      const floor = /under \S+ in absolute size by (\S+) absolute/.exec(typeof note === "string" ? note : "")?.[1];
      if (kind === "relative") return { absolute: floor === undefined ? 1e-9 : figure(floor), relative: value };
      return { absolute: value, relative: 0 };
    }
    if (typeof kind === "string") return toleranceOfSentence(kind);
  }
  return EXACT;
}

function toleranceOfSentence(sentence: string): Tolerance {
  if (/round-half-up to integer/.test(sentence)) return { absolute: 1, relative: 0 };
  const relative = new RegExp(`rel(?:ative)? ${FIGURE}`).exec(sentence)?.[1];
  const absolute = new RegExp(`abs(?:olute)? ${FIGURE}`).exec(sentence)?.[1];
  const bare = new RegExp(`^${FIGURE}`).exec(sentence.trim())?.[1];
  if (relative !== undefined) {
    return { absolute: absolute === undefined ? NEAR_ZERO : figure(absolute), relative: figure(relative) };
  }
  const bound = absolute ?? bare;
  return bound === undefined ? EXACT : { absolute: figure(bound), relative: EXACT.relative };
}

const figure = (text: string): number => JSON.parse(text) as number;
