import { type AssetId, ok, type Rejection, type Result, reject, type UtcMillis } from "@ballast/model";
import { type Price, price, printDecimal } from "@ballast/money";
import type { Database } from "./client.js";
import type { Command, CommandAnswer } from "./command.js";
import type { Json } from "./json.js";
import { type KeptMarket, type LivePublication, moveOn, publishing, readKept } from "./live-market.repository.js";
import { toNumeric } from "./rows/numeric.js";
import type { CommandSetting } from "./run-command.js";
import { runOnce } from "./run-once.js";
import type { Session } from "./unit-of-work.js";

/*
 * A price that people say. One proposes it, with the reason; another one confirms it, by saying the same price; both stand
 * beside it for ever. A proposal waits for a bounded time, because what was seen ten minutes ago is no price any more, and
 * the newest one takes the place of the one before.
 */

/** How long a proposal waits for the second person. */
export const PROPOSAL_MS_MAX = 600_000;

/** A price that waits for a second person. */
export interface PersonPrice {
  readonly asset: AssetId;
  readonly price: Price;
  readonly reason: string;
  readonly proposedBy: string;
  readonly proposedAt: UtcMillis;
}

export interface PersonPrices {
  /** Proposes a price, in place of one that waits. `check` gets where the market stands, and may refuse. */
  proposePrice<Response extends Json>(
    command: Command,
    proposal: Pick<PersonPrice, "asset" | "price" | "reason">,
    check: (kept: KeptMarket | null) => Result<Response, Rejection>,
  ): Promise<Result<CommandAnswer<Response>, Rejection>>;
  /**
   * Confirms the price that waits, and moves the market on with it, in one transaction.
   * Rejects with PERSON_PRICE_UNKNOWN, SECOND_PERSON_NEEDED, PERSON_PRICE_DIFFERS, and what `work` rejects with.
   */
  confirmPrice<Response extends Json>(
    command: Command,
    said: Pick<PersonPrice, "asset" | "price">,
    work: (kept: KeptMarket | null, latestSequence: number | null) => Result<LivePublication<Response>, Rejection>,
  ): Promise<Result<CommandAnswer<Response>, Rejection>>;
  /** Prices that wait for a second person at this time, by asset. */
  proposedPrices(at: UtcMillis): Promise<readonly PersonPrice[]>;
}

/** @method MARKET-14 */
export function personPrices({ pool, sql }: Database, setting: CommandSetting): PersonPrices {
  return {
    proposePrice: (command, { asset, price: proposed, reason }, check) =>
      runOnce(pool, command, publishing, async (session) => {
        const checked = check(await readKept(session));
        if (!checked.ok) return checked;
        const at = new Date(command.at).toISOString();
        await session.query(
          `UPDATE person_price SET replaced_at = $2 WHERE asset = $1 AND confirmed_at IS NULL AND replaced_at IS NULL`,
          [asset, at],
        );
        await session.query(
          "INSERT INTO person_price (asset, price, reason, proposed_by, proposed_at) VALUES ($1, $2, $3, $4, $5)",
          [asset, toNumeric(proposed), reason, command.actor, at],
        );
        const facts = { asset, price: printDecimal(proposed), reason };
        return ok({ response: checked.value, changes: [{ topic: "price.proposed", account: null, facts }] });
      }),

    confirmPrice: (command, { asset, price: said }, work) =>
      runOnce(pool, command, publishing, async (session, world) => {
        const [waiting] = await readWaiting(session, command.at, asset);
        if (waiting === undefined) return reject<Rejection>({ code: "PERSON_PRICE_UNKNOWN", asset });
        const { proposedBy, price: proposed } = waiting;
        if (proposedBy === command.actor) {
          return reject<Rejection>({ code: "SECOND_PERSON_NEEDED", of: asset, firstBy: proposedBy });
        }
        if (!proposed.eq(said)) return reject<Rejection>({ code: "PERSON_PRICE_DIFFERS", asset, proposed });
        const moved = await moveOn({ session, command, setting, world }, work);
        if (!moved.ok) return moved;
        await session.query(
          `UPDATE person_price SET confirmed_by = $2, confirmed_at = $3
            WHERE asset = $1 AND confirmed_at IS NULL AND replaced_at IS NULL`,
          [asset, command.actor, new Date(command.at).toISOString()],
        );
        const facts = { asset, price: printDecimal(said), proposedBy, confirmedBy: command.actor };
        const confirmed = { topic: "price.confirmed", account: null, facts };
        return ok({ ...moved.value, changes: [...moved.value.changes, confirmed] });
      }),

    proposedPrices: (at) => readWaiting(sql, at, null),
  };
}

interface WaitingRow {
  readonly asset: AssetId;
  readonly price: string;
  readonly reason: string;
  readonly proposed_by: string;
  readonly proposed_at: UtcMillis;
}

async function readWaiting(session: Session, at: UtcMillis, asset: AssetId | null): Promise<readonly PersonPrice[]> {
  const { rows } = await session.query<WaitingRow>(
    `SELECT asset, price, reason, proposed_by, proposed_at FROM person_price
      WHERE confirmed_at IS NULL AND replaced_at IS NULL AND proposed_at > $1 AND ($2::text IS NULL OR asset = $2)
      ORDER BY asset`,
    [new Date(at - PROPOSAL_MS_MAX).toISOString(), asset],
  );
  return rows.map((row) => ({
    asset: row.asset,
    price: price(row.price),
    reason: row.reason,
    proposedBy: row.proposed_by,
    proposedAt: row.proposed_at,
  }));
}
