import type { Execution, ExecutionLimits } from '../../kernel/kernel.types.js';
import { LOCAL_LIMITS } from '../../kernel/local-run.js';
import { EXIT } from '../cli.error.js';
import { progressOf, type CommandContext, type OutputOptions } from '../command-context.js';
import { MAX_INPUT_BYTES, MAX_PROGRAM_BYTES, readWhole } from '../files.js';
import { guestFailed } from '../guest-failure.js';
import { hex, outputLines } from '../statement-text.js';
import type { Report } from '../terminal.js';

export interface ExecuteOptions extends OutputOptions {
  readonly input?: string;
  readonly segmentCycles: number;
  readonly maxCycles: number;
}

/** `proofloom execute`: runs a guest once and says what it did. */
export async function execute(program: string, options: ExecuteOptions, context: CommandContext): Promise<Report> {
  const { elf, input } = await readRun(program, options.input);
  const display = progressOf(context, options);
  const { segmentCycles } = options;
  const limits = localLimits(options.maxCycles);
  const plan = await context.startKernel(1).plan(
    { elf, input, segmentCycles, limits, purpose: 'execute' },
    {
      signal: context.signal,
      onProgress: ({ fraction }) => display.show({ phase: 'execute', fraction }),
    },
  );
  display.clear();
  if (plan.outcome === 'failed') throw guestFailed(plan.failure);
  return reportOf(plan);
}

/** The program and input of a run; no input is the empty one. */
export async function readRun(program: string, input?: string): Promise<{ elf: Uint8Array; input: Uint8Array }> {
  return {
    elf: await readWhole('program', program, MAX_PROGRAM_BYTES),
    input: input === undefined ? new Uint8Array() : await readWhole('input', input, MAX_INPUT_BYTES),
  };
}

/** The limits of a run that its own user started. */
export function localLimits(maxCycles: number): ExecutionLimits {
  return { ...LOCAL_LIMITS, maxCycles: BigInt(maxCycles) };
}

function reportOf({ statement, misalignedAccesses }: Execution): Report {
  const { exitCode, cycles, segments, output } = statement;
  return {
    facts: { cycles, segments, exitCode, output: hex(output), misalignedAccesses },
    lines: [
      `exit code            ${exitCode}`,
      `cycles               ${cycles}`,
      `segments             ${segments}`,
      `misaligned accesses  ${misalignedAccesses}`,
      ...outputLines('output              ', output),
    ],
    exitCode: exitCode === 0 ? EXIT.ok : EXIT.failure,
  };
}
