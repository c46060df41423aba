import { describe, expect, test } from "@jest/globals";
import type { MarginMode } from "@ballast/model";
import { Decimal, usd } from "@ballast/money";
import fc from "fast-check";
import { admit } from "../decision/admit.js";
import { type Assessment, assessAccount } from "../pipeline.js";
import { MissingPrice } from "../mark/prices.js";
import { assessHealth } from "../scan/assess-health.js";
import {
  accountOf,
  type AccountText,
  anyAccount,
  anyMarket,
  marketOf,
  type MarketText,
  PARAMETERS,
  type PositionsText,
  shuffled,
} from "../testing.js";
import { portfolioParametersOf } from "./portfolio-margin.js";

const BTC_LONG = ["BTC_USDC-PERPETUAL", "10000", "8000"] as const;
const ETH_SHORT = ["ETH_USDC-PERPETUAL", "-40000", "200"] as const;
const ETH_LONG = ["ETH_USDC-PERPETUAL", "40000", "200"] as const;

function judged(text: AccountText, marginMode: MarginMode = "PORTFOLIO", market: MarketText = {}): Assessment {
  return assessAccount(accountOf({ ...text, marginMode }), marketOf(market), PARAMETERS);
}

const holding = (...positions: PositionsText): AccountText => ({ balances: { USDC: "100000" }, positions });
const maintenanceOf = (assessment: Assessment): Decimal => assessment.summary.maintenanceMargin;

describe("MARGIN-9: a portfolio account is margined as one book", () => {
  // 80,000 dollars of BTC at its log rate of 0.1687, and of ETH at 0.2184: 80,000·(1 − e^(−R)) for a long, 80,000·(e^R − 1) for a
  // short. Closing them in the shallowest book adds half a spread and half the impact: 56 of BTC in 2 million, 146.67 of ETH in 3.
  //  book             positions     needs initially
  test.each<[string, PositionsText, string]>([
    ["nothing", [], "0.00"],
    ["a long of BTC", [BTC_LONG], "12475.02"],
    ["a long of ETH", [ETH_LONG], "15727.06"],
    ["a short of ETH", [ETH_SHORT], "19547.58"],
  ])("%s", (_, positions, initial) => {
    const { summary } = judged(holding(...positions));
    expect(summary.initialMargin.toFixed(2)).toBe(initial);
  });

  test("a hedged pair needs less than its legs one by one, and says which view decides and what is forgiven", () => {
    const pair = judged(holding(BTC_LONG, ETH_SHORT));
    const alone = maintenanceOf(judged(holding(BTC_LONG))).add(maintenanceOf(judged(holding(ETH_SHORT))));
    expect(maintenanceOf(pair).lt(alone)).toBe(true);
    expect(pair.portfolio?.maintenance).toMatchObject({ bindingView: "LARGEST_LEG", runnerUpView: "CREDIT_CAP" });
    expect(pair.portfolio?.maintenance.credit.gt(0)).toBe(true);
  });

  test("a one-way pair gets no credit and needs what its legs need", () => {
    const pair = judged(holding(BTC_LONG, ETH_LONG));
    const alone = maintenanceOf(judged(holding(BTC_LONG))).add(maintenanceOf(judged(holding(ETH_LONG))));
    expect(pair.portfolio?.maintenance).toMatchObject({ bindingView: "ALL_TOGETHER" });
    expect(pair.portfolio?.maintenance.credit.toFixed()).toBe("0");
    expect(maintenanceOf(pair).sub(alone).abs().lt("0.0001")).toBe(true);
  });

  //  what is set against what                            account                                                       share of standard margin at most
  test.each<[string, AccountText, string]>([
    ["a perpetual against the future", holding(BTC_LONG, ["BTC_USDC-26JUN20", "-10000", "8100"]), "0.3"],
    [
      "a coin against an inverse short of it",
      { balances: { BTC: "10" }, positions: [["BTC-PERPETUAL", "-8000", "8000"]] },
      "0.01",
    ],
    [
      "a linear long against an inverse short",
      { balances: { USDC: "20000", BTC: "0.5" }, positions: [BTC_LONG, ["BTC-PERPETUAL", "-8400", "8000"]] },
      "0.05",
    ],
  ])("%s costs less than under standard margin", (_, account, share) => {
    const standard = judged(account, "STANDARD").summary.initialMargin;
    expect(judged(account).summary.initialMargin.lte(standard.mul(share))).toBe(true);
  });

  test("without estimates a portfolio account is margined as a standard one", () => {
    const { portfolioMargin: _, ...without } = PARAMETERS;
    const account = accountOf({ ...holding(BTC_LONG, ETH_SHORT), marginMode: "PORTFOLIO" });
    const standard = accountOf(holding(BTC_LONG, ETH_SHORT));
    expect(portfolioParametersOf(account, without)).toBeNull();
    expect(assessAccount(account, marketOf(), without)).toEqual(assessAccount(standard, marketOf(), without));
  });

  test("the index of the underlying is needed, and named where it is missing", () => {
    const market = marketOf();
    const without = { ...market, indexPrices: new Map([...market.indexPrices].filter(([id]) => id !== "BTC")) };
    const account = accountOf({ ...holding(BTC_LONG), marginMode: "PORTFOLIO" });
    for (const judge of [assessAccount, assessHealth]) {
      expect(() => judge(account, without, PARAMETERS)).toThrow(MissingPrice);
    }
  });

  test("a slip of the stablecoin moves equity and requirement together", () => {
    const whole = judged(holding(BTC_LONG, ETH_SHORT)).summary;
    const slipped = judged(holding(BTC_LONG, ETH_SHORT), "PORTFOLIO", {
      index: { USDC: "0.9", BTC: "7200", ETH: "180" },
    }).summary;
    expect(slipped.equity.toFixed()).toBe(whole.equity.mul("0.9").toFixed());
    expect(slipped.initialMargin.div(whole.initialMargin).sub("0.9").abs().lt("0.001")).toBe(true);
  });
});

