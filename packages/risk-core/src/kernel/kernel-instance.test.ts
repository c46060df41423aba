import { afterEach, expect, test } from "@jest/globals";
import { assemblyEngine } from "./assembly-engine.f64.js";
import { compileKernel, KernelInstance } from "./kernel-instance.f64.js";

const surroundings = globalThis as { WebAssembly?: unknown };
const { WebAssembly: here } = surroundings;
afterEach(() => {
  surroundings.WebAssembly = here;
});

//  what a place may lack
test.each([
  ["there is no WebAssembly", undefined],
  ["it has no vectors", { validate: () => false }],
  [
    "a page's policy forbids it",
    {
      validate: () => true,
      Module: class {
        constructor() {
          throw new Error("blocked");
        }
      },
    },
  ],
])("KERNEL-3: where %s, there is no engine in it", (_, found) => {
  surroundings.WebAssembly = found;
  expect(assemblyEngine()).toBeNull();
});

test("KERNEL-4: columns lie apart, on cache lines, above what belongs to the kernel, and there is room for them", () => {
  const instance = new KernelInstance(compileKernel() as object);
  const { one, two, end } = instance.place(instance.start, { one: 100_000, two: 8 });
  expect([one % 64, two % 64]).toEqual([0, 0]);
  expect(one).toBeGreaterThanOrEqual(instance.start);
  expect(two).toBeGreaterThanOrEqual(one + 100_000);
  expect(end).toBe(two + 8);
  expect(instance.exports.memory.buffer.byteLength).toBeGreaterThanOrEqual(end);
});

test("KERNEL-6: a book beyond four gibibytes is refused with its size", () => {
  const instance = new KernelInstance(compileKernel() as object);
  expect(() => instance.place(instance.start, { column: 2 ** 33 })).toThrow(
    expect.objectContaining({ code: "KERNEL_MEMORY_REFUSED", bytes: expect.any(Number) }),
  );
});
