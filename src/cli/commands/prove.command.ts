import type { VerifiedProof } from '../../kernel/kernel.types.js';
import { progressOf, type CommandContext, type OutputOptions } from '../command-context.js';
import { checkOutput, outputName, writeOutput } from '../output-file.js';
import { LocalProver, type LocalProof } from '../../kernel/local-prover.js';
import { givenEndpoint, withClient, type Endpoint, type NetworkOptions } from '../network.js';
import { proveOnNetwork, type NetworkProof } from '../network-prover.js';
import { DEFAULT_MAX_CYCLES } from '../options.js';
import { proofFacts, proofLines } from '../statement-text.js';
import type { Report } from '../terminal.js';
import { localLimits, readRun } from './execute.command.js';
import { jobFacts } from './jobs.command.js';

export interface ProveOptions extends OutputOptions, NetworkOptions {
  readonly input?: string;
  readonly out: string;
  readonly local?: boolean;
  readonly threads: number;
  readonly segmentCycles: number;
  readonly maxCycles: number;
}

interface Run {
  readonly elf: Uint8Array;
  readonly input: Uint8Array;
}

const MS_PER_SECOND = 1000;

/**
 * `proofloom prove`: proves a guest's run, checks the proof and writes it to a file. Over the network where an address
 * is given, else on this machine; says which.
 */
export async function prove(program: string, options: ProveOptions, context: CommandContext): Promise<Report> {
  await checkOutput(options.out, { program, input: options.input });
  const run = await readRun(program, options.input);
  const endpoint = options.local ? undefined : givenEndpoint(options, context);
  return endpoint === undefined ? proveHere(run, options, context) : proveThere(endpoint, run, options, context);
}

async function proveHere(run: Run, options: ProveOptions, context: CommandContext): Promise<Report> {
  const { threads, segmentCycles } = options;
  announce(`proving on this machine with ${threads} thread${threads === 1 ? '' : 's'}`, options, context);
  const display = progressOf(context, options);
  const request = { ...run, segmentCycles, limits: localLimits(options.maxCycles), threads };
  const { signal, nowMs } = context;
  const onProgress = display.show.bind(display);
  const prover = new LocalProver(context.startKernel(threads), request, { signal, nowMs, onProgress });
  const made = await prover.prove().finally(() => display.clear());
  signal.throwIfAborted();
  await writeOutput(options.out, made.proof, context);
  return localReport(options, made);
}

async function proveThere(
  endpoint: Endpoint,
  run: Run,
  options: ProveOptions,
  context: CommandContext,
): Promise<Report> {
  announce(`proving on the network of ${endpoint.url}`, options, context);
  const display = progressOf(context, options);
  const { segmentCycles, maxCycles } = options;
  const limit = maxCycles === DEFAULT_MAX_CYCLES ? {} : { maxCycles: BigInt(maxCycles) };
  const begunMs = context.nowMs();
  const made = await withClient(endpoint, context, (client) =>
    proveOnNetwork(
      client,
      context.startKernel(1),
      { ...run, segmentCycles, ...limit },
      { display, signal: context.signal, out: options.out },
    ),
  ).finally(() => display.clear());
  context.signal.throwIfAborted();
  await writeOutput(options.out, made.proof, context);
  return networkReport(options, made, context.nowMs() - begunMs);
}

function announce(where: string, { json }: ProveOptions, { terminal }: CommandContext): void {
  if (!json) terminal.err(`${where}\n`);
}

function localReport({ out, segmentCycles, threads }: ProveOptions, { proof, verified, phasesMs }: LocalProof): Report {
  const totalMs = Object.values(phasesMs).reduce((sum, ms) => sum + ms, 0);
  return {
    facts: { proof: out, bytes: proof.length, ...proofFacts(verified), segmentCycles, threads, phasesMs },
    lines: writtenLines(out, proof, totalMs, verified),
  };
}

function networkReport(
  { out, segmentCycles }: ProveOptions,
  { job, proof, verified }: NetworkProof,
  ms: number,
): Report {
  const { jobId, segmentsByProver, phaseTimes } = jobFacts(job);
  return {
    facts: {
      proof: out,
      bytes: proof.length,
      ...proofFacts(verified),
      segmentCycles,
      jobId,
      segmentsByProver,
      phaseTimes,
    },
    lines: writtenLines(out, proof, ms, verified),
  };
}

function writtenLines(out: string, proof: Uint8Array, ms: number, verified: VerifiedProof): string[] {
  const seconds = (ms / MS_PER_SECOND).toFixed(1);
  return [
    `proof written to ${outputName(out)} (${proof.length} bytes, ${seconds} s), and verified`,
    ...proofLines(verified),
  ];
}
