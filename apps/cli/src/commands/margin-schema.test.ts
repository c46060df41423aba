import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { ran, ROOT } from "./testing.js";

//  file                      printed by
describe.each([
  ["portfolio.schema.json", "margin"],
  ["model.schema.json", "presets"],
  ["estimates.schema.json", "estimate"],
])("docs/schema/%s", (file, command) => {
  test(`PORTFOLIO-1 MODEL-5: is what \`${command} --schema\` prints`, async () => {
    const { code, stdout } = await ran(command, "--schema");
    expect(code).toBe(0);
    expect(JSON.parse(readFileSync(path.join(ROOT, "docs/schema", file), "utf8"))).toEqual(JSON.parse(stdout));
  });
});
