import {
  type Account,
  type AccountKind,
  accountId,
  assetId,
  contractValue,
  type Instrument,
  instrumentId,
  type MarginMode,
  type MarketSnapshot,
  type Position,
  type RiskParameters,
  toUtcMillis,
} from "@ballast/model";
import { amount, negate, price, quantity, usd } from "@ballast/money";
import fc from "fast-check";
import { loadRiskParameters } from "./parameters/load.js";
import { printRiskParameters } from "./parameters/print.js";
import { standardParameters } from "./parameters/standard.js";

/*
 * For tests only: accounts and markets written as a person would say them, and arbitraries of them.
 */

/** The default parameters, one value for all tests of a file. */
export const PARAMETERS: RiskParameters = standardParameters();

/** A listed instrument by its name. */
export function listed(name: string, parameters: RiskParameters = PARAMETERS): Instrument {
  const instrument = parameters.instruments.get(instrumentId(name));
  if (instrument === undefined) throw new Error(`no instrument ${name} in the parameters`);
  return instrument;
}

/** Prices as text; what is left out stays at the calm market of early March 2020. */
export interface MarketText {
  readonly sequence?: number;
  readonly index?: Readonly<Record<string, string>>;
  readonly mark?: Readonly<Record<string, string>>;
  readonly depth?: Readonly<Record<string, string>>;
}

const CALM = {
  index: { USDC: "1", BTC: "8000", ETH: "200" },
  mark: {
    "BTC_USDC-PERPETUAL": "8000",
    "ETH_USDC-PERPETUAL": "200",
    "BTC-PERPETUAL": "8000",
    "ETH-PERPETUAL": "200",
    "BTC_USDC-26JUN20": "8100",
  },
  depth: {
    "BTC_USDC-PERPETUAL": "10000000",
    "ETH_USDC-PERPETUAL": "4000000",
    "BTC-PERPETUAL": "8000000",
    "ETH-PERPETUAL": "3000000",
    "BTC_USDC-26JUN20": "2000000",
  },
} as const;

/** A snapshot: the calm market with some prices replaced. */
export function marketOf({ sequence = 1, index = {}, mark = {}, depth = {} }: MarketText = {}): MarketSnapshot {
  return {
    sequence,
    at: toUtcMillis(1_583_971_200_000),
    indexPrices: read({ ...CALM.index, ...index }, assetId, price),
    markPrices: read({ ...CALM.mark, ...mark }, instrumentId, price),
    depths: read({ ...CALM.depth, ...depth }, instrumentId, usd),
  };
}

function read<Id, Value>(
  texts: Readonly<Record<string, string>>,
  id: (text: string) => Id,
  value: (text: string) => Value,
): ReadonlyMap<Id, Value> {
  return new Map(Object.entries(texts).map(([key, text]) => [id(key), value(text)] as const));
}

/** Positions as `[instrument, signed contracts, entry price]`. */
export type PositionsText = readonly (readonly [instrument: string, contracts: string, entryPrice: string])[];

/** An account as text: balances by asset, and positions. */
export interface AccountText {
  readonly id?: string;
  readonly kind?: AccountKind;
  readonly marginMode?: MarginMode;
  readonly balances?: Readonly<Record<string, string>>;
  readonly positions?: PositionsText;
}

/** The account that the text describes; zero balances and positions are left out, as the model asks. */
export function accountOf(
  { id = "trader", kind = "USER", marginMode = "STANDARD", balances = {}, positions = [] }: AccountText,
  parameters: RiskParameters = PARAMETERS,
): Account {
  return {
    id: accountId(id),
    kind,
    parent: null,
    marginMode,
    balances: new Map(
      Object.entries(balances)
        .map(([asset, text]) => [assetId(asset), amount(text)] as const)
        .filter(([, held]) => !held.isZero()),
    ),
    positions: new Map(
      positions
        .map(([name, contracts, entryPrice]) => positionOf(listed(name, parameters), contracts, entryPrice))
        .filter((position) => !position.quantity.isZero())
        .map((position) => [position.instrument, position] as const),
    ),
  };
}

function positionOf(instrument: Instrument, contracts: string, entryPrice: string): Position {
  const held = quantity(contracts);
  return {
    instrument: instrument.id,
    quantity: held,
    entryCash: negate(contractValue(instrument, held, price(entryPrice))),
  };
}

/** The same account with the entries of its maps in the opposite order. */
export function shuffled(account: Account): Account {
  return {
    ...account,
    balances: new Map([...account.balances].reverse()),
    positions: new Map([...account.positions].reverse()),
  };
}

const cents = (least: bigint, most: bigint, scale: number): fc.Arbitrary<string> =>
  fc.bigInt({ min: least, max: most }).map((units) => decimalText(units, scale));

/** Units and scale as decimal text: 12345n, 2 → "123.45". */
export function decimalText(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const text = scale === 0 ? whole : `${whole}.${digits.slice(digits.length - scale)}`;
  return units < 0n ? `-${text}` : text;
}

