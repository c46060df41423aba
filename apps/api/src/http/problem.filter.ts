import { randomUUID } from "node:crypto";
import { type ErrorCode, ROUTE_LIST } from "@ballast/api-contract";
import { MissingPrice } from "@ballast/risk-core";
import { DatabaseUnavailable, LockTimedOut, StatementTimedOut, TransactionConflict } from "@ballast/store";
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import { Events } from "../events.js";
import { pathOf, problemOf, sendProblem } from "./problem.js";
import { Refusal } from "./refusal.js";
import { MalformedJson } from "./strict-json.js";

/*
 * The one place where an error becomes an answer. A refusal carries its code; what the framework says is put into our
 * words; everything else is our fault, is logged here once, and leaves with nothing but its id.
 */

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(Events) private readonly events: Events) {}

  catch(thrown: unknown, host: ArgumentsHost): FastifyReply {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const traceId = typeof request.id === "string" ? request.id : randomUUID();
    const refusal = refusalOf(thrown, request);
    if (refusal.status >= 500) this.events.requestFailed(traceId, request.method, request.url, thrown);
    const body = problemOf(refusal, pathOf(request.url), traceId);
    return sendProblem(reply.headers(refusal.headers), body);
  }
}

function refusalOf(thrown: unknown, request: FastifyRequest): Refusal {
  if (thrown instanceof Refusal) return thrown;
  if (thrown instanceof HttpException) return frameworkRefusal(thrown.getStatus(), request);
  if (thrown instanceof MalformedJson) return new Refusal("BODY_MALFORMED", { because: thrown.message });
  if (thrown instanceof MissingPrice) return new Refusal("PRICE_MISSING", { of: thrown.of });
  if (isPassingFault(thrown)) return new Refusal("DATABASE_UNAVAILABLE", {}, [], { "retry-after": "1" });
  return new Refusal("INTERNAL");
}

const FRAMEWORK_CODES: Readonly<Record<number, ErrorCode>> = {
  404: "ROUTE_UNKNOWN",
  413: "BODY_TOO_LARGE",
  415: "CONTENT_TYPE_UNSUPPORTED",
};

function frameworkRefusal(status: number, request: FastifyRequest): Refusal {
  if (status >= 500) return new Refusal("INTERNAL");
  if (status === 404) return notFound(request);
  return new Refusal(FRAMEWORK_CODES[status] ?? "REQUEST_MALFORMED");
}

/** An address that answers other methods says which; an address that answers none says so. */
function notFound(request: FastifyRequest): Refusal {
  const allowed = methodsOf(pathOf(request.url));
  if (allowed.length === 0 || allowed.includes(request.method)) return new Refusal("ROUTE_UNKNOWN");
  return new Refusal("METHOD_NOT_ALLOWED", { allowed: [...allowed] }, [], { allow: allowed.join(", ") });
}

const PATHS = ROUTE_LIST.map((route) => ({
  method: route.method,
  form: new RegExp(`^${route.path.replaceAll(/:[a-zA-Z]+/g, "[^/]+").replaceAll(".", "\\.")}$`),
}));

function methodsOf(path: string): readonly string[] {
  return [...new Set(PATHS.filter((route) => route.form.test(path)).map((route) => route.method))];
}

/** The database is away, or others were in the way for too long: asking again may help. */
function isPassingFault(thrown: unknown): boolean {
  return (
    thrown instanceof DatabaseUnavailable ||
    thrown instanceof TransactionConflict ||
    thrown instanceof LockTimedOut ||
    thrown instanceof StatementTimedOut
  );
}
