import { KERNEL_MODULE } from "./generated/kernel-module.js";
import { KernelMemoryRefused } from "./kernel-refusal.js";

/** As much of the surroundings as is used here; a pure package has no types of them. */
declare const WebAssembly: {
  validate(bytes: Uint8Array): boolean;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};
declare function atob(base64: string): string;

/** What `assembly/index.ts` exports, documented there. Everything is an address in bytes, or a count. */
export interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  memoryStart(): number;
  scan(
    firstPosition: number,
    row: number,
    quantity: number,
    cash: number,
    table: number,
    width: number,
    stressed: number,
    from: number,
    to: number,
    freeMargins: number,
  ): void;
  bindingScenarios(
    firstPosition: number,
    row: number,
    quantity: number,
    table: number,
    width: number,
    stressed: number,
    accounts: number,
    count: number,
    bindings: number,
  ): void;
  boundSums(
    firstPosition: number,
    row: number,
    quantity: number,
    bounds: number,
    from: number,
    to: number,
    sums: number,
  ): void;
  priceOptions(
    forwards: number,
    strikes: number,
    deviations: number,
    sides: number,
    prices: number,
    count: number,
  ): number;
  priceMatrix(
    forwards: number,
    logForwards: number,
    strikes: number,
    logStrikes: number,
    sides: number,
    deviations: number,
    prices: number,
    options: number,
    scenarios: number,
  ): number;
  logRatios(values: number, unit: number, results: number, count: number): void;
}

const PAGE = 65536;
const CACHE_LINE = 64;

/** One run of the kernel with a memory of its own. */
export class KernelInstance {
  readonly exports: KernelExports;
  /** The first address that belongs to the caller. */
  readonly start: number;

  constructor(module: object) {
    this.exports = new WebAssembly.Instance(module).exports as KernelExports;
    this.start = this.exports.memoryStart();
  }

  /**
   * Places for columns of so many bytes, one after the other, and room for them.
   *
   * Views made before are empty when memory has grown: they are to be made after.
   *
   * @throws KernelMemoryRefused
   */
  place(start: number, ...lengths: readonly number[]): readonly number[] {
    let at = start;
    const places = [...lengths, 0].map((length) => {
      at = Math.ceil(at / CACHE_LINE) * CACHE_LINE;
      const here = at;
      at += length;
      return here;
    });
    const pages = Math.ceil((at - this.exports.memory.buffer.byteLength) / PAGE);
    if (pages > 0) this.grow(pages, at);
    return places;
  }

  private grow(pages: number, bytes: number): void {
    try {
      this.exports.memory.grow(pages);
    } catch {
      throw new KernelMemoryRefused(bytes);
    }
  }

  floats(address: number, length: number): Float64Array {
    return new Float64Array(this.exports.memory.buffer, address, length);
  }

  integers(address: number, length: number): Uint32Array {
    return new Uint32Array(this.exports.memory.buffer, address, length);
  }
}

/** The kernel, compiled; null where there is no WebAssembly with vectors. */
export function compileKernel(): object | null {
  if (typeof WebAssembly === "undefined") return null;
  const bytes = Uint8Array.from(atob(KERNEL_MODULE), (letter) => letter.charCodeAt(0));
  return WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : null;
}
