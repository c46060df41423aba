/** A parameter file that is not usable. `path` names the field, as in `marginTiers.BTC-PERPETUAL[1].from`. */
export class InvalidParameters extends Error {
  override readonly name = "InvalidParameters";
  readonly code = "PARAMETERS_INVALID";
  constructor(
    readonly path: string,
    readonly expected: string,
  ) {
    super(`${path === "" ? "the document" : path}: expected ${expected}`);
  }
}
