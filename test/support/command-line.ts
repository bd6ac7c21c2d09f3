import type { CommandContext } from '../../src/cli/command-context.js';
import { runCommandLine } from '../../src/cli/program.js';

/** What a command left behind: its exit code and what it printed. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line in this process, with a terminal that only remembers and an environment of its own. */
export async function commandLine(
  argv: readonly string[],
  context: Pick<CommandContext, 'startKernel'> & Partial<CommandContext>,
): Promise<Outcome> {
  const lines: string[] = [];
  let err = '';
  const terminal = {
    out: (text: string) => void lines.push(text),
    bytes: async (bytes: Uint8Array) => void lines.push(Buffer.from(bytes).toString('latin1')),
    err: (text: string) => void (err += text),
    interactive: false,
    columns: 80,
  };
  const { signal } = new AbortController();
  const code = await runCommandLine(argv, { terminal, signal, nowMs: () => 0, environment: {}, ...context });
  return { code, out: lines.join('\n'), err };
}
