import { type AccountId, accountId, INSURANCE_FUND, type RiskParameters, TREASURY, toUtcMillis } from "@ballast/model";
import { amount } from "@ballast/money";
import { type Random, randomOf } from "../random.js";
import { firstMarket } from "./market.js";
import type { QueueFaults } from "./queue.js";
import type { Rules } from "./rules.js";
import { World } from "./world.js";

export interface Founding {
  readonly seed: string;
  readonly parameters: RiskParameters;
  readonly rules: Rules;
}

const FOUNDED_AT = toUtcMillis(1_583_971_200_000);
const USERS = 10;
const MAKERS = 3;
/** The last users are sub-accounts of the first. */
const SUB_ACCOUNTS = 2;

/** Returns a small exchange: users with some money, rich makers, a fund of a size that the seed draws. */
export function found({ seed, parameters, rules }: Founding): World {
  const random = randomOf(`${seed}/founding`);
  const market = firstMarket(parameters, FOUNDED_AT, random);
  const world = new World({ parameters, market, rules, faults: drawFaults(random) });
  world.open(INSURANCE_FUND, "INSURANCE_FUND");
  world.open(TREASURY, "HOUSE");
  const makers = Array.from({ length: MAKERS }, (_, index) => accountId(`maker${index + 1}`));
  const users = Array.from({ length: USERS }, (_, index) => accountId(`user${index + 1}`));
  for (const maker of makers) {
    world.open(maker, "MARKET_MAKER");
    for (const [asset, given] of [
      ["USDC", "5000000"],
      ["BTC", "500"],
      ["ETH", "10000"],
    ] as const) {
      fund(world, maker, asset, given, random);
    }
  }
  for (const [index, user] of users.entries()) {
    const parent = index >= USERS - SUB_ACCOUNTS ? (users[index - (USERS - SUB_ACCOUNTS)] as AccountId) : null;
    world.open(user, "USER", parent);
    fund(world, user, "USDC", String(random.between(500, 50_000)), random);
    if (random.chance(5_000)) fund(world, user, random.pick(["BTC", "ETH"]), String(random.between(1, 20)), random);
  }
  fund(world, INSURANCE_FUND, "USDC", String(random.between(1, 200_000)), random);
  return world;
}

/** Each seed has its own mixture of faults, some of them not at all. */
function drawFaults(random: Random): QueueFaults {
  const share = (): number => (random.chance(5_000) ? 0 : random.between(100, 2_500));
  return { lost: share(), duplicated: share(), late: share() };
}

function fund(world: World, account: AccountId, asset: string, given: string, random: Random): void {
  const key = world.nextId("founding");
  const listed = [...world.parameters.assets.keys()].find((id) => id === asset);
  if (listed === undefined) return;
  const journal = world.rules.deposit({ key, at: world.now, account, asset: listed, amount: amount(given) });
  world.commit("DEPOSIT", { actors: [account] }, [journal], random);
}
