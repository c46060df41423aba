const FIRST_MOVE = 0.005;
const GROWTH = 1.15;
/** ln 100. */
const LAST_MOVE = 4.605170185988092;

/**
 * Whole ticks at which a walk away from today's price looks, ascending and without repeats: log moves of half a per cent
 * that grow by 15 % each, to a hundredfold move.
 *
 * @param side a walk down or up in price, or in log moves themselves
 * @param tick one tick as a share of the price, or as a log move
 */
export function probeMoves(side: "fall" | "rise" | "log", tick: number): readonly number[] {
  const moves: number[] = [];
  for (let move = FIRST_MOVE; move < LAST_MOVE; move *= GROWTH) moves.push(move);
  moves.push(LAST_MOVE);
  const distance = (move: number) => (side === "log" ? move : side === "fall" ? -Math.expm1(-move) : Math.expm1(move));
  return [...new Set(moves.map((move) => Math.max(1, Math.round(distance(move) / tick))))];
}

/** The factor of a log move down or up. */
export function joinedFactor(side: "fall" | "rise", logMove: number): number {
  return Math.exp(side === "fall" ? -logMove : logMove);
}
