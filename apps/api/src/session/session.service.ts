import { printTime, type SessionBody, type SignInRequest } from "@ballast/api-contract";
import type { Store } from "@ballast/store";
import { Inject, Injectable } from "@nestjs/common";
import type { FastifyReply } from "fastify";
import { isPassword } from "../auth/password.js";
import { Sessions } from "../auth/sessions.js";
import { countedUnder, SignInLimit } from "../auth/sign-in-limit.js";
import { Events } from "../events.js";
import { Refusal } from "../http/refusal.js";
import { CLOCK, type Clock, STORE } from "../house/tokens.js";

@Injectable()
export class SessionService {
  private readonly limit = new SignInLimit();

  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Events) private readonly events: Events,
  ) {}

  /** Starts a session. Codes: SIGN_IN_LIMITED, CREDENTIALS_INVALID. */
  async signIn(body: SignInRequest, address: string, reply: FastifyReply): Promise<SessionBody> {
    const counted = countedUnder(body.name, address);
    const waitMs = this.limit.waitMs(counted, this.clock());
    if (waitMs > 0) throw this.refused("SIGN_IN_LIMITED", Math.ceil(waitMs / 1000));
    // Counted before the password is looked at, so that guesses made at the same time are counted too.
    this.limit.failed(counted, this.clock());
    const user = await this.store.adminUser(body.name);
    const known = await isPassword(body.password, user?.passwordHash ?? null);
    if (user === null || !known) throw this.refused("CREDENTIALS_INVALID");
    this.limit.succeeded(counted);
    const expiresAt = await this.sessions.start(user, reply);
    this.events.signedIn(user.name);
    return { name: user.name, role: user.role, expiresAt: printTime(expiresAt) };
  }

  private refused(code: "SIGN_IN_LIMITED" | "CREDENTIALS_INVALID", waitSeconds?: number): Refusal {
    this.events.signInRefused(code);
    return waitSeconds === undefined
      ? new Refusal(code)
      : new Refusal(code, { waitSeconds }, [], { "retry-after": String(waitSeconds) });
  }
}
