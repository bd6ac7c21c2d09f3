import type { CommandContext, OutputOptions } from '../command-context.js';
import { endpointOf, withClient, type NetworkOptions } from '../network.js';
import type { Report } from '../terminal.js';

export interface ProversOptions extends OutputOptions, NetworkOptions {
  readonly available?: boolean;
}

/** `proofloom status`: the coordinator and its network. */
export async function networkStatus(options: OutputOptions & NetworkOptions, context: CommandContext): Promise<Report> {
  const endpoint = endpointOf(options, context);
  const { url } = endpoint;
  const status = await withClient(endpoint, context, (client) => client.status());
  return {
    facts: { url, ...status },
    lines: [
      `${status.serviceName} ${status.version} at ${url}, up for ${status.uptimeSeconds} s`,
      `provers  ${status.totalProvers} connected, ${status.busyProvers} busy, ${status.computeCapacity} compute units`,
      `jobs     ${status.activeJobs} waiting or running`,
      `kernel   ${status.kernelDigest}`,
    ],
  };
}

/** `proofloom provers`: who is connected. */
export async function provers(options: ProversOptions, context: CommandContext): Promise<Report> {
  const listed = await withClient(endpointOf(options, context), context, (client) => client.provers(options.available));
  const facts = listed.map(({ proverId, state, computeCapacity, ineligibleReason }) => ({
    proverId,
    state,
    computeUnits: computeCapacity?.computeUnits ?? 0,
    ...(ineligibleReason && { ineligibleReason }),
  }));
  const lines = facts.map(({ proverId, state, computeUnits, ineligibleReason = '' }) =>
    `${proverId.padEnd(32)} ${state.padEnd(24)} ${computeUnits} units  ${ineligibleReason}`.trimEnd(),
  );
  return { facts: { provers: facts }, lines: lines.length > 0 ? lines : ['no provers'] };
}
