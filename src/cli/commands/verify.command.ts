import { EXIT } from '../cli.error.js';
import { progressOf, type CommandContext, type OutputOptions } from '../command-context.js';
import { MAX_PROGRAM_BYTES, MAX_PROOF_BYTES, readWhole } from '../files.js';
import type { ExpectedProgram } from '../../kernel/kernel.types.js';
import { proofFacts, proofLines } from '../statement-text.js';
import type { Report } from '../terminal.js';

export interface VerifyOptions extends OutputOptions {
  readonly program?: string;
  readonly vk?: string;
}

/** `proofloom verify`: checks a proof against the program, or its verifying key, that the caller trusts. */
export async function verify(file: string, options: VerifyOptions, context: CommandContext): Promise<Report> {
  const expected = await readExpected(options);
  const proof = await readWhole('proof', file, MAX_PROOF_BYTES);
  const display = progressOf(context, options);
  const verified = await context.startKernel(1).verify(
    { proof, expected },
    {
      signal: context.signal,
      onProgress: ({ fraction }) => display.show({ phase: 'verify', fraction }),
    },
  );
  display.clear();
  const { exitCode } = verified.statement;
  return {
    facts: { verified: true, ...proofFacts(verified) },
    lines: [exitCode === 0 ? 'verified' : 'verified: the guest failed with this exit code', ...proofLines(verified)],
    exitCode: exitCode === 0 ? EXIT.ok : EXIT.failure,
  };
}

async function readExpected({ program, vk }: VerifyOptions): Promise<ExpectedProgram> {
  if (vk !== undefined) return { vkDigest: vk };
  return { elf: await readWhole('program', program ?? '', MAX_PROGRAM_BYTES) };
}
