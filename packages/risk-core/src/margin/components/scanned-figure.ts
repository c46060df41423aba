/** What a component computes of one unit, or of all: a float64 figure, and on demand what each column adds to it. */
export interface ScannedFigure {
  readonly value: number;
  /** Parts by column key that add up to the value; null when it belongs to no position. Made only to explain. */
  readonly parts: (() => ReadonlyMap<string, number>) | null;
  /** Figures that it was chosen from or made of, by name; shown beside it. */
  readonly details?: Readonly<Record<string, number>>;
}
