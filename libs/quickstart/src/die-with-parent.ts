/**
 * Loaded before a child's own script (`node --require`). The channel to the parent closes when the parent ends,
 * however it ends; then this process ends too, politely first.
 */
const GRACE_MS = 3_000;

process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.exit(1), GRACE_MS).unref();
});
// Listening must not keep alive a process that has nothing left to do.
process.channel?.unref();

export {};
