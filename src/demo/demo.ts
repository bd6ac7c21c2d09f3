import { basename, join } from 'node:path';
import { CliError } from '../cli/cli.error.js';
import { MAX_INPUT_BYTES, MAX_PROGRAM_BYTES, readWhole } from '../cli/files.js';
import { writeOutput } from '../cli/output-file.js';
import { PROCESS_TERMINAL } from '../cli/terminal.js';
import { jobFailure, showUpdate } from '../cli/network.js';
import type { ProgressDisplay } from '../cli/progress.js';
import type { Job } from '../client/job.js';
import { ProofloomClient } from '../client/proofloom-client.js';
import { PRODUCT_ROOT } from '../config/product.js';
import type { Kernel } from '../kernel/kernel.js';
import type { VerifiedProof } from '../kernel/kernel.types.js';
import { LocalNetwork } from './local-network.js';

/** The guest that checks a chain of block headers, and the first three of Ethereum. */
export const PROGRAM = join(PRODUCT_ROOT, 'guests', 'elf', 'headers.elf');
export const INPUT = join(PRODUCT_ROOT, 'guests', 'inputs', 'headers-mainnet-0-2.rlp');

export interface DemoOptions {
  /** Paths of what is proven. */
  readonly program: string;
  readonly input: string;
  readonly provers: number;
  /** Most instructions in one segment. */
  readonly segmentCycles: number;
  /** Where the proof goes. */
  readonly out: string;
}

export interface DemoTools {
  readonly kernel: Kernel;
  readonly display: ProgressDisplay;
  /** One line for people. */
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface DemoResult {
  readonly job: Job;
  readonly verified: VerifiedProof;
  readonly program: string;
  readonly proofPath: string;
}

/** Proves a real program on a network of processes on this machine, and verifies the proof as anybody would. */
export async function runDemo(options: DemoOptions, tools: DemoTools): Promise<DemoResult> {
  const { program, input, provers, segmentCycles, out } = options;
  const { say, display, kernel, signal } = tools;
  const network = new LocalNetwork();
  const over = new AbortController();
  try {
    const elf = await readWhole('program', program, MAX_PROGRAM_BYTES);
    const inputBytes = await readWhole('input', input, MAX_INPUT_BYTES);
    say(`starting a coordinator and ${provers} provers, each a process of its own`);
    // The kernel keeps the key it derived last, which verifying needs: now this process has nothing else to do. A file
    // that is no program is refused here; the coordinator would never have it prepared.
    await unlessAborted(Promise.all([network.start(provers, program), kernel.setup(elf, { signal })]), signal);
    const known = program === PROGRAM && input === INPUT;
    const claim = known ? 'that three Ethereum block headers form a chain' : `the run of ${basename(program)}`;
    say(`network ready at ${network.url}; proving ${claim}`);
    const request = { program: elf, input: inputBytes, segmentCycles };
    const proving = proveOn(network.url, request, display, AbortSignal.any([signal, over.signal]));
    const { job, proof } = await Promise.race([proving, network.untilBroken()]);
    display.clear();
    say(`final proof downloaded (${proof.length} bytes); verifying it with nothing but the program`);
    // What keeps it from stopping is told at the end.
    network.stop().catch(() => undefined);
    const verified = await kernel.verify({ proof, expected: { elf } }, { signal });
    await writeOutput(out, proof, { terminal: PROCESS_TERMINAL, signal });
    return { job, verified, program, proofPath: out };
  } finally {
    over.abort();
    display.clear();
    await network.stop();
  }
}

async function proveOn(
  url: string,
  request: Parameters<ProofloomClient['prove']>[0],
  display: ProgressDisplay,
  signal: AbortSignal,
): Promise<{ job: Job; proof: Uint8Array }> {
  const client = new ProofloomClient(url);
  try {
    const job = await client
      .prove(request, (update) => showUpdate(display, update), signal)
      .catch((error: unknown) => {
        throw signal.aborted ? interrupted() : error;
      });
    if (job.state !== 'completed') throw jobFailure(job);
    return { job, proof: await client.downloadProof(job, { signal }) };
  } finally {
    client.close();
  }
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(interrupted());
  signal.addEventListener('abort', abort, { once: true });
  return Promise.race([work, aborted]).finally(() => signal.removeEventListener('abort', abort));
}

function interrupted(): CliError {
  return new CliError('aborted', 'the demo was interrupted; its processes are stopped', 'run it again');
}
