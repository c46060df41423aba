/** What the command line needs of the process around it. */
export interface Surroundings {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

const USAGE = `npm run -s ballast -- COMMAND [options]
`;

/** Runs one command and answers the exit code: 0 done, 1 the answer is no, 2 the command line cannot be understood. */
export async function main(args: readonly string[], { stdout, stderr }: Surroundings): Promise<number> {
  if (args[0] === undefined || args[0] === "--help") {
    stdout.write(USAGE);
    return 0;
  }
  stderr.write(`there is no command ${JSON.stringify(args[0])}\n\n${USAGE}`);
  return 2;
}
