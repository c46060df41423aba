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
    bounds: number,
    stressed: number,
    from: number,
    to: number,
    freeMargins: number,
    errors: number,
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
   * Addresses for columns of so many bytes, one after the other, and room for them. `end` is where the last one ends.
   *
   * Views made before are empty when memory has grown: they are to be made after.
   *
   * @throws KernelMemoryRefused
   */
  place<Column extends string>(
    start: number,
    lengths: Readonly<Record<Column, number>>,
  ): Readonly<Record<Column | "end", number>> {
    let end = start;
    const addresses = Object.entries<number>(lengths).map(([column, length]) => {
      const address = Math.ceil(end / CACHE_LINE) * CACHE_LINE;
      end = address + length;
      return [column, address] as const;
    });
    const pages = Math.ceil((end - this.exports.memory.buffer.byteLength) / PAGE);
    if (pages > 0) this.grow(pages, end);
    return { ...Object.fromEntries(addresses), end } as Record<Column | "end", number>;
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

/** The kernel, compiled; null where there is no WebAssembly with vectors, or where it is forbidden. */
export function compileKernel(): object | null {
  if (typeof WebAssembly === "undefined") return null;
  const bytes = Uint8Array.from(atob(KERNEL_MODULE), (letter) => letter.charCodeAt(0));
  if (!WebAssembly.validate(bytes)) return null;
  try {
    return new WebAssembly.Module(bytes);
  } catch {
    // The module is valid, so what is in the way is a rule of the page: its security policy, or its limit on size.
    return null;
  }
}