describe("MARGIN-10: equity of a portfolio account is what everything is worth", () => {
  test("haircuts are in the requirement", () => {
    const account: AccountText = {
      balances: { USDC: "1000", BTC: "1" },
      positions: [["BTC_USDC-PERPETUAL", "1", "8000"]],
    };
    const { summary, collateral, portfolio } = judged(account);
    expect([summary.equity.toFixed(), summary.netValue.toFixed()]).toEqual(["9000", "9000"]);
    expect(collateral.map(({ haircutValue }) => haircutValue.toFixed())).toEqual(["8000", "1000"]);
    expect(portfolio?.initial.collateral.find(({ asset }) => asset === "BTC")?.requirement.gt(1000)).toBe(true);
  });

  test("who has neither a position nor a debt needs nothing, however thin the market", () => {
    const { summary, state } = judged({ balances: { BTC: "1000" } }, "PORTFOLIO", {
      depth: { "BTC_USDC-26JUN20": "1" },
    });
    expect([summary.initialMargin.toFixed(), state]).toEqual(["0", "HEALTHY"]);
  });

  test("profit is equity, and nothing that leaves counts on it", () => {
    const { summary } = judged(holding(BTC_LONG), "PORTFOLIO", { mark: { "BTC_USDC-PERPETUAL": "8100" } });
    expect(summary.equity.toFixed()).toBe("101000");
    expect(summary.equityWithoutProfit.toFixed()).toBe("100000");
  });
});

describe("what holds for every account", () => {
  const anyPortfolio = anyAccount.map((account) => ({
    ...account,
    kind: "USER" as const,
    marginMode: "PORTFOLIO" as const,
  }));

  test("MARGIN-5: initial margin ≥ maintenance margin ≥ 0", () => {
    fc.assert(
      fc.property(anyPortfolio, anyMarket, (account, market) => {
        const { summary } = assessAccount(account, market, PARAMETERS);
        expect(summary.maintenanceMargin.gte(0) && summary.initialMargin.gte(summary.maintenanceMargin)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test("MARGIN-7: the scan is the pipeline, and MARGIN-4: order says nothing", () => {
    fc.assert(
      fc.property(anyPortfolio, anyMarket, (account, market) => {
        const { state, summary } = assessAccount(account, market, PARAMETERS);
        expect(assessHealth(account, market, PARAMETERS)).toEqual({ state, summary });
        expect(assessHealth(shuffled(account), market, PARAMETERS)).toEqual({ state, summary });
      }),
      { numRuns: 40 },
    );
  });

  test("RECEIPT-2: what positions and collateral add is the requirement, to rounding", () => {
    fc.assert(
      fc.property(anyPortfolio, anyMarket, (account, market) => {
        const { summary, positions, portfolio } = assessAccount(account, market, PARAMETERS);
        const collateral = portfolio?.maintenance.collateral ?? [];
        const parts = [
          ...positions.map(({ maintenanceMargin }) => maintenanceMargin),
          ...collateral.map(({ requirement }) => requirement),
        ];
        const sum = parts.reduce((total, part) => total.add(part), new Decimal(0));
        const slack = summary.maintenanceMargin.mul("1e-9").add("0.000001");
        expect(sum.sub(summary.maintenanceMargin).abs().lte(slack)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});

describe("decisions read the same five figures", () => {
  test("DECISION-3: a hedge is admitted where the same size the other way is refused", () => {
    const balances = { USDC: "16000" };
    const before = judged({ balances, positions: [BTC_LONG] }).summary;
    const hedged = judged({ balances, positions: [BTC_LONG, ["ETH_USDC-PERPETUAL", "-20000", "200"]] }).summary;
    const doubled = judged({ balances, positions: [BTC_LONG, ["ETH_USDC-PERPETUAL", "20000", "200"]] }).summary;
    expect(admit(accountOf({}).id, before, hedged).ok).toBe(true);
    expect(admit(accountOf({}).id, before, doubled).ok).toBe(false);
    expect(before.equity.gte(usd("16000"))).toBe(true);
  });
});
