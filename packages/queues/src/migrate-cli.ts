import { runMigrations } from "bullmq";
import { Client } from "pg";

// `DATABASE_URL=… node packages/queues/dist/migrate-cli.js` prepares the PostgreSQL backend of the queue (schema
// `bullmq`). BullMQ serializes concurrent runs itself and does nothing when the schema is up to date. It is not needed
// when the queue is on Redis.
const connectionString = process.env["DATABASE_URL"];
if (connectionString === undefined || connectionString === "") {
  process.stderr.write("DATABASE_URL is not set: expected the database to migrate\n");
  process.exit(2);
}
const client = new Client({ connectionString });
await client.connect();
try {
  await runMigrations(client);
} finally {
  await client.end();
}
