/** What a command needs of the process around it. */
export interface Surroundings {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/** One word of the command line. */
export interface Command {
  /** What `--help` prints: the line to type, what it does, its options. */
  readonly usage: string;
  /**
   * Runs it and answers the exit code: 0 done, 1 the answer is no.
   *
   * @throws BadUse when the arguments cannot be understood, or name a file that cannot be read: exit code 2.
   */
  readonly run: (args: readonly string[], surroundings: Surroundings) => number | Promise<number>;
}

/** A command line that cannot be carried out. The message is what its writer needs to read. */
export class BadUse extends Error {
  override readonly name = "BadUse";
  constructor(
    readonly code: "USAGE" | "FILE_UNREADABLE" | "FILE_MALFORMED",
    message: string,
  ) {
    super(message);
  }
}
