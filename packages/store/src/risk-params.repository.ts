import type { Instrument, RiskParameters, UtcMillis } from "@ballast/model";
import { printDecimal } from "@ballast/money";
import type { Database } from "./client.js";
import type { Json } from "./json.js";
import type { MarketMemory } from "./market-memory.js";
import { jsonArray, plainArray, textArray } from "./rows/arrays.js";
import { inTransaction, keep, type Session } from "./unit-of-work.js";

/** Versioned risk parameters; the newest version is in force. */
export interface ParameterVersions {
  /**
   * Saves the next version and lists its assets and instruments; answers false when that version exists already.
   * `content` is validated by the store's `loadParameters`. @throws what that throws, and EstimatesNeeded for a version without
   * estimates while there are portfolio accounts; nothing is saved then.
   */
  saveRiskParameters(content: Json, version: number, at: UtcMillis): Promise<boolean>;
  /** The parameters in force, or null before the first version. */
  riskParameters(): Promise<RiskParameters | null>;
  /** The content of a version as it was saved; null when there is none. */
  riskParametersContent(version: number): Promise<Json>;
}

/** Portfolio accounts would lose the estimates that they are margined by, and their hedges with them. */
export class EstimatesNeeded extends Error {
  override readonly name = "EstimatesNeeded";
  readonly code = "ESTIMATES_NEEDED";
  constructor() {
    super("expected estimates in the parameters, because there are portfolio accounts; found none");
  }
}

export function riskParametersRepository(
  { pool, sql, prisma }: Database,
  memory: MarketMemory,
  load: (content: unknown) => RiskParameters,
): ParameterVersions {
  return {
    saveRiskParameters(content, version, at) {
      const parameters = load(content);
      return inTransaction(pool, async (session) => {
        if (parameters.portfolioMargin === undefined) await refuseWherePortfolios(session);
        await listHoldings(session, parameters);
        const { rowCount } = await session.query(
          "INSERT INTO risk_parameters (version, content, active_from) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
          [version, JSON.stringify(content), new Date(at).toISOString()],
        );
        return keep(rowCount === 1);
      });
    },
    async riskParameters() {
      const { _max: newest } = await prisma.riskParametersVersion.aggregate({ _max: { version: true } });
      return newest.version === null ? null : memory.parameters(sql, newest.version);
    },
    async riskParametersContent(version) {
      const row = await prisma.riskParametersVersion.findUnique({ where: { version } });
      return (row?.content as Json | undefined) ?? null;
    },
  };
}

/** @throws EstimatesNeeded @method MARGIN-9 */
async function refuseWherePortfolios(session: Session): Promise<void> {
  const { rowCount } = await session.query("SELECT FROM account WHERE margin_mode = 'PORTFOLIO' LIMIT 1");
  if (rowCount !== 0) throw new EstimatesNeeded();
}

/** Assets and instruments as rows, for projections to refer to and for people to query. */
async function listHoldings(session: Session, { assets, instruments }: RiskParameters): Promise<void> {
  await session.query(
    `INSERT INTO asset (id, scale) SELECT * FROM unnest($1::text[], $2::int[])
     ON CONFLICT (id) DO UPDATE SET scale = excluded.scale`,
    [textArray([...assets.keys()]), plainArray([...assets.values()].map(({ scale }) => scale))],
  );
  const listed = [...instruments.values()];
  await session.query(
    `INSERT INTO instrument (id, kind, payoff, settlement_asset, definition)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::jsonb[])
     ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, payoff = excluded.payoff,
       settlement_asset = excluded.settlement_asset, definition = excluded.definition`,
    [
      textArray(listed.map(({ id }) => id)),
      textArray(listed.map(({ kind }) => kind)),
      textArray(listed.map(({ payoff }) => payoff)),
      textArray(listed.map(({ settlementAsset }) => settlementAsset)),
      jsonArray(listed.map(definitionOf)),
    ],
  );
}

function definitionOf(instrument: Instrument): Json {
  const { id, kind, payoff, underlying, settlementAsset } = instrument;
  return {
    id,
    kind,
    payoff,
    underlying,
    settlementAsset,
    contractSize: printDecimal(instrument.contractSize),
    lotSize: printDecimal(instrument.lotSize),
    tickSize: printDecimal(instrument.tickSize),
    ...(instrument.kind === "dated-future" ? { expiresAt: instrument.expiresAt } : {}),
  };
}
