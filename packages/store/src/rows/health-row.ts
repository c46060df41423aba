import type { HealthState, UtcMillis } from "@ballast/model";
import { ratio, usd } from "@ballast/money";
import type { HealthRecord } from "../health-record.js";
import { fromBigint } from "./integers.js";

export const HEALTH_COLUMNS = `health.sequence, health.posting_seq, health.parameters_version, health.state, health.equity,
  health.net_value, health.equity_without_profit, health.initial_margin, health.maintenance_margin, health.margin_usage,
  health.assessed_at`;

export interface HealthRow {
  readonly sequence: string;
  readonly posting_seq: string;
  readonly parameters_version: number;
  readonly state: HealthState;
  readonly equity: string;
  readonly net_value: string;
  readonly equity_without_profit: string;
  readonly initial_margin: string;
  readonly maintenance_margin: string;
  readonly margin_usage: string;
  readonly assessed_at: UtcMillis;
}

export function healthRecord(row: HealthRow): HealthRecord {
  return {
    state: row.state,
    summary: {
      equity: usd(row.equity),
      netValue: usd(row.net_value),
      equityWithoutProfit: usd(row.equity_without_profit),
      initialMargin: usd(row.initial_margin),
      maintenanceMargin: usd(row.maintenance_margin),
    },
    sequence: fromBigint(row.sequence),
    postingSequence: fromBigint(row.posting_seq),
    parametersVersion: row.parameters_version,
    marginUsage: ratio(row.margin_usage),
    assessedAt: row.assessed_at,
  };
}
