/** The kernel was handed a number or a shape that it will not compute with; nothing was computed. */
export class KernelInputRefused extends Error {
  override readonly name = "KernelInputRefused";
  readonly code = "KERNEL_INPUT_REFUSED";
  constructor(
    readonly column: string,
    /** Where in the column; null where the column as a whole is wrong. */
    readonly index: number | null,
    readonly expected: string,
    readonly found: number,
  ) {
    super(`${column}${index === null ? "" : `[${index}]`}: expected ${expected}; found ${found}`);
  }
}

/** WebAssembly has no room for this book: it wants to be cut into several. */
export class KernelMemoryRefused extends Error {
  override readonly name = "KernelMemoryRefused";
  readonly code = "KERNEL_MEMORY_REFUSED";
  constructor(readonly bytes: number) {
    super(`expected ${bytes} bytes of WebAssembly memory; there are 4 GiB at most`);
  }
}

/** @throws KernelInputRefused when `found` is not what was expected */
export function requireLength(column: string, found: number, expected: number): void {
  if (found !== expected) throw new KernelInputRefused(column, null, `${expected} entries`, found);
}
