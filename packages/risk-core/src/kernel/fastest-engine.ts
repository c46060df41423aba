import { assemblyEngine } from "./assembly-engine.f64.js";
import type { KernelEngine } from "./engine.js";
import { referenceEngine } from "./reference/engine.f64.js";

/**
 * The fastest engine there is here: WebAssembly with vectors, or JavaScript, which computes the same bits. Made on first
 * use and remembered.
 *
 * @method KERNEL-3
 */
export function kernelEngine(): KernelEngine {
  remembered ??= assemblyEngine() ?? referenceEngine;
  return remembered;
}

let remembered: KernelEngine | undefined;
