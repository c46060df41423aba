import type { MonotonicClock } from "./tokens.js";

/**
 * Returns a question that is worked on at most once in so many milliseconds: whoever asks meanwhile shares the answer that there is, or
 * waits for the one that is being made. An answer that failed is not kept.
 */
export function onceEvery<Answer>(
  ageMsMax: number,
  make: () => Promise<Answer>,
  elapsedMs: MonotonicClock,
): () => Promise<Answer> {
  let kept: { readonly answer: Promise<Answer>; readonly madeAtMs: number; isDone: boolean } | null = null;
  return () => {
    if (kept !== null && (!kept.isDone || elapsedMs() - kept.madeAtMs < ageMsMax)) return kept.answer;
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
