export { type EventPath, readEvent, UnreadableEvents } from "./event-window.f64.js";
export { CLOSE_AT_ONCE, type ClosingPolicy, LEG_BY_LEG, ours, SLICES } from "./closing-policies.f64.js";
export { ACCOUNTS, type DepthName, DEPTHS, POLICIES, type PolicyFigures, type Replay, replay } from "./replay.f64.js";
