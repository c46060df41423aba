/** The list cut into pieces of at most `size`. */
export function inBatches<Element>(list: readonly Element[], size: number): Element[][] {
  const pieces: Element[][] = [];
  for (let from = 0; from < list.length; from += size) pieces.push(list.slice(from, from + size));
  return pieces;
}

/** Runs `work` on every element, at most `width` at a time, and returns the answers in the list's order. */
export async function eachOf<Element, Answer>(
  list: readonly Element[],
  width: number,
  work: (element: Element) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let mine = next++; mine < list.length; mine = next++) answers[mine] = await work(list[mine] as Element);
  };
  await Promise.all(Array.from({ length: Math.min(width, list.length) }, lane));
  return answers;
}
