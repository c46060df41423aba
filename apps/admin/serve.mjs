import { preview } from "vite";

/*
 * Serves the built console (`dist`) and passes /v1, /openapi.json, /docs and /health on to the API, so that the browser sees one origin.
 * Environment: PORT and HOST where to listen, API_URL where the API is.
 */
const apiUrl = process.env.API_URL;
if (apiUrl === undefined) {
  process.stderr.write("API_URL is not set: expected the address of the API\n");
  process.exit(2);
}

const server = await preview({
  root: import.meta.dirname,
  configFile: false,
  logLevel: "warn",
  preview: {
    host: process.env.HOST ?? "127.0.0.1",
    port: Number(process.env.PORT ?? "7301"),
    strictPort: true,
    proxy: Object.fromEntries(
      ["/v1", "/openapi.json", "/docs", "/health"].map((at) => [at, { target: apiUrl, changeOrigin: true }]),
    ),
  },
});

const url = server.resolvedUrls?.local[0] ?? server.resolvedUrls?.network[0];
process.stdout.write(`READY ${url?.replace(/\/$/, "")}\n`);

process.on("SIGTERM", () => {
  void server.close().then(() => process.exit(0));
});
