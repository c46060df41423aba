/*
 * What the database can do to us, by name. A fault is thrown by this package and retried, or reported, at the edge;
 * a rejection is a value and never comes this way.
 */

/** The database, or the way to it, failed. `sqlState` is PostgreSQL's code, or null when the connection was lost. */
export class DatabaseFault extends Error {
  override readonly name: string = "DatabaseFault";
  readonly code: string = "DATABASE_FAULT";
  constructor(
    readonly sqlState: string | null,
    cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** No connection, or it was lost. What was under way may or may not have committed: try again under the same key. */
export class DatabaseUnavailable extends DatabaseFault {
  override readonly name = "DatabaseUnavailable";
  override readonly code = "DATABASE_UNAVAILABLE";
}

/** Lost to other transactions (serialization failure or deadlock) more often than the retries allow. */
export class TransactionConflict extends DatabaseFault {
  override readonly name = "TransactionConflict";
  override readonly code = "TRANSACTION_CONFLICT";
}

/** A statement ran longer than its limit. */
export class StatementTimedOut extends DatabaseFault {
  override readonly name = "StatementTimedOut";
  override readonly code = "STATEMENT_TIMED_OUT";
}

/** Somebody held a row lock longer than we were willing to wait. */
export class LockTimedOut extends DatabaseFault {
  override readonly name = "LockTimedOut";
  override readonly code = "LOCK_TIMED_OUT";
}

/** A rule of the database itself refused the change; `constraint` names it. */
export class ConstraintRefused extends DatabaseFault {
  override readonly name = "ConstraintRefused";
  override readonly code = "CONSTRAINT_REFUSED";
  constructor(
    sqlState: string | null,
    readonly constraint: string,
    cause: unknown,
  ) {
    super(sqlState, cause);
  }
}

/** A number too large for its column. */
export class ValueOutOfRange extends DatabaseFault {
  override readonly name = "ValueOutOfRange";
  override readonly code = "VALUE_OUT_OF_RANGE";
}

const SERIALIZATION_FAILURE = "40001";
const DEADLOCK = "40P01";
const NUMERIC_OUT_OF_RANGE = "22003";

/** Would the same transaction, run again, have a chance? */
export function isConflict(fault: unknown): boolean {
  return fault instanceof TransactionConflict;
}

/** Names what was thrown by the driver or by Prisma; whatever is not the database's is returned as it came. */
export function faultOf(thrown: unknown): unknown {
  if (thrown instanceof DatabaseFault || !(thrown instanceof Error)) return thrown;
  const sqlState = sqlStateOf(thrown);
  if (sqlState === null) return isConnectionLoss(thrown) ? new DatabaseUnavailable(null, thrown) : thrown;
  if (sqlState === SERIALIZATION_FAILURE || sqlState === DEADLOCK) return new TransactionConflict(sqlState, thrown);
  if (sqlState === "57014") return new StatementTimedOut(sqlState, thrown);
  if (sqlState === "55P03") return new LockTimedOut(sqlState, thrown);
  if (sqlState === NUMERIC_OUT_OF_RANGE) return new ValueOutOfRange(sqlState, thrown);
  if (sqlState.startsWith("23")) return new ConstraintRefused(sqlState, constraintOf(thrown), thrown);
  if (sqlState.startsWith("08") || sqlState.startsWith("57P") || sqlState.startsWith("53")) {
    return new DatabaseUnavailable(sqlState, thrown);
  }
  return new DatabaseFault(sqlState, thrown);
}

/** The driver puts SQLSTATE in `code`; Prisma hides the driver's error in `cause` or `meta.driverAdapterError.cause`. */
function sqlStateOf(thrown: unknown): string | null {
  for (const layer of layersOf(thrown)) {
    for (const candidate of [layer["originalCode"], layer["code"]]) {
      if (typeof candidate === "string" && /^[0-9A-Z]{5}$/.test(candidate) && /\d/.test(candidate)) return candidate;
    }
  }
  return null;
}

function constraintOf(thrown: unknown): string {
  for (const layer of layersOf(thrown)) {
    if (typeof layer["constraint"] === "string") return layer["constraint"];
  }
  return "unnamed";
}

const CONNECTION_ERRORS = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ENOTFOUND", "P1001", "P1017"]);

function isConnectionLoss(thrown: Error): boolean {
  if (/^(Connection terminated|Client has encountered a connection error|timeout exceeded)/.test(thrown.message))
    return true;
  for (const layer of layersOf(thrown)) {
    if (typeof layer["code"] === "string" && CONNECTION_ERRORS.has(layer["code"])) return true;
  }
  return false;
}

/** An error and what is wrapped inside it, outermost last, so that the driver's own words count first. */
function layersOf(thrown: unknown): readonly Record<string, unknown>[] {
  const layers: Record<string, unknown>[] = [];
  let layer: unknown = thrown;
  while (typeof layer === "object" && layer !== null && layers.length < 6) {
    const fields = layer as Record<string, unknown>;
    layers.unshift(fields);
    const meta = fields["meta"] as Record<string, unknown> | undefined;
    layer = fields["cause"] ?? meta?.["driverAdapterError"];
  }
  return layers;
}
