import { ProblemAnswer } from "@ballast/api-contract";
import { Alert, Loader } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";

/** A problem as the house said it: title, detail, and the trace to ask about. */
export function ProblemNote({ error }: { readonly error: Error }) {
  const problem = error instanceof ProblemAnswer ? error.problem : null;
  return (
    <Alert color="red" role="alert" title={problem?.title ?? "The API cannot be reached"}>
      {problem?.detail ?? error.message}
      {problem && <div>Trace {problem.traceId}</div>}
    </Alert>
  );
}

/** What a query answered, or why there is nothing; an older answer stays on the screen and is called stale. */
export function Answer<Body>(props: {
  readonly query: UseQueryResult<Body>;
  readonly children: (body: Body) => ReactNode;
}) {
  const { data, error } = props.query;
  if (data === undefined) return error ? <ProblemNote error={error} /> : <Loader aria-label="Loading" />;
  return (
    <>
      {error && <Alert color="yellow">Stale: the last attempt to refresh failed.</Alert>}
      {error && <ProblemNote error={error} />}
      {props.children(data)}
    </>
  );
}
