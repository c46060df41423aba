/*
 * JSON as this API reads it: one value in valid UTF-8, no object that names a key twice, no key that reaches into a
 * prototype, and no nesting beyond a request's own. The library parser keeps the last of two equal keys, so a proxy and
 * we could read two different requests from one body (API-1).
 */

/** The deepest nesting that a request of this API needs, with room to spare. */
export const JSON_DEPTH_MAX = 16;

/** Text that is not the JSON we read. The reason names the rule, never the text. */
export class MalformedJson extends Error {
  override readonly name = "MalformedJson";
}

const FORBIDDEN_KEYS = new Set(["__proto__", "constructor", "prototype"]);

/** Returns the value that the bytes spell. One pass over the bytes beside the library's own. @throws MalformedJson */
export function parseStrictJson(bytes: Uint8Array): unknown {
  const text = decode(bytes);
  const value = parse(text);
  refuseHostileKeys(text);
  return value;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new MalformedJson("expected UTF-8", { cause });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MalformedJson("expected one JSON value", { cause });
  }
}

/** `text` is valid JSON. Objects on the way down keep the keys seen so far; arrays keep null. */
function refuseHostileKeys(text: string): void {
  const open: (Set<string> | null)[] = [];
  let keyNext = false;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x7b: // {
        open.push(new Set());
        keyNext = true;
        break;
      case 0x5b: // [
        open.push(null);
        keyNext = false;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        open.pop();
        keyNext = false;
        break;
      case 0x2c: // ,
        keyNext = open.at(-1) instanceof Set;
        break;
      case 0x22: {
        const end = endOfString(text, at);
        if (keyNext) {
          refuseKey(text.slice(at, end + 1), open.at(-1) ?? null);
          keyNext = false;
        }
        at = end;
        break;
      }
    }
    if (open.length > JSON_DEPTH_MAX) throw new MalformedJson(`expected at most ${JSON_DEPTH_MAX} levels`);
  }
}

function refuseKey(quoted: string, seen: Set<string> | null): void {
  const key = JSON.parse(quoted) as string;
  if (FORBIDDEN_KEYS.has(key)) throw new MalformedJson("expected no prototype keys");
  if (seen?.has(key)) throw new MalformedJson("expected every key once");
  seen?.add(key);
}

/** Index of the quote that ends the string which starts at `start`. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at++;
    else if (code === 0x22) return at;
  }
  return text.length;
}
