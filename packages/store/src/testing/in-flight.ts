/** Runs every round, `width` of them at a time, and answers what they answered, in order. */
export async function inFlight<Round, Answer>(
  rounds: readonly Round[],
  width: number,
  run: (round: Round, index: number) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < rounds.length; index = next++) {
      answers[index] = await run(rounds[index] as Round, index);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return answers;
}
