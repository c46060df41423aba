/**
 * We have a bug: something that must be true is not. Thrown, never caught below the edge of the process.
 */
export class InvariantViolation extends Error {
  override readonly name = "InvariantViolation";
  readonly code = "INVARIANT_VIOLATED";
  constructor(
    readonly invariant: string,
    readonly facts: Facts,
  ) {
    super(`${invariant}: ${JSON.stringify(facts)}`);
  }
}

/** What was found, for the message; as a function where working it out costs something on the good path. */
export type Facts = Readonly<Record<string, unknown>>;

/**
 * Asserts what must be true; `invariant` names the clause, `facts` what was found (asked for only when it does not hold).
 *
 * @throws InvariantViolation
 */
export function assertInvariant(holds: boolean, invariant: string, facts: Facts | (() => Facts) = {}): asserts holds {
  if (!holds) throw new InvariantViolation(invariant, typeof facts === "function" ? facts() : facts);
}
