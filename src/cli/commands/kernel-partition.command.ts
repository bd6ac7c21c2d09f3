import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { concatCommitments } from '../../kernel/abi/statement.js';
import type { Kernel } from '../../kernel/kernel.js';
import {
  COMMITMENT_BYTES,
  type ChallengeRequest,
  type KernelProgress,
  type ProgramRun,
  type Statement,
} from '../../kernel/kernel.types.js';
import { errorMessage } from '../../lifecycle/system-error.js';
import { CliError } from '../cli.error.js';
import { progressOf, type CommandContext, type OutputOptions } from '../command-context.js';
import { MAX_PROOF_BYTES, readWhole } from '../files.js';
import { guestExit, guestFailed } from '../guest-failure.js';
import { checkOutput, outputName, writeOutput } from '../output-file.js';
import { hex, proofFacts, proofLines } from '../statement-text.js';
import type { Report } from '../terminal.js';
import { localLimits, readRun } from './execute.command.js';

/** What the commands that do a prover's partition have in common. */
interface RunOptions extends OutputOptions {
  readonly input?: string;
  readonly segmentCycles: number;
  readonly maxCycles: number;
}

export interface ContributeOptions extends RunOptions {
  /** None: all. */
  readonly segments?: readonly number[];
}

export interface ProvePartitionOptions extends ContributeOptions {
  readonly commitments: string;
  readonly outDir: string;
}

export interface AggregateOptions extends RunOptions {
  readonly commitments: string;
  /** The folder that `prove` has written to. */
  readonly proofs: string;
  readonly out: string;
}

/** Largest list of commitments that commands read, in bytes: 67 a commitment. */
const MAX_COMMITMENTS_BYTES = 64 * 2 ** 20;
const COMMITMENT = /^[0-9a-f]{64}$/;

/** `proofloom kernel contribute`: the commitments of segments, which commit to what they share with the others. */
export async function kernelContribute(
  program: string,
  options: ContributeOptions,
  context: CommandContext,
): Promise<Report> {
  const partition = await Partition.open(program, options, context);
  const commitments = await partition.contribute(partition.segments(options.segments));
  const facts = commitments.map(({ segment, commitment }) => ({
    segment,
    commitment: hex(commitment),
    elements: elementsOf(commitment),
  }));
  return {
    facts: { statement: statementFacts(partition.statement), commitments: facts },
    lines: facts.map(({ segment, commitment }) => `${String(segment).padStart(SEGMENT_WIDTH)}  ${commitment}`),
  };
}

/** `proofloom kernel prove`: proofs of segments under the challenge that all commitments give, one file each. */
export async function kernelProve(
  program: string,
  options: ProvePartitionOptions,
  context: CommandContext,
): Promise<Report> {
  makeFolder(options.outDir);
  const reads = { program, input: options.input, 'list of commitments': options.commitments };
  await checkOutput(join(options.outDir, fileOf(0)), reads);
  const partition = await Partition.open(program, options, context);
  const binding = partition.binding(await readCommitments(options.commitments));
  const proofs = [];
  for (const segment of partition.segments(options.segments)) {
    const { proof, logHeights } = await partition.prove(binding, segment);
    const file = join(options.outDir, fileOf(segment));
    await checkOutput(file, reads);
    await writeOutput(file, proof, context);
    proofs.push({ segment, file, bytes: proof.length, logHeights });
  }
  const challenge = hex(await partition.kernel.challenge(binding, { signal: context.signal }));
  return {
    facts: { statement: statementFacts(partition.statement), challenge, proofs },
    lines: proofs.map(
      ({ segment, file, bytes }) => `${String(segment).padStart(SEGMENT_WIDTH)}  ${file} (${bytes} bytes)`,
    ),
  };
}

/** `proofloom kernel aggregate`: aggregates the proofs of all segments into the final proof. */
export async function kernelAggregate(
  program: string,
  options: AggregateOptions,
  context: CommandContext,
): Promise<Report> {
  await checkOutput(options.out, { program, input: options.input, 'list of commitments': options.commitments });
  const partition = await Partition.open(program, options, context);
  const binding = partition.binding(await readCommitments(options.commitments));
  const proofs: Uint8Array[] = [];
  for (const segment of partition.segments()) {
    proofs.push(await readWhole('proof', join(options.proofs, fileOf(segment)), MAX_PROOF_BYTES));
  }
  const verified = await partition.aggregate(binding, proofs, options.out);
  return {
    facts: { file: options.out, ...proofFacts(verified) },
    lines: [outputName(options.out), ...proofLines(verified)],
  };
}

const SEGMENT_WIDTH = 6;

function fileOf(segment: number): string {
  return `segment-${segment}.proof`;
}

