import { type Access, type Route, type Scope, scope as scopeSchema, SIGNATURE_WINDOW_MS } from "@ballast/api-contract";
import { type AccountId, ID_GRAMMAR, type UtcMillis } from "@ballast/model";
import type { Store } from "@ballast/store";
import { type CanActivate, type ExecutionContext, Inject, Injectable } from "@nestjs/common";
import { Reflector } from "@nestjs/core";
import type { FastifyReply, FastifyRequest } from "fastify";
import { Events } from "../events.js";
import { ENDPOINT } from "../http/endpoint.js";
import { Refusal } from "../http/refusal.js";
import { CLOCK, type Clock, STORE } from "../house/tokens.js";
import { KeyVault, newSecret } from "./key-vault.js";
import type { Principal } from "./principal.js";
import { SESSION_COOKIE, Sessions } from "./sessions.js";
import { isAuthentic, isInWindow, isSigned, readSignature, sha256Hex } from "./signature.js";

/*
 * The lock on every door. A handler without a route of the contract answers nobody. Who asks is found out first (a
 * signature, or a console session), then whether they may do this at all (scope), then whether they may do it to this
 * account. An account that belongs to somebody else and one that does not exist get the same answer (API-3).
 */

/** How often nonces that the window refuses anyway are forgotten. */
const SWEEP_EVERY = 1000;

@Injectable()
export class AccessGuard implements CanActivate {
  /** Stands in for the secret of a key that does not exist, so that its refusal takes as long. */
  private readonly nobody = newSecret();
  private requests = 0;

  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(STORE) private readonly store: Store,
    @Inject(KeyVault) private readonly vault: KeyVault,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Events) private readonly events: Events,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const route = this.reflector.get<Route | undefined>(ENDPOINT, context.getHandler());
    try {
      if (route === undefined) throw new Refusal("SCOPE_INSUFFICIENT");
      if (!route.access.anyone) {
        request.principal = await this.identify(request, context.switchToHttp().getResponse<FastifyReply>(), route);
        authorise(request.principal, route.access);
        await this.authoriseAccounts(request.principal, request, route.access);
      }
      return true;
    } catch (refused) {
      if (refused instanceof Refusal) this.events.accessRefused(request.id, refused.code, keyIdOf(request));
      throw refused;
    }
  }

  private async identify(request: FastifyRequest, reply: FastifyReply, route: Route): Promise<Principal> {
    if (isSigned(request.headers)) return this.bySignature(request);
    const token = request.cookies[SESSION_COOKIE];
    if (token === undefined) {
      throw new Refusal(route.access.scopes.length > 0 ? "SIGNATURE_MISSING" : "SESSION_REQUIRED");
    }
    const session = await this.sessions.find(token, reply);
    if (session === null) throw new Refusal("SESSION_REQUIRED");
    if (route.method !== "GET") this.sessions.checkOrigin(request, "required");
    return session;
  }

  /** Codes: SIGNATURE_MISSING, SIGNATURE_INVALID, TIMESTAMP_OUTSIDE_WINDOW, NONCE_REUSED. @method API-2 */
  private async bySignature(request: FastifyRequest): Promise<Principal> {
    const signed = readSignature(request.headers);
    if (!signed.ok) throw new Refusal(signed.rejection);
    const { keyId, timestamp, nonce, digest } = signed.value;
    const now = this.clock();
    if (!isInWindow(timestamp, now)) throw new Refusal("TIMESTAMP_OUTSIDE_WINDOW", { windowMs: SIGNATURE_WINDOW_MS });
    const key = await this.store.apiKey(keyId);
    const secret = key === null ? this.nobody : this.vault.open(key.id, key.secretEncrypted);
    const authentic = isAuthentic(digest, secret, {
      timestamp,
      nonce,
      method: request.method,
      target: request.url,
      bodySha256: sha256Hex(request.rawBody ?? ""),
    });
    if (key === null || key.disabled || !authentic) throw new Refusal("SIGNATURE_INVALID");
    // Only now: a nonce may be used up by nobody but the owner of the key.
    if (!(await this.store.useNonce(keyId, nonce, now))) throw new Refusal("NONCE_REUSED");
    this.sweepNonces(now);
    return { kind: "key", id: key.id, account: key.account, scopes: key.scopes.filter(isScope) };
  }

  /** May a key that is bound to an account name the accounts that this request names? */
  private async authoriseAccounts(principal: Principal, request: FastifyRequest, access: Access): Promise<void> {
    if (principal.kind !== "key" || principal.scopes.includes("exchange") || access.subject === "none") return;
    const { account } = principal;
    const named = accountsNamed(request, access);
    if (account === null || named === null) throw new Refusal("ACCOUNT_FORBIDDEN");
    const others = named.filter((id) => id !== account);
    if (others.length === 0) return;
    const standings = await this.store.standings(others);
    if (others.some((id) => standings.get(id)?.parent !== account)) throw new Refusal("ACCOUNT_FORBIDDEN");
  }

  private sweepNonces(now: UtcMillis): void {
    this.requests += 1;
    if (this.requests % SWEEP_EVERY !== 0) return;
    const before = (now - 2 * SIGNATURE_WINDOW_MS) as UtcMillis;
    this.store.forgetNonces(before).catch((fault: unknown) => this.events.sweepFailed(fault));
  }
}

/** Does the principal have a scope of the route, or is it a session where sessions may ask? */
function authorise(principal: Principal, access: Access): void {
  const allowed =
    principal.kind === "session" ? access.session : access.scopes.some((scope) => principal.scopes.includes(scope));
  if (!allowed) throw new Refusal("SCOPE_INSUFFICIENT");
}

/**
 * The accounts that a request names; null when one of them cannot be an account. Read before the body is validated, so
 * every shape is possible.
 */
function accountsNamed(request: FastifyRequest, access: Access): readonly AccountId[] | null {
  const source = access.subject === "path" ? request.params : request.body;
  const fields = access.subject === "path" ? ["account"] : ["from", "to"];
  if (typeof source !== "object" || source === null) return null;
  const named = fields.map((field) => (source as Record<string, unknown>)[field]);
  return named.every((id): id is AccountId => typeof id === "string" && ID_GRAMMAR.test(id)) ? named : null;
}

function isScope(text: string): text is Scope {
  return scopeSchema.safeParse(text).success;
}

function keyIdOf(request: FastifyRequest): string | null {
  const signed = readSignature(request.headers);
  return signed.ok ? signed.value.keyId : null;
}
