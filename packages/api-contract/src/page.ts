import { z } from "zod";

/** Rows of a page unless the caller says otherwise. */
export const PAGE_LIMIT_DEFAULT = 100;
/** The most rows that one page holds. */
export const PAGE_LIMIT_MAX = 500;

const limitText = z
  .string()
  .regex(/^([1-9]\d?|[1-4]\d\d|500)$/, "expected a whole number from 1 to 500")
  .meta({ description: "Rows of the page, 1 to 500; 100 unless said." });

const cursorText = z
  .string()
  .max(512)
  .regex(/^[A-Za-z0-9_-]+$/, "expected a cursor of an earlier page")
  .meta({ description: "`page.nextCursor` of the page before." });

/** What every list takes in its query. */
export const pageQueryShape = { limit: limitText.optional(), cursor: cursorText.optional() };
export const pageQuery = z.strictObject(pageQueryShape);

export const pageFooter = z
  .strictObject({ nextCursor: z.string().nullable(), hasMore: z.boolean() })
  .meta({ id: "PageFooter" });

/** A page of rows: `data`, and where to go on. */
export function pageOf<Row extends z.ZodType>(row: Row) {
  return z.strictObject({ data: z.array(row), page: pageFooter });
}

/** The wire text of a page request as numbers. The text has passed `pageQuery`. */
export function pageLimit(query: { limit?: string | undefined }): number {
  return query.limit === undefined ? PAGE_LIMIT_DEFAULT : Number.parseInt(query.limit, 10);
}

/** What callers of the client may say about a page. */
export interface PageRequest {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/** A page as the client returns it. */
export interface PageBody<Row> {
  readonly data: readonly Row[];
  readonly page: { readonly nextCursor: string | null; readonly hasMore: boolean };
}
