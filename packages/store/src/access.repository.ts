import { type AccountId, ok, type Rejection, type Result, type UtcMillis } from "@ballast/model";
import type { Database } from "./client.js";
import type { Command, CommandAnswer } from "./command.js";
import { lockCommand, runOnce } from "./run-once.js";

/** A key that signs requests. The store keeps its secret as it is given, which must be encrypted. */
export interface ApiKey {
  readonly id: string;
  /** The account that the key is bound to, with its sub-accounts; null for the exchange's own. */
  readonly account: AccountId | null;
  readonly scopes: readonly string[];
  readonly secretEncrypted: string;
  readonly disabled: boolean;
  readonly createdAt: UtcMillis;
}

export type NewApiKey = Pick<ApiKey, "id" | "account" | "scopes" | "secretEncrypted">;

/** A person who may look into the console. */
export interface AdminUser {
  readonly id: string;
  readonly name: string;
  readonly passwordHash: string;
  readonly role: string;
}

/** A signed-in browser. The token itself is never stored. */
export interface AdminSession {
  readonly tokenHash: string;
  readonly user: AdminUser;
  readonly createdAt: UtcMillis;
  readonly expiresAt: UtcMillis;
}

/** Who may ask. */
export interface Access {
  /**
   * Creates a key, once per (scope, key) of the command; the answer never contains the secret.
   * Rejects with ACCOUNT_UNKNOWN. @throws DatabaseFault `ConstraintRefused` when the id is taken.
   */
  createApiKey(command: Command, key: NewApiKey): Promise<Result<CommandAnswer<{ readonly id: string }>, Rejection>>;
  /** Creates the key, or gives the one with that id these properties: for keys that come from the environment. */
  ensureApiKey(key: NewApiKey, at: UtcMillis): Promise<void>;
  apiKey(id: string): Promise<ApiKey | null>;
  /** Keys bound to an account, the oldest first. */
  apiKeysOf(account: AccountId): Promise<readonly ApiKey[]>;
  /** Answers false when there is no such key. */
  disableApiKey(id: string): Promise<boolean>;
  /** Remembers a nonce; answers false when the key has used it before. */
  useNonce(keyId: string, nonce: string, at: UtcMillis): Promise<boolean>;
  /** Forgets nonces of before that time, which the timestamp check refuses anyway; answers how many. */
  forgetNonces(before: UtcMillis): Promise<number>;
  /** Creates the person, or gives the one of that name this password and role. */
  ensureAdminUser(user: AdminUser, at: UtcMillis): Promise<void>;
  adminUser(name: string): Promise<AdminUser | null>;
  startSession(session: Omit<AdminSession, "user"> & { readonly userId: string }): Promise<void>;
  /** The session of that token if it has not expired at `now`. */
  session(tokenHash: string, now: UtcMillis): Promise<AdminSession | null>;
  /** Moves the end of a session that was just used; one that has been ended meanwhile stays ended. */
  extendSession(tokenHash: string, expiresAt: UtcMillis): Promise<void>;
  endSession(tokenHash: string): Promise<void>;
  /** Removes sessions that have expired; answers how many. */
  forgetSessions(now: UtcMillis): Promise<number>;
}

