/**
 * Ends this process when the one that launched it is gone, however that ended: its channel closes even where it was
 * killed, and a server that lived on would keep its port and its database. Does nothing where nobody opened a channel.
 */
export function followLauncher(): void {
  if (!process.channel) return;
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // A listener alone would keep a command alive that has nothing left to do.
  process.channel.unref();
}
