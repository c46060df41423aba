import {
  ACCOUNTS_BATCH_MAX,
  type Client,
  DEPOSITS_BATCH_MAX,
  FILLS_BATCH_MAX,
  printTime,
  ProblemAnswer,
} from "@ballast/api-contract";
import type { UtcMillis } from "@ballast/model";
import { printDecimal } from "@ballast/money";
import type { Population } from "@ballast/simulator";
import { eachOf, inBatches } from "./in-batches.js";

/** The database holds an exchange that is not the one asked for. */
export class AnotherExchange extends Error {
  override readonly name = "AnotherExchange";
  constructor(found: string) {
    super(
      `the database holds another exchange (${found}); play the same scenario, --seed and --accounts again, or start with an empty database (npm start -- --fresh)`,
    );
  }
}

const ALREADY_THERE = ["ACCOUNT_EXISTS", "IDEMPOTENCY_KEY_REUSED"];
/** Batches small enough that the house never holds many row locks for long, and that progress is seen. */
const DEPOSITS_BATCH = Math.min(500, DEPOSITS_BATCH_MAX);
const FILLS_BATCH = Math.min(500, FILLS_BATCH_MAX);

/** What tells the person where the work is: done and all of one kind. */
export type Told = (what: string, done: number, all: number) => void;

/**
 * Opens the accounts. Doing it again answers the same.
 *
 * @throws AnotherExchange when accounts of these names are there under other keys.
 */
export async function openAccounts(client: Client, prefix: string, population: Population, tell: Told): Promise<void> {
  const batches = inBatches(population.accounts, ACCOUNTS_BATCH_MAX);
  let opened = 0;
  for (const [index, accounts] of batches.entries()) {
    try {
      await client.openAccounts(`${prefix}.accounts.${index}`, {
        accounts: accounts.map(({ id, kind, name, parent }) => ({ id, kind, name, parent })),
      });
    } catch (fault) {
      if (fault instanceof ProblemAnswer && ALREADY_THERE.includes(fault.code))
        throw new AnotherExchange(fault.message);
      throw fault;
    }
    opened += accounts.length;
    tell("accounts", opened, population.accounts.length);
  }
}

/**
 * Funds the accounts and the insurance fund, has the opening market told, and clears the opening fills. Every step goes under a key of its own, so doing it again does nothing.
 *
 * @returns how many fills the house refused; none is expected, because the population keeps below the admitted leverage.
 */
export async function openMarket(
  client: Client,
  prefix: string,
  population: Population,
  opening: { readonly at: UtcMillis; readonly tellMarket: () => Promise<unknown> },
  tell: Told,
): Promise<number> {
  let deposited = 0;
  const deposits = population.deposits.map((deposit, index) => ({
    account: deposit.account,
    asset: deposit.asset,
    amount: printDecimal(deposit.amount),
    key: `${prefix}.deposit.${index}`,
  }));
  await eachOf(inBatches(deposits, DEPOSITS_BATCH), 1, async (batch) => {
    const answer = await client.deposits(`${(batch[0] as { key: string }).key}.batch`, { deposits: batch });
    const refused = answer.results.find((result) => result.status === "REJECTED");
    if (refused !== undefined) throw new RefusedDeposit(refused.key, JSON.stringify(refused.rejection));
    deposited += batch.length;
    tell("deposits", deposited, deposits.length);
  });

  await opening.tellMarket();

  let cleared = 0;
  let refused = 0;
  const fills = population.fills.map((fill, index) => ({
    id: `${prefix}.open.fill.${index}`,
    instrument: fill.instrument,
    buyer: fill.buyer,
    seller: fill.seller,
    quantity: printDecimal(fill.quantity),
    price: printDecimal(fill.price),
    buyerFeeRate: printDecimal(fill.buyerFeeRate),
    sellerFeeRate: printDecimal(fill.sellerFeeRate),
    at: printTime(opening.at),
  }));
  await eachOf(inBatches(fills, FILLS_BATCH), 1, async (batch) => {
    const answer = await client.fills(`${(batch[0] as { id: string }).id}.batch`, { fills: batch });
    refused += answer.results.filter((result) => result.status === "REJECTED").length;
    cleared += batch.length;
    tell("opening fills", cleared, fills.length);
  });
  return refused;
}

/** The house refused a deposit of the opening, which it never should. */
export class RefusedDeposit extends Error {
  override readonly name = "RefusedDeposit";
  constructor(key: string, because: string) {
    super(`expected the deposit ${key} to be posted; it was refused: ${because}`);
  }
}