export function accessRepository({ pool, sql, prisma }: Database): Access {
  return {
    createApiKey: (command, key) => createApiKey(pool, command, key),
    async ensureApiKey({ id, account, scopes, secretEncrypted }, at) {
      const properties = { accountId: account, scopes: [...scopes], secretEncrypted };
      await prisma.apiKey.upsert({
        where: { id },
        create: { id, ...properties, createdAt: new Date(at) },
        update: properties,
      });
    },
    async apiKey(id) {
      const row = await prisma.apiKey.findUnique({ where: { id } });
      return row === null ? null : apiKey(row);
    },
    async apiKeysOf(account) {
      const rows = await prisma.apiKey.findMany({
        where: { accountId: account },
        orderBy: [{ createdAt: "asc" }, { id: "asc" }],
      });
      return rows.map(apiKey);
    },
    async disableApiKey(id) {
      const { count } = await prisma.apiKey.updateMany({ where: { id }, data: { disabled: true } });
      return count === 1;
    },
    async useNonce(keyId, nonce, at) {
      // On the way of every request: one prepared statement.
      const { rowCount } = await sql.query({
        name: "use-nonce",
        text: "INSERT INTO api_nonce (key_id, nonce, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        values: [keyId, nonce, new Date(at).toISOString()],
      });
      return rowCount === 1;
    },
    async forgetNonces(before) {
      const { count } = await prisma.apiNonce.deleteMany({ where: { at: { lt: new Date(before) } } });
      return count;
    },
    async ensureAdminUser({ id, name, passwordHash, role }, at) {
      await prisma.adminUser.upsert({
        where: { name },
        create: { id, name, passwordHash, role, createdAt: new Date(at) },
        update: { passwordHash, role },
      });
    },
    async adminUser(name) {
      const row = await prisma.adminUser.findUnique({ where: { name } });
      return row === null ? null : adminUser(row);
    },
    async startSession({ tokenHash, userId, createdAt, expiresAt }) {
      await prisma.adminSession.create({
        data: { tokenHash, userId, createdAt: new Date(createdAt), expiresAt: new Date(expiresAt) },
      });
    },
    async session(tokenHash, now) {
      const row = await prisma.adminSession.findFirst({
        where: { tokenHash, expiresAt: { gt: new Date(now) } },
        include: { user: true },
      });
      if (row === null) return null;
      return {
        tokenHash,
        user: adminUser(row.user),
        createdAt: row.createdAt.getTime() as UtcMillis,
        expiresAt: row.expiresAt.getTime() as UtcMillis,
      };
    },
    async extendSession(tokenHash, expiresAt) {
      await prisma.adminSession.updateMany({ where: { tokenHash }, data: { expiresAt: new Date(expiresAt) } });
    },
    async endSession(tokenHash) {
      await prisma.adminSession.deleteMany({ where: { tokenHash } });
    },
    async forgetSessions(now) {
      const { count } = await prisma.adminSession.deleteMany({ where: { expiresAt: { lte: new Date(now) } } });
      return count;
    },
  };
}

function createApiKey(pool: Database["pool"], command: Command, key: NewApiKey) {
  return runOnce<{ readonly id: string }>(
    pool,
    command,
    async (session) => {
      await lockCommand(session, command);
      if (key.account === null) return null;
      const { rowCount } = await session.query("SELECT FROM account WHERE id = $1", [key.account]);
      return rowCount === 1 ? null : { code: "ACCOUNT_UNKNOWN", account: key.account };
    },
    async (session) => {
      await session.query(
        "INSERT INTO api_key (id, account_id, scopes, secret_encrypted, created_at) VALUES ($1, $2, $3, $4, $5)",
        [key.id, key.account, key.scopes, key.secretEncrypted, new Date(command.at).toISOString()],
      );
      const facts = { key: key.id, scopes: key.scopes };
      return ok({ response: { id: key.id }, changes: [{ topic: "api-key.created", account: key.account, facts }] });
    },
  );
}

interface ApiKeyRow {
  readonly id: string;
  readonly accountId: string | null;
  readonly scopes: string[];
  readonly secretEncrypted: string;
  readonly disabled: boolean;
  readonly createdAt: Date;
}

function apiKey(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    account: row.accountId as AccountId | null,
    scopes: row.scopes,
    secretEncrypted: row.secretEncrypted,
    disabled: row.disabled,
    createdAt: row.createdAt.getTime() as UtcMillis,
  };
}

function adminUser({ id, name, passwordHash, role }: AdminUser): AdminUser {
  return { id, name, passwordHash, role };
}
