import type { KernelEngine } from "../engine.js";
import { referenceMatrix, referenceOptions } from "./black76.f64.js";
import { referenceBook } from "./scan.f64.js";

/** The kernel in JavaScript: the same bits, anywhere. @method KERNEL-3 */
export const referenceEngine: KernelEngine = {
  name: "reference",
  loadBook: referenceBook,
  priceOptions: referenceOptions,
  priceMatrix: referenceMatrix,
};
