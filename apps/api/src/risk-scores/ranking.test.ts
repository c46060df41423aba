import { accountId } from "@ballast/model";
import { score as chance } from "@ballast/risk-core";
import { describe, expect, test } from "@jest/globals";
import { pageOfRanking, type Placed, scoreBands } from "./ranking.js";

const scored = (id: string, score: number): Placed => ({
  id: accountId(id),
  scored: { score: { score } } as chance.ScoredAccount,
});
const idsOf = (rows: readonly Placed[]) => rows.map(({ id }) => id).join(" ");

describe("a page of a ranking", () => {
  const rows = [scored("a", 3), scored("b", 50), scored("c", 3), scored("d", 0.1), scored("e", 3)];

  test("holds the riskiest first, and equals by id", () => {
    expect(idsOf(pageOfRanking(rows, "score", 10, undefined).items)).toBe("b a c e d");
    expect(idsOf(pageOfRanking(rows, "id", 10, undefined).items)).toBe("a b c d e");
  });

  test.each(["score", "id"] as const)("by %s: pages follow one another without a gap or a repetition", (sort) => {
    const pages: string[] = [];
    let cursor: string | undefined;
    do {
      const page = pageOfRanking(rows, sort, 2, cursor);
      pages.push(idsOf(page.items));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    expect(pages.join(" ")).toBe(idsOf(pageOfRanking(rows, sort, 10, undefined).items));
    expect(pages).toHaveLength(3);
  });

  test("who moves while one reads is passed over by nobody who stayed", () => {
    const { next } = pageOfRanking(rows, "score", 2, undefined);
    const moved = [...rows.filter(({ id }) => id !== "d"), scored("d", 99)];
    expect(idsOf(pageOfRanking(moved, "score", 2, next ?? undefined).items)).toBe("c e");
  });
});

test("bands of ten: each score in one, and a hundred in the last", () => {
  const bands = scoreBands([0, 9.999, 10, 55, 99, 100]);
  expect(bands.map(({ accounts }) => accounts)).toEqual([2, 1, 0, 0, 0, 1, 0, 0, 0, 2]);
  expect(bands[0]).toEqual({ from: 0, to: 10, accounts: 2 });
  expect(bands.at(-1)?.to).toBe(100);
});
