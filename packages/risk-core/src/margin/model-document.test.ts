import { describe, expect, test } from "@jest/globals";
import { Decimal } from "@ballast/money";
import { evaluate, type Expression, marginal } from "./expression.js";
import { type Figure, figureOf } from "./figure.js";
import { InvalidModel, readModel } from "./model-document.js";
import { PRESETS } from "./presets/index.js";

describe("figures put together", () => {
  const figures = new Map<string, Figure>([
    ["scan", { value: new Decimal(100), parts: new Map([["BTC", new Decimal(100)]]) }],
    ["floor", { value: new Decimal(80), parts: new Map([["ETH", new Decimal(80)]]) }],
    ["factor", figureOf(new Decimal("1.3"))],
  ]);
  const result = (expression: Expression) =>
    evaluate(expression, (name) => figures.get(name) ?? figureOf(new Decimal(NaN)));

  test.each<[string, Expression, string, Readonly<Record<string, string>>]>([
    ["a sum adds the parts", { sum: ["scan", "floor"] }, "180", { BTC: "100", ETH: "80" }],
    ["a maximum keeps those of the branch that binds", { max: ["floor", "scan"] }, "100", { BTC: "100" }],
    ["a minimum likewise", { min: ["floor", "scan"] }, "80", { ETH: "80" }],
    ["a multiple scales them", { times: ["scan", "factor"] }, "130", { BTC: "130" }],
    ["a difference takes them away", { minus: ["scan", "floor"] }, "20", { BTC: "100", ETH: "-80" }],
    ["nothing below zero", { positive: { minus: ["floor", "scan"] } }, "0", {}],
    ["a root", { root: "scan" }, "10", { BTC: "10" }],
    [
      "rounded up",
      { rounded: { of: { times: ["floor", { value: "0.3333" }] }, scale: 0, side: "up" } },
      "27",
      { ETH: "26.664" },
    ],
  ])("MODEL-2: %s", (_, expression, value, parts) => {
    const figure = result(expression);
    expect(figure.value.toFixed()).toBe(value);
    expect(Object.fromEntries([...figure.parts].map(([key, part]) => [key, part.toFixed()]))).toEqual(parts);
  });

  test("MODEL-3: a marginal multiple applies to what lies inside its tier", () => {
    const tiers = [
      { from: "0", multiple: "1" },
      { from: "10", multiple: "2" },
      { from: "70", multiple: "4" },
    ];
    expect(["0", "10", "11", "80"].map((value) => marginal(new Decimal(value), tiers).toFixed())).toEqual([
      "0",
      "10",
      "12",
      "170",
    ]);
  });
});

describe("a model document", () => {
  const model = (PRESETS.get("derive-pm2") as () => object)() as Record<string, unknown>;
  const scan = model["scan"] as Record<string, unknown>;

  test.each([...PRESETS.keys()])("MODEL-5: the preset %s is one, and is itself when read again", (id) => {
    const preset = PRESETS.get(id)?.();
    expect(readModel(JSON.parse(JSON.stringify(preset)))).toEqual(preset);
  });

  test.each<[string, object, string]>([
    ["a field nobody knows", { leverage: 10 }, ""],
    [
      "a level of a figure that is not there",
      { levels: [{ name: "initial", requirement: "x", scale: 8, side: "up" }] },
      "levels[0].requirement",
    ],
    [
      "a figure that looks ahead",
      { figures: [{ name: "a", scope: "unit", rule: { kind: "expression", of: "b" } }] },
      "figures[0].rule.of",
    ],
    [
      "a price that falls to nothing",
      {
        scan: {
          ...scan,
          scenarios: [{ id: "s", family: "f", price: { factor: 0 }, volatility: "same", damping: 1, deadband: 0 }],
        },
      },
      "scan.scenarios[0].price.factor",
    ],
    [
      "an asset worth more than itself",
      { scan: { ...scan, staticDiscount: { long: { base: 1.05, rateScale: 0, rateAdd: 0 }, short: null } } },
      "scan.staticDiscount.long.base",
    ],
    [
      "a debt worth less than itself",
      { scan: { ...scan, staticDiscount: { long: null, short: { base: 0.95, rateScale: 0, rateAdd: 0 } } } },
      "scan.staticDiscount.short.base",
    ],
    ["a skew without its rule", { scan: { ...scan, skew: null } }, "scan.skew"],
    [
      "tiers that cross",
      {
        figures: [
          {
            name: "t",
            scope: "unit",
            rule: {
              kind: "tiered",
              orders: "ignored",
              tiers: {
                BTC: [
                  { from: "0", rate: "0.02" },
                  { from: "100", rate: "0.01" },
                ],
              },
            },
          },
        ],
      },
      "figures[0].rule.tiers.BTC[1].rate",
    ],
    [
      "a first tier above zero",
      {
        figures: [
          {
            name: "t",
            scope: "unit",
            rule: { kind: "tiered", orders: "ignored", tiers: { BTC: [{ from: "1", rate: "0.02" }] } },
          },
        ],
      },
      "figures[0].rule.tiers.BTC[0].from",
    ],
  ])("MODEL-5: %s is refused by its path", (_, changed, path) => {
    let refused: unknown;
    try {
      readModel({ ...model, ...changed });
    } catch (fault) {
      refused = fault;
    }
    expect(refused).toBeInstanceOf(InvalidModel);
    expect((refused as InvalidModel).path).toBe(path);
  });
});
