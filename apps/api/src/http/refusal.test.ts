import { describe, expect, test } from "@jest/globals";
import { problem } from "@ballast/api-contract";
import { accountId, assetId, ok, type Rejection, reject } from "@ballast/model";
import { amount, usd } from "@ballast/money";
import { problemOf } from "./problem.js";
import { accept, factsOf, itemRejection, Refusal } from "./refusal.js";

const short: Rejection = {
  code: "BALANCE_INSUFFICIENT",
  asset: assetId("BTC"),
  balance: amount("0.00000001"),
  required: amount("2.50"),
};

describe("a no on the wire", () => {
  test("carries its facts as text, without exponents", () => {
    expect(factsOf(short)).toEqual({ asset: "BTC", balance: "0.00000001", required: "2.5" });
    expect(itemRejection(short)).toEqual({
      code: "BALANCE_INSUFFICIENT",
      message: "The balance of this asset is too small.",
      facts: { asset: "BTC", balance: "0.00000001", required: "2.5" },
    });
  });

  test("a yes is its value, a no is thrown with status and facts", () => {
    expect(accept(ok(7))).toBe(7);
    expect(() => accept(reject(short))).toThrow(Refusal);
    try {
      accept(reject(short));
    } catch (refusal) {
      expect(refusal).toMatchObject({ code: "BALANCE_INSUFFICIENT", status: 409, facts: { required: "2.5" } });
    }
  });

  test("numbers stay numbers, decimals become text", () => {
    expect(factsOf({ code: "MARKS_OUT_OF_ORDER", received: 3, latest: 4 })).toEqual({ received: 3, latest: 4 });
    const margin: Rejection = {
      code: "INITIAL_MARGIN_INSUFFICIENT",
      account: accountId("alice"),
      equity: usd("-12.5"),
      initialMargin: usd("100"),
    };
    expect(factsOf(margin)).toEqual({ account: "alice", equity: "-12.5", initialMargin: "100" });
  });

  test("becomes a problem document of the contract", () => {
    const refusal = new Refusal("REQUEST_INVALID", {}, [{ pointer: "/amount", detail: "expected text" }]);
    const body = problemOf(refusal, "/v1/transfers", "trace-1");
    expect(problem.parse(body)).toEqual({
      type: "/problems/REQUEST_INVALID",
      title: "request invalid",
      status: 422,
      detail: "A field of the request is missing, unknown or not of its form.",
      instance: "/v1/transfers",
      code: "REQUEST_INVALID",
      traceId: "trace-1",
      errors: [{ pointer: "/amount", detail: "expected text" }],
    });
  });
});
