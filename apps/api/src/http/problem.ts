import { type Problem, SENTENCE } from "@ballast/api-contract";
import type { FastifyReply } from "fastify";
import type { Refusal } from "./refusal.js";

export const PROBLEM_TYPE = "application/problem+json; charset=utf-8";

/** Returns the problem document of a refusal. */
export function problemOf(refusal: Refusal, instance: string, traceId: string): Problem {
  return {
    type: `/problems/${refusal.code}`,
    title: refusal.code.toLowerCase().replaceAll("_", " "),
    status: refusal.status,
    detail: SENTENCE[refusal.code],
    instance,
    code: refusal.code,
    traceId,
    ...(Object.keys(refusal.facts).length > 0 ? { facts: refusal.facts } : {}),
    ...(refusal.errors.length > 0 ? { errors: [...refusal.errors] } : {}),
  };
}

/** Sends a problem document; nobody keeps it. */
export function sendProblem(reply: FastifyReply, body: Problem): FastifyReply {
  return reply
    .code(body.status)
    .header("content-type", PROBLEM_TYPE)
    .header("cache-control", "no-store")
    .send(JSON.stringify(body));
}

/** The path of a request target, without its query. */
export function pathOf(url: string): string {
  return url.split("?", 1)[0] ?? url;
}
