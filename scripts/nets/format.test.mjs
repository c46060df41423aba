import { expect, test } from "@jest/globals";
import { runTool } from "../run-tool.mjs";
import { tool } from "../workspace.mjs";
import { plantedTree } from "./planted-tree.mjs";

//  what is planted                       content                                  exit code of the format check
test.each([
  ["a file in the house's format", 'export const name = "ballast";\n', 0],
  ["other quotes and no semicolon", "export const name = 'ballast'\n", 1],
])("%s", async (_what, content, answer) => {
  const tree = plantedTree({ "packages/money/src/planted.ts": content });
  try {
    const { code } = await runTool(tool("biome"), ["format", "packages"], { cwd: tree.folder, accept: [0, 1] });
    expect(code).toBe(answer);
  } finally {
    tree.remove();
  }
});
