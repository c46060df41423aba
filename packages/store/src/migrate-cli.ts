import { applyMigrations } from "./migrate.js";

// `DATABASE_URL=… node packages/store/dist/migrate-cli.js` prints the migrations it applied, one a line.
const connectionString = process.env["DATABASE_URL"];
if (connectionString === undefined || connectionString === "") {
  process.stderr.write("DATABASE_URL is not set: expected the database to migrate\n");
  process.exit(2);
}
for (const name of await applyMigrations(connectionString)) {
  process.stdout.write(`${name}\n`);
}