/** One program on one input, run once so that its statement and its number of segments are known. */
class Partition {
  private constructor(
    readonly kernel: Kernel,
    private readonly run: ProgramRun,
    readonly statement: Statement,
    private readonly context: CommandContext,
    private readonly show: (phase: string) => (progress: KernelProgress) => void,
  ) {}

  /** @throws CliError where the guest does not end well */
  static async open(program: string, options: RunOptions, context: CommandContext): Promise<Partition> {
    const { segmentCycles } = options;
    const run = { ...(await readRun(program, options.input)), segmentCycles };
    const kernel = context.startKernel(1);
    const limits = localLimits(options.maxCycles);
    const plan = await kernel.plan({ ...run, limits, purpose: 'prove' }, { signal: context.signal });
    if (plan.outcome === 'failed') throw guestFailed(plan.failure);
    if (plan.statement.exitCode !== 0) throw guestExit(plan.statement);
    const display = progressOf(context, options);
    const show = (phase: string) => (progress: KernelProgress) => {
      if (progress.fraction >= 1) display.clear();
      else display.show({ phase, fraction: progress.fraction });
    };
    return new Partition(kernel, run, plan.statement, context, show);
  }

  /** The asked segments, or all: the boundary (0) and 1 to the last. @throws CliError `no_such_segment` */
  segments(asked?: readonly number[]): readonly number[] {
    const last = this.statement.segments;
    const wrong = asked?.find((segment) => segment > last);
    if (wrong !== undefined) {
      const message = `there is no segment ${wrong}: this run has 1 to ${last}, and the boundary is 0`;
      throw new CliError('no_such_segment', message, 'check --segments, --segment-cycles and the input', { last });
    }
    return asked ? [...new Set(asked)] : Array.from({ length: last + 1 }, (_, segment) => segment);
  }

  contribute(segments: readonly number[]) {
    const options = { signal: this.context.signal, onProgress: this.show('contribution') };
    return this.kernel.contribute({ ...this.run, segments }, options);
  }

  /** @throws CliError `wrong_commitments` */
  binding(commitments: readonly Uint8Array[]): ChallengeRequest {
    const expected = this.statement.segments + 1;
    if (commitments.length === expected) {
      return { statement: this.statement, commitments: concatCommitments(commitments) };
    }
    const message = `there are ${commitments.length} commitments, and this run has ${expected}: the boundary's and one per segment`;
    throw new CliError('wrong_commitments', message, 'check --commitments, --segment-cycles and the input', {
      expected,
    });
  }

  prove(binding: ChallengeRequest, segment: number) {
    const options = { signal: this.context.signal, onProgress: this.show(`prove ${segment}`) };
    return this.kernel.prove({ ...this.run, ...binding, segment }, options);
  }

  /** Writes the final proof and verifies it. */
  async aggregate(binding: ChallengeRequest, proofs: readonly Uint8Array[], out: string) {
    const { signal } = this.context;
    const { elf } = this.run;
    const { vk } = await this.kernel.setup(elf, { signal });
    const proof = await this.kernel.aggregate({ ...binding, vk, proofs, verifyProofs: false }, { signal });
    const verified = await this.kernel.verify({ proof, expected: { elf } }, { signal });
    await writeOutput(out, proof, this.context);
    return verified;
  }
}

function statementFacts({ output, ...rest }: Statement) {
  return { ...rest, output: hex(output) };
}

/** A commitment as the published schema carries it: eight field elements. */
function elementsOf(commitment: Uint8Array): number[] {
  const view = new DataView(commitment.buffer, commitment.byteOffset, commitment.byteLength);
  return Array.from({ length: commitment.length / 4 }, (_, index) => view.getUint32(index * 4, true));
}

/** @throws CliError `invalid_commitments` */
async function readCommitments(path: string): Promise<Uint8Array[]> {
  const text = Buffer.from(await readWhole('list of commitments', path, MAX_COMMITMENTS_BYTES)).toString();
  const parsed = parseJson(text, path);
  if (!Array.isArray(parsed)) throw invalidCommitments(path, 'it is no list');
  const wrong = parsed.findIndex((commitment) => typeof commitment !== 'string' || !COMMITMENT.test(commitment));
  if (wrong >= 0) {
    throw invalidCommitments(path, `entry ${wrong} is not ${COMMITMENT_BYTES} bytes in hexadecimal digits`);
  }
  return (parsed as string[]).map((commitment) => Buffer.from(commitment, 'hex'));
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidCommitments(path, errorMessage(error));
  }
}

function invalidCommitments(path: string, why: string): CliError {
  const hint =
    'give a JSON list of all commitments in order, each 64 lower-case hexadecimal digits, the boundary first';
  return new CliError('invalid_commitments', `${path} is no list of commitments: ${why}`, hint);
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    const message = `the folder ${path} cannot be made: ${errorMessage(error)}`;
    throw new CliError('unwritable_file', message, 'choose another place with --out-dir');
  }
}
