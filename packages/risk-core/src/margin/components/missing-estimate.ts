/**
 * Something held that a model knows nothing of: an underlying without a rate or moved by no scenario, collateral without
 * a haircut. Scanned over nothing it would need no margin, so the portfolio is refused as it stands.
 */
export class MissingEstimate extends Error {
  override readonly name = "MissingEstimate";
  readonly code = "ESTIMATE_MISSING";
  constructor(
    readonly wanted: "rate" | "haircut" | "move",
    readonly of: string,
  ) {
    super(`expected a ${wanted} of ${of} in the model; found none`);
  }
}
