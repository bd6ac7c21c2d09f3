import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const ROOT = join(import.meta.dirname, '..', '..');

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

type LogLine = Record<string, unknown>;

/** A built program running as a process of its own, with its log lines as objects. */
export class Program {
  readonly lines: LogLine[] = [];
  readonly errors: string[] = [];
  readonly exited: Promise<Exit>;
  private readonly waiters = new Set<() => void>();

  private constructor(private readonly child: ChildProcess) {
    running.add(child);
    this.exited = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        running.delete(child);
        resolve({ code, signal });
        this.wake();
      });
    });
    if (child.stdout) createInterface(child.stdout).on('line', (line) => this.take(line));
    child.stderr?.on('data', (chunk: Buffer) => this.errors.push(chunk.toString()));
  }

  /**
   * Starts `node <file> ...args` with JSON logs; settings of the surrounding environment do not leak in.
   * @param cwd default: an empty folder
   */
  static start(
    file: string,
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
    cwd = scratchFolder(),
  ): Program {
    const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], DISTRIBUTED_LOGGING_FORMAT: 'json' };
    const options = {
      cwd,
      env: { ...env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'] as const,
    };
    return new Program(spawn(process.execPath, [join(ROOT, file), ...args], { ...options, stdio: [...options.stdio] }));
  }

  /** Starts another program than ours. */
  static spawn(command: string, args: readonly string[], environment: Record<string, string>): Program {
    const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment };
    return new Program(spawn(command, args, { cwd: scratchFolder(), env, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Resolves with the first line, past or to come, that matches; fails when the process ends before. */
  async line(matches: (line: LogLine) => boolean, deadlineMs = 90_000): Promise<LogLine> {
    const deadline = AbortSignal.timeout(deadlineMs);
    for (;;) {
      const found = this.lines.find((line) => matches(line));
      if (found) return found;
      if (this.child.exitCode !== null || this.child.signalCode !== null || deadline.aborted) {
        throw new Error(`no such line; stderr: ${this.errors.join('')}; log: ${JSON.stringify(this.lines)}`);
      }
      await this.change(deadline);
    }
  }

  message(text: string, deadlineMs?: number): Promise<LogLine> {
    return this.line(({ message }) => message === text, deadlineMs);
  }

  /** Sends a signal and waits for nothing. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Sends a signal and returns how, and after how many milliseconds, the process ended. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Exit & { readonly afterMs: number }> {
    const begun = performance.now();
    this.child.kill(signal);
    const exit = await this.exited;
    return { ...exit, afterMs: performance.now() - begun };
  }

  private take(line: string): void {
    try {
      this.lines.push(JSON.parse(line) as LogLine);
    } catch {
      this.lines.push({ message: line });
    }
    this.wake();
  }

  private change(deadline: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.waiters.add(resolve);
      deadline.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  private wake(): void {
    for (const waiter of this.waiters) waiter();
    this.waiters.clear();
  }
}

const running = new Set<ChildProcess>();
const scratchFolders: string[] = [];

/** An empty folder that is removed when the tests of the file have ended. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'proofloom-test-'));
  scratchFolders.push(folder);
  return folder;
}

/** Ends what a failed test left running and removes what it left lying; for `afterAll`. */
export function cleanUp(): void {
  for (const child of running) child.kill('SIGKILL');
  for (const folder of scratchFolders.splice(0)) rmSync(folder, { recursive: true, force: true });
}
