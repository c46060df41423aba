import { createClient, ProblemAnswer } from "@ballast/api-contract";

/** The API on the page's own origin; the session cookie says who asks. */
export const api = createClient({ baseUrl: "", fetch: (url, init) => fetch(url, init) });

/** Does this error say that nobody is signed in? */
export const isSignedOut = (error: unknown): boolean => error instanceof ProblemAnswer && error.status === 401;
