/*
 * Loaded into every child before its own code: when the script that started it is gone (killed outright, so that it
 * could not say goodbye), the channel between the two closes, and the child stops as it would on SIGTERM.
 */
const GRACE_MS = 10_000;

process.on("disconnect", () => {
  setTimeout(() => process.exit(1), GRACE_MS).unref();
  process.kill(process.pid, "SIGTERM");
});
process.channel?.unref();
