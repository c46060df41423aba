import { describe, expect, test } from "@jest/globals";
import { canonicalRequest } from "./canonical-request.js";
import { openapiDocument } from "./openapi.js";
import { ROUTE_LIST } from "./routes.js";

type Tree = { [key: string]: unknown };
const document = openapiDocument("0.1.0") as {
  paths: Record<string, Record<string, { operationId: string; parameters: { name: string; in: string }[] }>>;
  components: { schemas: Record<string, Tree> };
};

describe("the table of routes", () => {
  test("no two routes share a method and an address", () => {
    const addresses = ROUTE_LIST.map((route) => `${route.method} ${route.path}`);
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  test("whoever may ask for one account is asked which", () => {
    for (const route of ROUTE_LIST) {
      const named = route.path.includes(":account") || route.path === "/v1/transfers";
      expect([route.name, route.access.subject !== "none"]).toEqual([route.name, named]);
    }
  });

  test("a key of one account reaches no list of all accounts", () => {
    const bound = new Set(["account:read", "account:withdraw", "account:transfer", "auction:bid"]);
    const open = ROUTE_LIST.filter(
      (route) => route.access.subject === "none" && route.access.scopes.some((scope) => bound.has(scope)),
    ).map((route) => route.name);
    expect(open).toEqual(["latestMarks", "marks", "fundings", "insuranceFund", "instruments", "riskParameters"]);
  });

  test("everything that changes something carries an idempotency key, except signing in and out", () => {
    const without = ROUTE_LIST.filter((route) => route.method !== "GET" && !route.idempotent).map(
      (route) => route.name,
    );
    expect(without).toEqual(["signIn", "signOut"]);
  });

  test("a console session changes nothing but itself, and what a person has to answer for by name", () => {
    const changing = ROUTE_LIST.filter((route) => route.method !== "GET" && route.access.session);
    expect(changing.map((route) => route.name)).toEqual([
      "proposePrice",
      "confirmPrice",
      "releaseLiquidation",
      "pauseLiquidation",
      "resumeLiquidation",
      "registerProvider",
      "retireProvider",
      "signOut",
    ]);
  });
});

describe("the OpenAPI document", () => {
  test("holds every route with its parameters", () => {
    for (const route of ROUTE_LIST) {
      const path = route.path.replaceAll(/:([a-zA-Z]+)/g, "{$1}");
      const operation = document.paths[path]?.[route.method.toLowerCase()];
      expect([route.name, operation?.operationId]).toEqual([route.name, route.name]);
      const inPath = (operation?.parameters ?? []).filter((parameter) => parameter.in === "path");
      expect(inPath.map((parameter) => `{${parameter.name}}`)).toEqual(path.match(/\{[a-zA-Z]+\}/g) ?? []);
    }
  });

  test("refers only to schemas that it has", () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(100);
    for (const [, id] of references) expect(Object.keys(document.components.schemas)).toContain(id);
  });

  test("names every schema: none was made up by the converter", () => {
    expect(Object.keys(document.components.schemas).filter((id) => id.startsWith("_"))).toEqual([]);
  });

  test("is the same every time", () => {
    expect(openapiDocument("0.1.0")).toEqual(document);
  });
});

describe("what a signature covers", () => {
  const parts = {
    timestamp: "1584000000000",
    nonce: "n-0123456789abcdef",
    method: "POST",
    target: "/v1/transfers?x=1",
    bodySha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  };

  test("is one text, fixed for ever", () => {
    expect(canonicalRequest(parts)).toBe(
      "v1\n1584000000000\nn-0123456789abcdef\nPOST\n/v1/transfers?x=1\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n",
    );
  });

  test.each(Object.keys(parts).map((part) => [part] as const))("changes with the %s", (part) => {
    expect(canonicalRequest({ ...parts, [part]: "other" })).not.toBe(canonicalRequest(parts));
  });
});
