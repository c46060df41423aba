/*
 * A map whose keys never change. A snapshot of a thousand prices is made with every tick, and all but a few of them are the
 * same as before: so all snapshots share the keys, and a column only says where in each row the value stands. Making one
 * costs nothing; whoever reads it sees a map.
 */

/** The keys of columns, each with its row. */
export type Places<Key> = ReadonlyMap<Key, number>;

/** Numbers the keys in the order given. */
export function placesOf<Key>(keys: Iterable<Key>): Places<Key> {
  return new Map([...keys].map((key, at) => [key, at] as const));
}

/** One figure of rows that stand under shared keys; a row whose figure is null is no entry. */
export class Column<Key, Row, Value> implements ReadonlyMap<Key, Value> {
  constructor(
    private readonly places: Places<Key>,
    private readonly rows: readonly Row[],
    private readonly read: (row: Row) => Value | null,
  ) {}

  get(key: Key): Value | undefined {
    const at = this.places.get(key);
    return at === undefined ? undefined : (this.read(this.rows[at] as Row) ?? undefined);
  }

  has(key: Key): boolean {
    return this.get(key) !== undefined;
  }

  get size(): number {
    return this.rows.reduce((count, row) => (this.read(row) === null ? count : count + 1), 0);
  }

  *entries(): MapIterator<[Key, Value]> {
    for (const [key, at] of this.places) {
      const value = this.read(this.rows[at] as Row);
      if (value !== null) yield [key, value];
    }
  }

  *keys(): MapIterator<Key> {
    for (const [key] of this.entries()) yield key;
  }

  *values(): MapIterator<Value> {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator](): MapIterator<[Key, Value]> {
    return this.entries();
  }

  forEach(look: (value: Value, key: Key, map: ReadonlyMap<Key, Value>) => void): void {
    for (const [key, value] of this.entries()) look(value, key, this);
  }
}
