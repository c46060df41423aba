import { expect, test } from "@jest/globals";
import { Column, placesOf } from "./column.js";

test("MARKET-11: a column reads like a map, and a row without a value is no entry", () => {
  const column = new Column(placesOf(["a", "b", "c"]), [{ n: 1 }, { n: null }, { n: 3 }], ({ n }) => n);
  const map = new Map([
    ["a", 1],
    ["c", 3],
  ]);
  expect([...column]).toEqual([...map]);
  expect([...column.entries()]).toEqual([...map.entries()]);
  expect([...column.keys()]).toEqual([...map.keys()]);
  expect([...column.values()]).toEqual([...map.values()]);
  expect([column.size, column.get("c"), column.get("b"), column.get("z")]).toEqual([2, 3, undefined, undefined]);
  expect([column.has("a"), column.has("b"), column.has("z")]).toEqual([true, false, false]);
  const seen: [string, number][] = [];
  column.forEach((value, key) => seen.push([key, value]));
  expect(seen).toEqual([...map]);
});
