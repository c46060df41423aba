import { printTime, ROUTES, type SessionBody, signInRequest, type SignInRequest } from "@ballast/api-contract";
import { Body, Controller, Inject, Req, Res } from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Principal } from "../auth/principal.js";
import { Sessions } from "../auth/sessions.js";
import { Endpoint } from "../http/endpoint.js";
import { Refusal } from "../http/refusal.js";
import { SessionService } from "./session.service.js";

@Controller()
export class SessionController {
  constructor(
    @Inject(SessionService) private readonly service: SessionService,
    @Inject(Sessions) private readonly sessions: Sessions,
  ) {}

  @Endpoint(ROUTES.signIn)
  signIn(
    @Body({ schema: signInRequest }) body: SignInRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionBody> {
    this.sessions.checkOrigin(request, "optional");
    return this.service.signIn(body, request.ip, reply);
  }

  @Endpoint(ROUTES.session)
  session(@Req() request: FastifyRequest): SessionBody {
    const { name, role, expiresAt } = sessionOf(request);
    return { name, role, expiresAt: printTime(expiresAt) };
  }

  @Endpoint(ROUTES.signOut)
  async signOut(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ signedOut: true }> {
    await this.sessions.end(sessionOf(request), reply);
    return { signedOut: true };
  }
}

function sessionOf({ principal }: FastifyRequest): Extract<Principal, { kind: "session" }> {
  if (principal?.kind !== "session") throw new Refusal("SESSION_REQUIRED");
  return principal;
}
