import { type AccountId, ok, type Rejection, type Result, reject } from "@ballast/model";
import type { Quantity } from "@ballast/money";
import type { BackstopProvider, TakeoverAuction } from "./auction-records.js";
import type { Database } from "./client.js";
import type { Command, CommandAnswer } from "./command.js";
import type { Json } from "./json.js";
import {
  AUCTION_COLUMNS,
  type AuctionRow,
  backstopProvider,
  PROVIDER_COLUMNS,
  type ProviderRow,
  takeoverAuction,
} from "./rows/auction-row.js";
import { toNumeric } from "./rows/numeric.js";
import { lockCommand, runOnce } from "./run-once.js";
import type { Session } from "./unit-of-work.js";

/** Takeover auctions, and who may bid in them. */
export interface Auctions {
  /** Auctions that are open, by account id. */
  openAuctions(): Promise<readonly TakeoverAuction[]>;
  /** The auction of a case; null when it has none. */
  auction(account: AccountId, epoch: number): Promise<TakeoverAuction | null>;
  /** Everybody who was ever registered, by account id. */
  backstopProviders(): Promise<readonly BackstopProvider[]>;
  /**
   * Lets an account bid from now on, up to these caps; they stand until it is retired and registered again. Rejects with
   * ACCOUNT_UNKNOWN, PROVIDER_ALREADY_REGISTERED.
   */
  registerProvider(
    command: Command,
    account: AccountId,
    caps: BackstopProvider["caps"],
  ): Promise<Result<CommandAnswer<ProviderAnswer>, Rejection>>;
  /** Lets an account bid no more; what it has taken stays its own. Rejects with PROVIDER_NOT_REGISTERED. */
  retireProvider(command: Command, account: AccountId): Promise<Result<CommandAnswer<ProviderAnswer>, Rejection>>;
}

/** How a provider stands after somebody has spoken. */
export interface ProviderAnswer {
  readonly [name: string]: Json;
  readonly account: string;
  readonly state: "REGISTERED" | "RETIRED";
}

const REGISTER = `
  INSERT INTO backstop_provider (account_id, registered_by, registered_at)
  SELECT id, $2, $3 FROM account WHERE id = $1
  ON CONFLICT (account_id) DO UPDATE
     SET registered_by = excluded.registered_by, registered_at = excluded.registered_at, retired_by = NULL, retired_at = NULL
   WHERE backstop_provider.retired_at IS NOT NULL`;

const RETIRE = `
  UPDATE backstop_provider SET retired_by = $2, retired_at = $3 WHERE account_id = $1 AND retired_at IS NULL`;

const capsText = (caps: ReadonlyMap<string, Quantity>) =>
  Object.fromEntries([...caps].map(([instrument, most]) => [instrument, toNumeric(most)]));

/** Replaces the caps of a provider whose row this transaction has just written. */
async function writeCaps(session: Session, account: AccountId, caps: BackstopProvider["caps"]): Promise<void> {
  await session.query("DELETE FROM backstop_cap WHERE account_id = $1", [account]);
  await session.query(
    `INSERT INTO backstop_cap (account_id, instrument_id, contracts_max)
     SELECT $1, key, value::numeric FROM json_each_text($2)`,
    [account, JSON.stringify(capsText(caps ?? new Map()))],
  );
}

export function auctionsRepository({ pool, sql }: Database): Auctions {
  const speak = (
    command: Command,
    account: AccountId,
    state: ProviderAnswer["state"],
    caps: BackstopProvider["caps"] = null,
  ) =>
    runOnce<ProviderAnswer>(
      pool,
      command,
      (session) => lockCommand(session, command),
      async (session) => {
        const known = await session.query("SELECT 1 FROM account WHERE id = $1", [account]);
        if (known.rowCount === 0) return reject<Rejection>({ code: "ACCOUNT_UNKNOWN", account });
        const { rowCount } = await session.query(state === "REGISTERED" ? REGISTER : RETIRE, [
          account,
          command.actor,
          new Date(command.at).toISOString(),
        ]);
        if (rowCount !== 1) {
          const code = state === "REGISTERED" ? "PROVIDER_ALREADY_REGISTERED" : "PROVIDER_NOT_REGISTERED";
          return reject<Rejection>({ code, account });
        }
        if (state === "REGISTERED") await writeCaps(session, account, caps);
        const told = caps === null ? {} : { caps: capsText(caps) };
        const changes = [{ topic: "backstop-provider.changed", account, facts: { state, ...told } }];
        return ok({ response: { account, state }, changes });
      },
    );
  return {
    async openAuctions() {
      const { rows } = await sql.query<AuctionRow>(
        `SELECT ${AUCTION_COLUMNS} FROM takeover_auction WHERE outcome IS NULL ORDER BY account_id`,
      );
      return rows.map(takeoverAuction);
    },
    async auction(account, epoch) {
      const { rows } = await sql.query<AuctionRow>(
        `SELECT ${AUCTION_COLUMNS} FROM takeover_auction WHERE account_id = $1 AND epoch = $2`,
        [account, epoch],
      );
      return rows[0] === undefined ? null : takeoverAuction(rows[0]);
    },
    async backstopProviders() {
      const { rows } = await sql.query<ProviderRow>(
        `SELECT ${PROVIDER_COLUMNS} FROM backstop_provider ORDER BY account_id`,
      );
      return rows.map(backstopProvider);
    },
    registerProvider: (command, account, caps) => speak(command, account, "REGISTERED", caps),
    retireProvider: (command, account) => speak(command, account, "RETIRED"),
  };
}
