/*
 * The scan of a whole book: for every account the lowest stressed value over all scenarios, plus its cash. The layout is
 * that of `columns.ts`, the twin `reference/scan.f64.ts`.
 *
 * Sixteen scenarios are kept in eight registers while all positions of the account are added to them, four positions at a
 * time; then come the next sixteen. (All thirty-two at once would need more registers than there are; one position at a
 * time was slower by a fifth, eight by a sixth.) The order of additions is that of the positions, so the twin finds the same
 * bits.
 */
import { scanError } from "../error-bound.f64";

/**
 * Free margin of accounts [from, to): cash + min over scenarios of Σ quantity × row value; and, where `errors` is an address
 * and not 0, how far each can be from the exact one.
 *
 * @param table     row values, `width` bytes to a row, a multiple of 64
 * @param bounds    two f64 to a row: the largest size of a value, and its error
 * @param stressed  scratch of `width` bytes
 */
export function scan(
  firstPosition: usize,
  row: usize,
  quantity: usize,
  cash: usize,
  table: usize,
  width: usize,
  bounds: usize,
  stressed: usize,
  from: usize,
  to: usize,
  freeMargins: usize,
  errors: usize,
): void {
  const inSixteens = width & ~127;
  for (let account = from; account < to; account++) {
    const first = <usize>load<u32>(firstPosition + (account << 2));
    const count = <usize>load<u32>(firstPosition + (account << 2), 4) - first;
    const rows = row + (first << 2);
    const quantities = quantity + (first << 3);
    const owned = load<f64>(cash + (account << 3));
    let lowest = f64x2.splat(Infinity);
    for (let at: usize = 0; at < inSixteens; at += 128) {
      lowest = f64x2.pmin(lowest, lowestOf16(rows, quantities, count, table + at, width));
    }
    if (inSixteens < width) {
      stress8(rows, quantities, count, table + inSixteens, width, stressed);
      lowest = f64x2.pmin(lowest, lowestOf(stressed, 64));
    }
    store<f64>(freeMargins + (account << 3), owned + lowestLane(lowest));
    // Here, because the positions of this account are at hand: a second pass would fetch the whole book again.
    if (errors != 0) store<f64>(errors + (account << 3), errorOf(rows, quantities, count, owned, bounds));
  }
}

/** The first scenario in which each of the listed accounts (u32) has its lowest stressed value, as u32. */
export function bindingScenarios(
  firstPosition: usize,
  row: usize,
  quantity: usize,
  table: usize,
  width: usize,
  stressed: usize,
  accounts: usize,
  count: usize,
  bindings: usize,
): void {
  for (const end = accounts + (count << 2); accounts < end; accounts += 4, bindings += 4) {
    const account = firstPosition + ((<usize>load<u32>(accounts)) << 2);
    const first = <usize>load<u32>(account);
    const positions = <usize>load<u32>(account, 4) - first;
    for (let at: usize = 0; at < width; at += 64) {
      stress8(row + (first << 2), quantity + (first << 3), positions, table + at, width, stressed + at);
    }
    store<u32>(bindings, firstEqual(stressed, lowestLane(lowestOf(stressed, width))));
  }
}

/** How far the free margin of an account with these positions can be from the exact one. */
function errorOf(rows: usize, quantities: usize, count: usize, cash: f64, bounds: usize): f64 {
  let sums = f64x2.splat(0);
  for (const end = rows + (count << 2); rows < end; rows += 4, quantities += 8) {
    sums = mac(sums, f64x2.abs(v128.load64_splat(quantities)), v128.load(bounds + ((<usize>load<u32>(rows)) << 4)));
  }
  return scanError(f64(count), cash, f64x2.extract_lane(sums, 0), f64x2.extract_lane(sums, 1));
}

