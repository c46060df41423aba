import { createServer } from "node:net";

const given = new Set();

/**
 * A TCP port on 127.0.0.1 that nobody listens on: the preferred one, so that addresses stay the same from start to
 * start, or else any. The same port is not given twice.
 */
export async function freePort(preferred = 0) {
  const port = (await tryPort(preferred)) ?? (await tryPort(0));
  if (port === undefined) throw new Error("no free TCP port on 127.0.0.1");
  given.add(port);
  return port;
}

/** A server that has left is to come back at its old address: the port may be given once more. */
export function giveBack(port) {
  given.delete(port);
}

function tryPort(wanted) {
  if (given.has(wanted)) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const probe = createServer();
    probe.on("error", () => resolve(undefined));
    probe.listen({ port: wanted, host: "127.0.0.1", exclusive: true }, () => {
      const { port } = probe.address();
      probe.close(() => resolve(given.has(port) ? undefined : port));
    });
  });
}
