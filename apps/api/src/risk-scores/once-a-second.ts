import type { MonotonicClock } from "../house/tokens.js";

/** How old an answer may be that is given again, in milliseconds. */
const AGE_MS_MAX = 1000;

/**
 * Returns a question that is worked on at most once a second: whoever asks meanwhile shares the answer that there is, or
 * waits for the one that is being made. An answer that failed is not kept.
 */
export function onceASecond<Answer>(make: () => Promise<Answer>, elapsedMs: MonotonicClock): () => Promise<Answer> {
  let kept: { readonly answer: Promise<Answer>; readonly madeAtMs: number; isDone: boolean } | null = null;
  return () => {
    if (kept !== null && (!kept.isDone || elapsedMs() - kept.madeAtMs < AGE_MS_MAX)) return kept.answer;
    const answer = make();
    const made = { answer, madeAtMs: elapsedMs(), isDone: false };
    kept = made;
    answer.then(
      () => {
        made.isDone = true;
      },
      () => {
        if (kept === made) kept = null;
      },
    );
    return answer;
  };
}