/** The lowest two, lane by lane, of sixteen scenarios' sums over `count` positions. */
function lowestOf16(rows: usize, quantities: usize, count: usize, table: usize, width: usize): v128 {
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  let c = f64x2.splat(0);
  let d = f64x2.splat(0);
  let e = f64x2.splat(0);
  let f = f64x2.splat(0);
  let g = f64x2.splat(0);
  let h = f64x2.splat(0);
  const end = rows + (count << 2);
  for (; rows + 12 < end; rows += 16, quantities += 32) {
    const r0 = table + <usize>load<u32>(rows) * width;
    const r1 = table + <usize>load<u32>(rows, 4) * width;
    const r2 = table + <usize>load<u32>(rows, 8) * width;
    const r3 = table + <usize>load<u32>(rows, 12) * width;
    const q0 = v128.load64_splat(quantities);
    const q1 = v128.load64_splat(quantities, 8);
    const q2 = v128.load64_splat(quantities, 16);
    const q3 = v128.load64_splat(quantities, 24);
    a = mac(mac(a, q0, v128.load(r0)), q1, v128.load(r1));
    a = mac(mac(a, q2, v128.load(r2)), q3, v128.load(r3));
    b = mac(mac(b, q0, v128.load(r0, 16)), q1, v128.load(r1, 16));
    b = mac(mac(b, q2, v128.load(r2, 16)), q3, v128.load(r3, 16));
    c = mac(mac(c, q0, v128.load(r0, 32)), q1, v128.load(r1, 32));
    c = mac(mac(c, q2, v128.load(r2, 32)), q3, v128.load(r3, 32));
    d = mac(mac(d, q0, v128.load(r0, 48)), q1, v128.load(r1, 48));
    d = mac(mac(d, q2, v128.load(r2, 48)), q3, v128.load(r3, 48));
    e = mac(mac(e, q0, v128.load(r0, 64)), q1, v128.load(r1, 64));
    e = mac(mac(e, q2, v128.load(r2, 64)), q3, v128.load(r3, 64));
    f = mac(mac(f, q0, v128.load(r0, 80)), q1, v128.load(r1, 80));
    f = mac(mac(f, q2, v128.load(r2, 80)), q3, v128.load(r3, 80));
    g = mac(mac(g, q0, v128.load(r0, 96)), q1, v128.load(r1, 96));
    g = mac(mac(g, q2, v128.load(r2, 96)), q3, v128.load(r3, 96));
    h = mac(mac(h, q0, v128.load(r0, 112)), q1, v128.load(r1, 112));
    h = mac(mac(h, q2, v128.load(r2, 112)), q3, v128.load(r3, 112));
  }
  for (; rows < end; rows += 4, quantities += 8) {
    const r = table + <usize>load<u32>(rows) * width;
    const q = v128.load64_splat(quantities);
    a = mac(a, q, v128.load(r));
    b = mac(b, q, v128.load(r, 16));
    c = mac(c, q, v128.load(r, 32));
    d = mac(d, q, v128.load(r, 48));
    e = mac(e, q, v128.load(r, 64));
    f = mac(f, q, v128.load(r, 80));
    g = mac(g, q, v128.load(r, 96));
    h = mac(h, q, v128.load(r, 112));
  }
  const low = f64x2.pmin(f64x2.pmin(a, b), f64x2.pmin(c, d));
  return f64x2.pmin(low, f64x2.pmin(f64x2.pmin(e, f), f64x2.pmin(g, h)));
}

/** Eight scenarios' sums over `count` positions, written down. */
function stress8(rows: usize, quantities: usize, count: usize, table: usize, width: usize, sums: usize): void {
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  let c = f64x2.splat(0);
  let d = f64x2.splat(0);
  for (const end = rows + (count << 2); rows < end; rows += 4, quantities += 8) {
    const r = table + <usize>load<u32>(rows) * width;
    const q = v128.load64_splat(quantities);
    a = mac(a, q, v128.load(r));
    b = mac(b, q, v128.load(r, 16));
    c = mac(c, q, v128.load(r, 32));
    d = mac(d, q, v128.load(r, 48));
  }
  v128.store(sums, a);
  v128.store(sums, b, 16);
  v128.store(sums, c, 32);
  v128.store(sums, d, 48);
}

/** The lowest of the values, lane by lane; there is a multiple of eight of them and none is NaN. */
function lowestOf(values: usize, width: usize): v128 {
  let lowest = v128.load(values);
  for (let at: usize = 16; at < width; at += 16) lowest = f64x2.pmin(lowest, v128.load(values + at));
  return lowest;
}

function lowestLane(pair: v128): f64 {
  const first = f64x2.extract_lane(pair, 0);
  const second = f64x2.extract_lane(pair, 1);
  return second < first ? second : first;
}

/** Where the value occurs first; it does occur. */
function firstEqual(values: usize, value: f64): u32 {
  let at = values;
  while (load<f64>(at) != value) at += 8;
  return <u32>((at - values) >> 3);
}

/** sum + a·b, rounded twice. */
function mac(sum: v128, a: v128, b: v128): v128 {
  return f64x2.add(sum, f64x2.mul(a, b));
}
