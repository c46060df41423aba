import { createHmac, randomBytes } from "node:crypto";
import type { UtcMillis } from "@ballast/model";
import type { AdminSession, AdminUser, Store } from "@ballast/store";
import { Inject, Injectable } from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import { type Config, SESSION_AGE_MS_MAX, SESSION_IDLE_MS } from "../config.js";
import { Refusal } from "../http/refusal.js";
import { CLOCK, type Clock, CONFIG, STORE } from "../house/tokens.js";
import type { Principal } from "./principal.js";

/** The cookie of a console session. */
export const SESSION_COOKIE = "ballast_session";

/** A session is extended when this much of its idle time has gone, not on every request. */
const EXTEND_AFTER_MS = 60_000;

/**
 * Console sessions: a random token in a cookie that scripts cannot read and other sites do not send; in the database
 * only its keyed digest. A session ends after half an hour without a request, and twelve hours after sign-in.
 */
@Injectable()
export class Sessions {
  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Starts a session, sets its cookie, and answers when it ends. */
  async start(user: AdminUser, reply: FastifyReply): Promise<UtcMillis> {
    const token = randomBytes(32).toString("base64url");
    const createdAt = this.clock();
    const expiresAt = endOf(createdAt, createdAt);
    await this.store.forgetSessions(createdAt);
    await this.store.startSession({ tokenHash: this.digest(token), userId: user.id, createdAt, expiresAt });
    this.setCookie(reply, token, createdAt);
    return expiresAt;
  }

  /** The session of a token, extended by this request; null when there is none or it has ended. */
  async find(token: string, reply: FastifyReply): Promise<Extract<Principal, { kind: "session" }> | null> {
    const now = this.clock();
    const found = await this.store.session(this.digest(token), now);
    if (found === null) return null;
    const expiresAt = await this.extend(found, now);
    if (expiresAt !== found.expiresAt) this.setCookie(reply, token, found.createdAt);
    return { kind: "session", id: found.tokenHash, name: found.user.name, role: found.user.role, expiresAt };
  }

  async end(session: Extract<Principal, { kind: "session" }>, reply: FastifyReply): Promise<void> {
    await this.store.endSession(session.id);
    reply.clearCookie(SESSION_COOKIE, { path: "/" });
  }

  /**
   * Does the request come from a page of ours? A page of another site can make a browser send requests, but not lie
   * about its origin. `optional` lets requests through that no page made. @throws Refusal ORIGIN_FORBIDDEN
   */
  checkOrigin(request: FastifyRequest, origin: "required" | "optional"): void {
    const from = request.headers.origin;
    if (from === undefined && origin === "optional") return;
    if (from === undefined || !this.isOurs(from, request.headers.host)) throw new Refusal("ORIGIN_FORBIDDEN");
  }

  private isOurs(origin: string, host: string | undefined): boolean {
    if (this.config.consoleOrigins.includes(origin)) return true;
    return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
  }

  private async extend(session: AdminSession, now: UtcMillis): Promise<UtcMillis> {
    const expiresAt = endOf(session.createdAt, now);
    if (expiresAt - session.expiresAt < EXTEND_AFTER_MS) return session.expiresAt;
    await this.store.extendSession(session.tokenHash, expiresAt);
    return expiresAt;
  }

  private setCookie(reply: FastifyReply, token: string, createdAt: UtcMillis): void {
    reply.setCookie(SESSION_COOKIE, token, {
      path: "/",
      httpOnly: true,
      sameSite: "strict",
      secure: this.config.cookieSecure,
      expires: new Date(createdAt + SESSION_AGE_MS_MAX),
    });
  }

  private digest(token: string): string {
    return createHmac("sha256", this.config.sessionSecret).update(`session\n${token}`).digest("hex");
  }
}

function endOf(createdAt: UtcMillis, seenAt: UtcMillis): UtcMillis {
  return Math.min(createdAt + SESSION_AGE_MS_MAX, seenAt + SESSION_IDLE_MS) as UtcMillis;
}
