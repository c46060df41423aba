import { describe, expect, test } from "@jest/globals";
import { InvalidParameters } from "./invalid-parameters.js";
import { loadRiskParameters } from "./load.js";
import { printRiskParameters } from "./print.js";
import { standardParameters } from "./standard.js";

type Document = Record<string, never>;

/** The default document with one thing changed. */
function changed(change: (document: Document) => void): unknown {
  const document = structuredClone(printRiskParameters(standardParameters())) as unknown as Document;
  change(document);
  return document;
}

function refusedPath(document: unknown): string {
  try {
    loadRiskParameters(document);
  } catch (fault) {
    if (fault instanceof InvalidParameters) return fault.path;
    throw fault;
  }
  return "accepted";
}

/** A path such as `liquidation.target` or `assets[0].id`, set to a value; undefined removes it. */
function set(document: Document, path: string, value: unknown): void {
  const keys = path.split(/[.[\]]+/).filter((key) => key !== "");
  const last = keys.pop() as string;
  const holder = keys.reduce((found, key) => found[key] as unknown as Document, document);
  if (value === undefined) delete holder[last];
  else (holder as Record<string, unknown>)[last] = value;
}

describe("MARGIN-6: a parameter document", () => {
  test("that was printed is read as the same parameters", () => {
    const parameters = standardParameters();
    expect(loadRiskParameters(printRiskParameters(parameters))).toEqual(parameters);
  });

  //  what is changed                      where                                      to                    refused at
  test.each<[string, string, unknown, string?]>([
    ["a field left out", "liquidation.target", undefined],
    ["a field too many", "liquidation.speed", "1"],
    ["a number where text belongs", "liquidation.target", 1.25],
    ["an exponent", "liquidation.target", "1e1"],
    ["a target that restores nothing", "liquidation.target", "1"],
    ["a takeover at maintenance margin", "liquidation.takeoverBelow", "1"],
    ["no version", "version", 0],
    ["a scale beyond the ledger's", "assets[0].scale", 19],
    ["an asset twice", "assets[1].id", "USDC"],
    ["an instrument of an asset that is not there", "instruments[0].underlying", "DOGE"],
    ["an inverse contract that settles in dollars", "instruments[2].settlementAsset", "USDC"],
    ["a linear contract that settles in coin", "instruments[0].settlementAsset", "BTC"],
    ["a lot of nothing", "instruments[0].lotSize", "0"],
    ["a date for a perpetual", "instruments[0].expiresAt", "2020-06-26T08:00:00.000Z"],
    ["a future without a date", "instruments[4].expiresAt", undefined],
    ["a date written in another way", "instruments[4].expiresAt", "2020-06-26 08:00Z"],
    ["an instrument without tiers", "marginTiers.ETH-PERPETUAL", undefined],
    ["tiers of nothing that is listed", "marginTiers.DOGE-PERPETUAL", [], "marginTiers.DOGE-PERPETUAL"],
    ["a first tier above zero", "marginTiers.BTC-PERPETUAL[0].from", "1"],
    ["a tier that begins before the last", "marginTiers.BTC-PERPETUAL[2].from", "500000"],
    ["a rate that falls with size", "marginTiers.BTC-PERPETUAL[1].initialRate", "0.0199"],
    ["maintenance above initial", "marginTiers.BTC-PERPETUAL[0].maintenanceRate", "0.021"],
    ["a haircut of more than all", "haircuts.BTC[3].haircut", "1.01"],
    ["a haircut that falls with size", "haircuts.BTC[1].haircut", "0.04"],
    ["a quote that is not an asset", "portfolioMargin.quote", "USDT"],
    ["a quote that contracts follow", "portfolioMargin.quote", "BTC"],
    ["an underlying without a rate", "portfolioMargin.estimates.underlyings.ETH", undefined],
    ["a rate of nothing", "portfolioMargin.estimates.underlyings.ETH.logRate", 0],
    ["joint days that are not the same", "portfolioMargin.estimates.underlyings.ETH.moves", []],
    [
      "a correlation that is none",
      "portfolioMargin.estimates.correlation.rows[0][1]",
      0.99,
      "portfolioMargin.estimates.correlation",
    ],
    ["collateral without a haircut", "portfolioMargin.estimates.haircuts.maintenance.ETH", undefined],
  ])("with %s is refused, and the field is named", (_, path, value, refusedAt = path) => {
    expect(refusedPath(changed((document) => set(document, path, value)))).toBe(refusedAt);
  });

  test("may come without estimates; then there are no portfolio accounts", () => {
    const document = changed((document) => set(document, "portfolioMargin", undefined));
    expect(loadRiskParameters(document).portfolioMargin).toBeUndefined();
  });

  test.each([["nothing"], [null], [[]], ["text"], [42]])("that is %p is refused as a whole", (document) => {
    expect(refusedPath(document)).toBe("");
  });
});
