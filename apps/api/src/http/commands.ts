import { Inject, Injectable } from "@nestjs/common";
import type { Command, CommandAnswer, Json } from "@ballast/store";
import type { FastifyReply, FastifyRequest } from "fastify";
import { actorOf } from "../auth/principal.js";
import { sha256Hex } from "../auth/signature.js";
import { CLOCK, type Clock } from "../house/tokens.js";
import { Refusal } from "./refusal.js";

const KEY = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

/** Turns requests that change something into commands of the store. */
@Injectable()
export class Commands {
  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * Returns the command of a request: its key from `Idempotency-Key`, unique for the API key that sent it; its
   * fingerprint over method, target and the body's bytes. @throws Refusal IDEMPOTENCY_KEY_MISSING
   */
  from(request: FastifyRequest, action: string): Command {
    const { principal } = request;
    if (principal === undefined) throw new Refusal("SCOPE_INSUFFICIENT");
    const key = request.headers["idempotency-key"];
    if (typeof key !== "string" || !KEY.test(key)) throw new Refusal("IDEMPOTENCY_KEY_MISSING");
    return {
      scope: principal.id,
      key,
      fingerprint: sha256Hex(`${request.method}\n${request.url}\n${sha256Hex(request.rawBody ?? "")}`),
      actor: actorOf(principal),
      action,
      at: this.clock(),
    };
  }
}

/** The response of a command, marked when it is the stored answer of an earlier one. */
export function answerOf<Response extends Json>(reply: FastifyReply, answer: CommandAnswer<Response>): Response {
  if (answer.replayed) reply.header("idempotency-replayed", "true");
  return answer.response;
}
