import { benchNetwork } from '../../bench/network/bench-network.js';
import type { NetworkFigures, OverheadFigures } from '../../bench/network/figures.js';
import { EXIT } from '../cli.error.js';
import type { CommandContext, OutputOptions } from '../command-context.js';
import type { Report } from '../terminal.js';

export interface BenchNetworkCommandOptions extends OutputOptions {
  /** False leaves out the jobs that are proven for real. */
  readonly real: boolean;
}

/** `proofloom bench network`: measures what the network costs besides the proving. */
export async function benchNetworkCommand(
  { real }: BenchNetworkCommandOptions,
  { terminal, signal }: CommandContext,
): Promise<Report> {
  const figures = await benchNetwork({ real, signal, onStep: (step) => terminal.err(`${step}\n`) });
  const met = Object.values(figures.bars).every(Boolean);
  return { facts: { ...figures }, lines: linesOf(figures), exitCode: met ? EXIT.ok : EXIT.failure };
}

function linesOf({ stores, dispatch, simulated, real, bars }: NetworkFigures): string[] {
  const missed = Object.entries(bars).flatMap(([name, met]) => (met ? [] : [name]));
  return [
    ...stores.map(
      ({ store, tasksPerSecond, commitsPerSecond }) =>
        `${store}: ${tasksPerSecond} tasks/s claimed and completed, in ${commitsPerSecond} transactions/s`,
    ),
    `dispatch to an idle prover: p50 ${dispatch.p50Ms} ms, p99 ${dispatch.p99Ms} ms, max ${dispatch.maxMs} ms (${dispatch.samples} samples)`,
    ...simulated.map((figures) => overheadLine('simulated', figures)),
    ...real.map(({ job, ...figures }) => overheadLine(`${job}, proven for real`, figures)),
    missed.length === 0 ? 'every bar is met' : `not met: ${missed.join(', ')}`,
  ];
}

function overheadLine(what: string, { provers, wallMs, overheadMs, overheadPercent }: OverheadFigures): string {
  return `${what}, ${provers} provers: ${overheadMs} ms of ${wallMs} ms without a prover at work (${overheadPercent} %)`;
}
