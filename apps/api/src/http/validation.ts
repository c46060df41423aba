import { StandardSchemaValidationPipe } from "@nestjs/common";
import { type FieldFault, Refusal } from "./refusal.js";

/** How many faults of one request are told. */
const FAULTS_MAX = 20;

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** Refuses what is not of its schema, naming each field by JSON pointer and never echoing a value. */
export function validationPipe(): StandardSchemaValidationPipe {
  return new StandardSchemaValidationPipe({
    exceptionFactory: (issues) => new Refusal("REQUEST_INVALID", {}, issues.slice(0, FAULTS_MAX).map(faultOf)),
  });
}

function faultOf(issue: Issue): FieldFault {
  const keys = (issue.path ?? []).map((part) => String(typeof part === "object" ? part.key : part));
  return {
    pointer: keys.map((key) => `/${key.slice(0, 64).replaceAll("~", "~0").replaceAll("/", "~1")}`).join(""),
    detail: issue.message.slice(0, 200),
  };
}
