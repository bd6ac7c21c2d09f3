import { benchNetwork } from '../../bench/network/bench-network.js';
import type { NetworkFigures, OverheadFigures, ScaleFigures, Spread } from '../../bench/network/figures.js';
import { measureScale } from '../../bench/network/scale.js';
import { EXIT } from '../cli.error.js';
import type { CommandContext, OutputOptions } from '../command-context.js';
import type { Report } from '../terminal.js';

export interface BenchNetworkCommandOptions extends OutputOptions {
  /** False leaves out the jobs that are proven for real. */
  readonly real: boolean;
  readonly provers?: number;
  readonly segments?: number;
  readonly jobs?: number;
  readonly proofMs?: number;
}

/** `proofloom bench network`: measures what the network costs besides the proving. */
export async function benchNetworkCommand(
  options: BenchNetworkCommandOptions,
  { terminal, signal }: CommandContext,
): Promise<Report> {
  const { real, provers = 1, segments = 1, jobs = 1, proofMs = 0 } = options;
  if ([options.provers, options.segments, options.jobs, options.proofMs].some((given) => given !== undefined)) {
    return scaleReport(await measureScale({ provers, segments, jobs, proofMs }, signal));
  }
  const figures = await benchNetwork({ real, signal, onStep: (step) => terminal.err(`${step}\n`) });
  return { facts: { ...figures }, lines: linesOf(figures), exitCode: exitCodeOf(figures.bars) };
}

function scaleReport(figures: ScaleFigures): Report {
  const { provers, segments, jobs, results, wallMs, jobsPerSecond, cpuPerResultMs, bars } = figures;
  const { eventLoop, heartbeat, health, dispatch, bytesPerAssignment, peakMemoryMiB } = figures;
  const lines = [
    `${jobs} jobs of ${segments} segments on ${provers} provers: ${wallMs} ms, ${jobsPerSecond} jobs/s, ${results} results`,
    `coordinator: ${cpuPerResultMs} ms of CPU for each result, ${peakMemoryMiB} MiB of memory, ${bytesPerAssignment} bytes for each assignment`,
    spreadLine('event loop late by', eventLoop),
    spreadLine('heartbeats under way for', heartbeat),
    spreadLine('health checks answered after', health),
    spreadLine('work received by idle provers after', dispatch),
    barsLine(bars),
  ];
  return { facts: { ...figures }, lines, exitCode: exitCodeOf(bars) };
}

function spreadLine(what: string, spread: Spread | null): string {
  if (!spread) return `${what}: no samples`;
  return `${what}: p50 ${spread.p50Ms} ms, p99 ${spread.p99Ms} ms, max ${spread.maxMs} ms`;
}

function exitCodeOf(bars: NetworkFigures['bars']): number {
  return Object.values(bars).every(Boolean) ? EXIT.ok : EXIT.failure;
}

function barsLine(bars: NetworkFigures['bars']): string {
  const missed = Object.entries(bars).flatMap(([name, met]) => (met ? [] : [name]));
  return missed.length === 0 ? 'every bar is met' : `not met: ${missed.join(', ')}`;
}

function linesOf({ stores, dispatch, simulated, real, bars }: NetworkFigures): string[] {
  return [
    ...stores.map(
      ({ store, tasksPerSecond, commitsPerSecond }) =>
        `${store}: ${tasksPerSecond} tasks/s claimed and completed, in ${commitsPerSecond} transactions/s`,
    ),
    `dispatch to an idle prover: p50 ${dispatch.p50Ms} ms, p99 ${dispatch.p99Ms} ms, max ${dispatch.maxMs} ms (${dispatch.samples} samples)`,
    ...simulated.map((figures) => overheadLine('simulated', figures)),
    ...real.map(({ job, ...figures }) => overheadLine(`${job}, proven for real`, figures)),
    barsLine(bars),
  ];
}

function overheadLine(what: string, { provers, wallMs, overheadMs, overheadPercent }: OverheadFigures): string {
  return `${what}, ${provers} provers: ${overheadMs} ms of ${wallMs} ms without a prover at work (${overheadPercent} %)`;
}