/** Snapshots from a tenth to four times the calm prices, with a stablecoin off its peg and shallow or deep books. */
export const anyMarket: fc.Arbitrary<MarketSnapshot> = fc
  .record({
    BTC: cents(80_000n, 3_200_000n, 2),
    ETH: cents(2_000n, 80_000n, 2),
    USDC: cents(9_700n, 10_200n, 4),
    basis: fc.bigInt({ min: 98n, max: 103n }),
    depth: cents(10_000_000n, 2_000_000_000n, 2),
  })
  .map(({ BTC, ETH, USDC, basis, depth }) => {
    const marked = (text: string) => price(text).mul(basis.toString()).div(100).toFixed(4);
    return marketOf({
      index: { USDC, BTC, ETH },
      mark: {
        "BTC_USDC-PERPETUAL": marked(BTC),
        "ETH_USDC-PERPETUAL": marked(ETH),
        "BTC-PERPETUAL": marked(BTC),
        "ETH-PERPETUAL": marked(ETH),
        "BTC_USDC-26JUN20": marked(BTC),
      },
      depth: Object.fromEntries([...PARAMETERS.instruments.keys()].map((id) => [id, depth])),
    });
  });

const entryPrices: Readonly<Record<string, fc.Arbitrary<string>>> = {
  BTC: cents(400_000n, 1_600_000n, 2),
  ETH: cents(10_000n, 40_000n, 2),
};

/** Positions in some of the listed instruments, from one contract to tens of millions of dollars, long and short. */
export const anyPositions: fc.Arbitrary<PositionsText> = fc
  .subarray([...PARAMETERS.instruments.values()])
  .chain((instruments) =>
    fc.tuple(
      ...instruments.map((instrument) =>
        fc.tuple(
          fc.constant<string>(instrument.id),
          fc
            .tuple(fc.boolean(), fc.integer({ min: 1, max: 6 }))
            .chain(([long, digits]) =>
              fc.bigInt({ min: 1n, max: 10n ** BigInt(digits) }).map((contracts) => (long ? "" : "-") + contracts),
            ),
          entryPrices[instrument.underlying] ?? fc.constant("1"),
        ),
      ),
    ),
  );

/** Rising thresholds and rates as a document writes them: up to four tiers, the first from zero. */
const anyTiers = (
  row: (from: string, level: bigint) => Record<string, string>,
): fc.Arbitrary<readonly Record<string, string>[]> =>
  fc
    .array(fc.tuple(fc.bigInt({ min: 1n, max: 5_000_000_000n }), fc.bigInt({ min: 0n, max: 1_200n })), {
      maxLength: 3,
    })
    .chain((steps) =>
      fc.bigInt({ min: 1n, max: 1_000n }).map((first) => {
        let [from, level] = [0n, first];
        return [
          row("0", first),
          ...steps.map(([width, rise]) => {
            from += width;
            level += rise;
            return row(decimalText(from, 2), level);
          }),
        ];
      }),
    );

/** Parameter sets with the listed instruments, random tiers, contract sizes and lots, read through the front door. */
export const anyParameters: fc.Arbitrary<RiskParameters> = fc
  .record({
    haircuts: fc.array(
      anyTiers((from, level) => ({ from, haircut: decimalText(level, 4) })),
      {
        minLength: 3,
        maxLength: 3,
      },
    ),
    listed: fc.subarray(["USDC", "BTC", "ETH"] as const),
    margins: fc.array(
      anyTiers((from, level) => ({
        from,
        initialRate: decimalText(level * 2n, 4),
        maintenanceRate: decimalText(level, 4),
      })),
      { minLength: 5, maxLength: 5 },
    ),
    lot: fc.constantFrom("1", "0.1", "0.00000001", "10"),
    size: fc.constantFrom("0.001", "1", "0.00000001", "3.7"),
  })
  .map(({ haircuts, listed: collateral, margins, lot, size }) => {
    const document = printRiskParameters(PARAMETERS) as {
      readonly instruments: readonly { readonly id: string; readonly payoff: string }[];
    };
    return loadRiskParameters({
      ...document,
      instruments: document.instruments.map((instrument) => ({
        ...instrument,
        lotSize: lot,
        ...(instrument.payoff === "linear" ? { contractSize: size } : {}),
      })),
      haircuts: Object.fromEntries(collateral.map((asset, at) => [asset, haircuts[at]])),
      marginTiers: Object.fromEntries(document.instruments.map(({ id }, at) => [id, margins[at]])),
    });
  });

/** Accounts with any mix of balances (debts among them) and positions. */
export const anyAccount: fc.Arbitrary<Account> = fc
  .record({
    USDC: cents(-500_000_000_000n, 5_000_000_000_000n, 6),
    BTC: cents(-1_000_000_000n, 20_000_000_000n, 8),
    ETH: cents(-10_000_000_000n, 500_000_000_000n, 8),
    kept: fc.subarray(["USDC", "BTC", "ETH"] as const),
    positions: anyPositions,
  })
  .map(({ kept, positions, ...held }) =>
    accountOf({ balances: Object.fromEntries(kept.map((asset) => [asset, held[asset]])), positions }),
  );
