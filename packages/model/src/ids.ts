declare const identity: unique symbol;
type Id<Name extends string> = string & { readonly [identity]: Name };

/** An account: one collateral pool with its positions. */
export type AccountId = Id<"account">;
/** A money asset: USDC, BTC, ETH. */
export type AssetId = Id<"asset">;
/** An instrument by its exchange name: BTC_USDC-PERPETUAL, BTC-PERPETUAL, BTC_USDC-26JUN20. */
export type InstrumentId = Id<"instrument">;

/** A name that is not usable as an identifier. */
export class MalformedId extends Error {
  override readonly name = "MalformedId";
  readonly code = "ID_MALFORMED";
  constructor(readonly kind: string) {
    super(
      `expected ${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind} id: 1 to 64 letters, digits, '.', '_' or '-', starting with a letter or digit`,
    );
  }
}

/** The form of every identifier: it is safe in a URL, a job id, a posting's hash text and a file name. */
export const ID_GRAMMAR = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Returns the text as an account id. @throws MalformedId */
export const accountId = (text: string): AccountId => read(text, "account") as AccountId;
/** Returns the text as an asset id. @throws MalformedId */
export const assetId = (text: string): AssetId => read(text, "asset") as AssetId;
/** Returns the text as an instrument id. @throws MalformedId */
export const instrumentId = (text: string): InstrumentId => read(text, "instrument") as InstrumentId;

/** Orders identifiers by code point, the same on every machine; for sorting before the first sum and the first lock. */
export function compareIds(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Takes anything, because a regular expression would read an array of one text as that text. */
function read(text: unknown, kind: string): string {
  if (typeof text !== "string" || !ID_GRAMMAR.test(text)) throw new MalformedId(kind);
  return text;
}
