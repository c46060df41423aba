/** An answer that may be no. A rejection is a value; a bug is thrown. */
export type Result<Value, Reason> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly rejection: Reason };

/** Yes, with what was asked for. */
export function ok<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

/** No, with the reason and its facts. */
export function reject<Reason>(rejection: Reason): { readonly ok: false; readonly rejection: Reason } {
  return { ok: false, rejection };
}
