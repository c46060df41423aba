export { logRatios, priceMatrix, priceOptions } from "./black76";
export { bindingScenarios, scan } from "./scan";

/** The first address that belongs to the caller: what lies below is the kernel's own. */
export function memoryStart(): usize {
  return __heap_base;
}
