import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from "@prisma/driver-adapter-utils";
import * as engineDoor from "@prisma/schema-engine-wasm/schema_engine_bg";
import { Pool } from "pg";

/*
 * Asks Prisma's own schema engine, in its WebAssembly build, what it would change in a database to make it the schema of
 * prisma/. Nothing is downloaded and nothing is changed.
 *
 * The engine reads PostgreSQL's internal one-byte "char" type, which the driver adapter does not know. It is presented
 * to the adapter as text, and to the engine as the character it expects.
 */

const PRISMA_FOLDER = path.resolve(import.meta.dirname, "../../../../prisma");

/** What the engine finds different: exit code 0 and "No difference detected." when nothing is. */
export async function schemaDifference(databaseUrl: string): Promise<{ exitCode: number; stdout: string | null }> {
  const files = await schemaFiles();
  const pool = new Pool({ connectionString: databaseUrl });
  try {
    const engine = await (await engineClass()).new(
      { datamodels: files.map(({ path: name, content }): [string, string] => [name, content]) },
      () => undefined,
      bindMigrationAwareSqlAdapterFactory(adapterWithCharacters(pool)),
    );
    return await engine.diff({
      from: { tag: "schemaDatasource", files, configDir: PRISMA_FOLDER },
      to: { tag: "schemaDatamodel", files },
      script: false,
      exitCode: true,
      ...({ shadowDatabaseUrl: null } as object),
      filters: { externalTables: ["public._prisma_migrations"], externalEnums: [] },
    });
  } finally {
    await pool.end();
  }
}

async function schemaFiles() {
  const models = await readdir(path.join(PRISMA_FOLDER, "models"));
  const names = ["schema.prisma", ...models.map((model) => path.join("models", model))];
  return Promise.all(
    names.map(async (name) => ({ path: name, content: await readFile(path.join(PRISMA_FOLDER, name), "utf8") })),
  );
}

let started: Promise<typeof engineDoor.SchemaEngine> | undefined;

/** The engine lives in one WebAssembly memory, which its glue code knows by a global: it can be started once only. */
function engineClass(): Promise<typeof engineDoor.SchemaEngine> {
  started ??= startEngine();
  return started;
}

async function startEngine(): Promise<typeof engineDoor.SchemaEngine> {
  const { __wbg_set_wasm: setWasm, SchemaEngine, ...imports } = engineDoor as typeof engineDoor & EngineGlue;
  const glue = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg");
  const wasm = path.join(path.dirname(glue), "schema_engine_bg.wasm");
  const { instance } = await webAssembly.instantiate(await readFile(wasm), { "./schema_engine_bg.js": imports });
  setWasm(instance.exports);
  (instance.exports["__wbindgen_start"] as () => void)();
  return SchemaEngine;
}

type Exports = Record<string, unknown>;

interface EngineGlue {
  __wbg_set_wasm(exports: Exports): void;
}

/** What we use of the platform's WebAssembly, which the types of this package do not name. */
const webAssembly = (
  globalThis as unknown as {
    WebAssembly: { instantiate(code: Uint8Array, imports: object): Promise<{ instance: { exports: Exports } }> };
  }
).WebAssembly;

const CHAR_OID = 18;
const TEXT_OID = 25;

function adapterWithCharacters(pool: Pool): PrismaPg {
  const characters = new Set<string>();
  const query = pool.query.bind(pool) as (
    ...args: unknown[]
  ) => Promise<{ fields?: { name: string; dataTypeID: number }[] }>;
  pool.query = (async (...args: unknown[]) => {
    const result = await query(...args);
    for (const field of result.fields ?? []) {
      if (field.dataTypeID !== CHAR_OID) continue;
      characters.add(field.name);
      field.dataTypeID = TEXT_OID;
    }
    return result;
  }) as unknown as typeof pool.query;

  const factory = new PrismaPg(pool);
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    const queryRaw = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (asked) => {
      const answer = await queryRaw(asked);
      const columnTypes = answer.columnTypes.map((type, index) =>
        characters.has(answer.columnNames[index] ?? "") ? ColumnTypeEnum.Character : type,
      );
      return { ...answer, columnTypes };
    };
    return adapter;
  };
  return factory;
}
