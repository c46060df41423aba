import type { MarginSummary } from "@ballast/model";
import { Decimal, printDecimal } from "@ballast/money";

/** Digits after the point of a usage that is shown. */
const USAGE_SCALE = 6;

/** Maintenance margin ÷ equity as text, rounded up; null when equity is not positive. For showing, never for deciding. */
export function marginUsage(summary: MarginSummary): string | null {
  if (!summary.equity.gt(0)) return null;
  return printDecimal(summary.maintenanceMargin.div(summary.equity).toDecimalPlaces(USAGE_SCALE, Decimal.ROUND_CEIL));
}
