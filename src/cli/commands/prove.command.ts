import { CliError } from '../cli.error.js';
import { progressOf, type CommandContext, type OutputOptions } from '../command-context.js';
import { checkWritable, writeWhole } from '../files.js';
import { LocalProver, type LocalProof } from '../local-prover.js';
import { proofFacts, proofLines } from '../statement-text.js';
import type { Report } from '../terminal.js';
import { localLimits, readRun } from './execute.command.js';

export interface ProveOptions extends OutputOptions {
  readonly input?: string;
  readonly out: string;
  readonly local?: boolean;
  readonly url?: string;
  readonly threads: number;
  readonly segmentCycles: number;
  readonly maxCycles: number;
}

const URL_VARIABLE = 'DISTRIBUTED_SERVER_URL';

/** `proofloom prove`: proves a guest's run, checks the proof and writes it to a file. */
export async function prove(program: string, options: ProveOptions, context: CommandContext): Promise<Report> {
  chooseMachine(options, context);
  checkWritable(options.out);
  const run = await readRun(program, options.input);
  const display = progressOf(context, options);
  const { threads, segmentCycles } = options;
  const request = { ...run, segmentCycles, limits: localLimits(options.maxCycles), threads };
  const { signal, nowMs } = context;
  const onProgress = display.show.bind(display);
  const prover = new LocalProver(context.startKernel(threads), request, { signal, nowMs, onProgress });
  const made = await prover.prove().finally(() => display.clear());
  signal.throwIfAborted();
  writeWhole(options.out, made.proof);
  return reportOf(options, made);
}

/** This machine, or the network where an address is given; says which. */
function chooseMachine({ local, url, json, threads }: ProveOptions, { terminal, environment }: CommandContext): void {
  const address = local ? undefined : (url ?? environment[URL_VARIABLE]);
  if (address !== undefined) {
    const message = `proving over the network (${address}) is not available in this version`;
    throw new CliError('not_available', message, 'prove on this machine with --local');
  }
  if (!json) terminal.err(`proving on this machine with ${threads} thread${threads === 1 ? '' : 's'}\n`);
}

function reportOf({ out, segmentCycles, threads }: ProveOptions, { proof, verified, phasesMs }: LocalProof): Report {
  const totalMs = Object.values(phasesMs).reduce((sum, ms) => sum + ms, 0);
  const MS_PER_SECOND = 1000;
  return {
    facts: { proof: out, bytes: proof.length, ...proofFacts(verified), segmentCycles, threads, phasesMs },
    lines: [
      `proof written to ${out} (${proof.length} bytes, ${(totalMs / MS_PER_SECOND).toFixed(1)} s), and verified`,
      ...proofLines(verified),
    ],
  };
}
