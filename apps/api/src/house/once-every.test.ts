import { describe, expect, test } from "@jest/globals";
import { onceEvery } from "./once-every.js";

describe("a question that is worked on at most once a second", () => {
  let now = 0;
  const asking = (answers: readonly (() => Promise<number>)[]) => {
    let asked = 0;
    return onceEvery(
      1000,
      () => (answers[asked++] ?? (() => Promise.reject(new Error("asked too often"))))(),
      () => now,
    );
  };
  const say = (answer: number) => () => Promise.resolve(answer);

  test("shares an answer for a second, and then asks again", async () => {
    const ask = asking([say(1), say(2)]);
    expect(await ask()).toBe(1);
    now += 999;
    expect(await ask()).toBe(1);
    now += 1;
    expect(await ask()).toBe(2);
  });

  test("whoever asks while it is worked on waits for the same answer, however long it takes", async () => {
    let finish: (answer: number) => void = () => undefined;
    const ask = asking([() => new Promise((resolve) => (finish = resolve))]);
    const first = ask();
    now += 5000;
    const second = ask();
    finish(7);
    expect(await Promise.all([first, second])).toEqual([7, 7]);
  });

  test("a failure is told and not kept", async () => {
    const ask = asking([() => Promise.reject(new Error("away")), say(3)]);
    await expect(ask()).rejects.toThrow("away");
    expect(await ask()).toBe(3);
  });
});
