/*
 * Market history as comma-separated text with a line of names on top, and no quotes: dates, names of assets, plain
 * numbers. Anything else is refused with its line and column, because a number that was misread becomes a margin.
 */

/** A file of market history that is not of the form it should have. */
export class MalformedHistory extends Error {
  override readonly name = "MalformedHistory";
  readonly code = "HISTORY_MALFORMED";
  constructor(
    readonly line: number,
    readonly column: string,
    expected: string,
    found: string | undefined,
  ) {
    super(
      `line ${line}, ${column}: expected ${expected}; found ${found === undefined ? "nothing" : JSON.stringify(found)}`,
    );
  }
}

/** One row; `line` counts from one, as an editor does. */
export interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Rows under named columns. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/**
 * The table of a text.
 *
 * @throws MalformedHistory when the text is empty, or a row has another number of cells than there are columns.
 */
export function readTable(text: string): Table {
  const [header, ...lines] = text.replace(/\r?\n$/, "").split(/\r?\n/);
  if (header === undefined || header.trim() === "") throw new MalformedHistory(1, "header", "names of columns", header);
  const columns = header.split(",");
  const rows = lines.map((text, at): Row => {
    const cells = text.split(",");
    if (cells.length !== columns.length) {
      throw new MalformedHistory(at + 2, "row", `${columns.length} cells`, `${cells.length} cells`);
    }
    return { line: at + 2, cells };
  });
  return { columns, rows };
}

/**
 * The place of a column.
 *
 * @throws MalformedHistory when there is no such column.
 */
export function columnOf({ columns }: Table, name: string): number {
  const place = columns.indexOf(name);
  if (place < 0) throw new MalformedHistory(1, name, "a column of this name", columns.join(","));
  return place;
}

/** A finite number of a cell; undefined for an empty cell. */
export function numberOf({ line, cells }: Row, place: number, column: string): number | undefined {
  const text = cells[place];
  if (text === undefined || text === "") return undefined;
  if (!/^-?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) throw new MalformedHistory(line, column, "a number", text);
  return Number(text);
}

const DAY_MS = 86_400_000;

/** The day of a cell like 2024-02-29, in days since 1970. */
export function dayOf({ line, cells }: Row, place: number, column: string): number {
  const text = cells[place];
  const day = dayFrom(text ?? "");
  if (day === undefined) throw new MalformedHistory(line, column, "a day as 2024-02-29", text);
  return day;
}

/** Days since 1970 of a text like 2024-02-29; undefined when it is no day. */
export function dayFrom(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const day = Date.parse(`${text}T00:00:00Z`) / DAY_MS;
  // 2023-02-30 is read as the second of March by some engines: only a day that prints as it was written is one.
  return Number.isInteger(day) && dateOf(day) === text ? day : undefined;
}

/** The text of a day since 1970. */
export const dateOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
