import { type ErrorCode, type Facts, HTTP_STATUS, type ItemRejection, SENTENCE } from "@ballast/api-contract";
import type { Rejection, Result } from "@ballast/model";
import { printDecimal } from "@ballast/money";

/** One field that was refused, by JSON pointer. */
export interface FieldFault {
  readonly pointer: string;
  readonly detail: string;
}

/** A no on its way to the client: thrown at the door only, and translated by the problem filter. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  constructor(
    readonly code: ErrorCode,
    readonly facts: Facts = {},
    readonly errors: readonly FieldFault[] = [],
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(SENTENCE[code]);
  }
  get status(): number {
    return HTTP_STATUS[this.code];
  }
}

/** The value of a yes. @throws Refusal with the code and facts of a no. */
export function accept<Value>(result: Result<Value, Rejection>): Value {
  if (result.ok) return result.value;
  throw new Refusal(result.rejection.code, factsOf(result.rejection));
}

/** A rejection as one item of a batch answer. */
export function itemRejection(rejection: Rejection): ItemRejection {
  return { code: rejection.code, message: SENTENCE[rejection.code], facts: factsOf(rejection) };
}

/** The facts of a rejection as they stand on the wire: decimals as text, the code left out. */
export function factsOf(rejection: Rejection): Facts {
  const facts: Facts = {};
  for (const [name, value] of Object.entries(rejection)) {
    if (name === "code") continue;
    facts[name] = typeof value === "string" || typeof value === "number" ? value : printDecimal(value);
  }
  return facts;
}
