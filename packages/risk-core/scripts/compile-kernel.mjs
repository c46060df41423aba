import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import asc from "assemblyscript/asc";

/*
 * Compiles src/kernel/assembly to WebAssembly and writes it, as text, into a TypeScript file. As a module of the program
 * it is found wherever the program is: by Node from dist, by Jest on the sources, by a browser in its bundle, without a
 * file to read or to fetch. The file is generated and not in the tree; `npm run generate` makes it, and so do `npm test`,
 * `npm start` and the build.
 */
const folder = path.join(import.meta.dirname, "..");
const kernel = path.join(folder, "src", "kernel");

const binary = await compile([
  path.join("src", "kernel", "assembly", "index.ts"),
  "--outFile=kernel.wasm",
  "-O3",
  "--noAssert",
  "--enable=simd",
  "--runtime=stub",
  // Nothing in it aborts: it allocates nothing and asserts nothing, and so it imports nothing.
  "--use=abort=",
]);

mkdirSync(path.join(kernel, "generated"), { recursive: true });
writeFileSync(
  path.join(kernel, "generated", "kernel-module.ts"),
  `// Made from ../assembly by scripts/compile-kernel.mjs.

/** The kernel as a WebAssembly module, base64. */
export const KERNEL_MODULE =
  "${Buffer.from(binary).toString("base64")}";
`,
);

/** The bytes of the module, or the end of this process, with what the compiler said. */
async function compile(options) {
  let compiled;
  const { error, stderr } = await asc.main([...options, `--baseDir=${folder}`], {
    writeFile: (_name, contents) => {
      compiled = contents;
    },
  });
  if (error === null && compiled !== undefined) return compiled;
  process.stderr.write(`${stderr.toString()}${error?.message ?? "no module was written"}\n`);
  process.exit(1);
}
