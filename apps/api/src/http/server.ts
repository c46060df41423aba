import { createHash, randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { BODY_BYTES_MAX, ROUTE_LIST } from "@ballast/api-contract";
import cookie from "@fastify/cookie";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Principal } from "../auth/principal.js";
import { pathOf, PROBLEM_TYPE, problemOf, sendProblem } from "./problem.js";
import { Refusal } from "./refusal.js";
import { parseStrictJson } from "./strict-json.js";

declare module "fastify" {
  interface FastifyRequest {
    /** The bytes of the body, for its signature and fingerprint. */
    rawBody?: Buffer;
    /** Who is asking; set by the access guard on every route that is not for anyone. */
    principal?: Principal;
  }
}

/** Where people read the OpenAPI document; its pages bring scripts of their own. */
export const DOCS_PATH = "/docs";

/** The form of a trace id that a caller may bring along. */
const TRACE_ID = /^[A-Za-z0-9._-]{8,64}$/;

/** Returns the HTTP server: one body parser, a body limit a route, a trace id a request, ETags on reads. */
export async function createServer(): Promise<FastifyAdapter> {
  const adapter = new FastifyAdapter({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    exposeHeadRoutes: false,
    requestTimeout: 30_000,
    genReqId: (request: IncomingMessage) => {
      const brought = request.headers["x-request-id"];
      return typeof brought === "string" && TRACE_ID.test(brought) ? brought : randomUUID();
    },
    routerOptions: { maxParamLength: 128 },
    // A request that was let in before the stop is answered; the connection closes after it.
    return503OnClosing: false,
    frameworkErrors: (_fault: Error, request: FastifyRequest, reply: FastifyReply) => {
      sendProblem(reply, problemOf(new Refusal("REQUEST_MALFORMED"), pathOf(request.url), request.id));
    },
    clientErrorHandler: refuseUnreadable,
  });
  const fastify = adapter.getInstance() as unknown as FastifyInstance;
  limitBodies(fastify);
  readJsonOnly(fastify);
  fastify.addHook("onRequest", (request, reply, done) => {
    reply.header("x-request-id", request.id);
    reply.header("x-content-type-options", "nosniff");
    reply.header("referrer-policy", "no-referrer");
    reply.header("x-frame-options", "DENY");
    if (!request.url.startsWith(DOCS_PATH))
      reply.header("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
    done();
  });
  fastify.addHook("onSend", tagReads);
  await fastify.register(cookie);
  return adapter;
}

/** Bytes on the wire that are no HTTP request: answered in words, and the connection is closed. */
function refuseUnreadable(_fault: Error, socket: Socket): void {
  if (!socket.writable || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(problemOf(new Refusal("REQUEST_MALFORMED"), "", randomUUID()));
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nContent-Type: ${PROBLEM_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

/** Each route's own limit; Nest registers routes after this hook. */
function limitBodies(fastify: FastifyInstance): void {
  const limits = new Map(ROUTE_LIST.map((route) => [`${route.method} ${route.path}`, route.bodyBytesMax]));
  fastify.addHook("onRoute", (options) => {
    const methods = Array.isArray(options.method) ? options.method : [options.method];
    const limit = limits.get(`${methods[0]} ${options.url}`);
    if (limit !== undefined) options.bodyLimit = limit;
  });
}

function readJsonOnly(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    "application/json",
    { parseAs: "buffer" },
    (request: FastifyRequest, body: Buffer, done: (fault: Error | null, value?: unknown) => void) => {
      request.rawBody = body;
      try {
        done(null, parseStrictJson(body));
      } catch (fault) {
        done(fault as Error);
      }
    },
  );
}

/** A read carries the digest of its bytes; who has them already gets 304 and no body. */
async function tagReads(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  if (request.method !== "GET" || reply.statusCode !== 200 || typeof payload !== "string") return payload;
  if (reply.getHeader("cache-control") === undefined) reply.header("cache-control", "private, no-cache");
  const tag = `"${createHash("sha256").update(payload).digest("base64url").slice(0, 27)}"`;
  reply.header("etag", tag);
  if (request.headers["if-none-match"] !== tag) return payload;
  reply.code(304).removeHeader("content-type").removeHeader("content-length");
  return "";
}
