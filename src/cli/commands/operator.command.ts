import { CliError } from '../cli.error.js';
import type { CommandContext, OutputOptions } from '../command-context.js';
import { endpointOf, withOperator, type NetworkOptions } from '../network.js';
import type { Report } from '../terminal.js';

export interface DrainOptions extends OutputOptions, NetworkOptions {
  readonly all?: boolean;
  readonly reason?: string;
}

export interface AuditOptions extends OutputOptions, NetworkOptions {
  readonly limit: number;
}

/** `proofloom drain`: sends provers home when their work is done. */
export async function drain(
  proverId: string | undefined,
  options: DrainOptions,
  context: CommandContext,
): Promise<Report> {
  if ((proverId === undefined) !== (options.all ?? false)) {
    throw new CliError('usage', 'drain needs either one prover or --all', 'proofloom provers lists them');
  }
  const draining = await withOperator(endpointOf(options, context), context, (client) =>
    client.drain(proverId, options.reason),
  );
  const lines = draining.map((prover) => `${prover} gets nothing new and leaves when it is done`);
  return { facts: { draining }, lines: lines.length > 0 ? lines : [nobodyThere(proverId)] };
}

/** `proofloom audit`: who did what from where, newest first. */
export async function audit(options: AuditOptions, context: CommandContext): Promise<Report> {
  const entries = await withOperator(endpointOf(options, context), context, (client) => client.auditLog(options.limit));
  const lines = entries.map(({ atMs, action, caller, address, subject, outcome }) =>
    [new Date(atMs).toISOString(), caller.padEnd(16), address.padEnd(15), action.padEnd(24), outcome, subject].join(
      ' ',
    ),
  );
  return { facts: { entries }, lines: lines.length > 0 ? lines : ['nobody has changed anything yet'] };
}

/** `proofloom quarantine`: provers that were quarantined, and why. */
export async function quarantine(options: OutputOptions & NetworkOptions, context: CommandContext): Promise<Report> {
  const provers = await withOperator(endpointOf(options, context), context, (client) => client.quarantined());
  const lines = provers.map(({ proverId, sinceMs, reason, jobId }) => {
    const of = jobId === null ? '' : ` (${jobId})`;
    return `${proverId.padEnd(32)} ${new Date(sinceMs).toISOString()}  ${reason}${of}`;
  });
  return { facts: { provers }, lines: lines.length > 0 ? lines : ['no prover is quarantined'] };
}

/** `proofloom release`: lets a prover that was quarantined work again. */
export async function release(
  proverId: string,
  options: OutputOptions & NetworkOptions,
  context: CommandContext,
): Promise<Report> {
  const released = await withOperator(endpointOf(options, context), context, (client) => client.release(proverId));
  if (!released) throw unknownProver(proverId, 'quarantined', 'quarantine');
  return { facts: { released: proverId }, lines: [`${proverId} may work again`] };
}

/** The order stands: it is kept, and holds for a prover that comes later. */
function nobodyThere(proverId: string | undefined): string {
  if (proverId === undefined) return 'no prover is connected';
  return `${proverId} is not connected; if it comes, it gets nothing until: proofloom release ${proverId}`;
}

function unknownProver(proverId: string, what: string, list: string): CliError {
  return new CliError('not_found', `no prover ${proverId} is ${what}`, `proofloom ${list} lists those that are`);
}
