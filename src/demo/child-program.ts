import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CliError } from '../cli/cli.error.js';
import { PRODUCT_ROOT } from '../config/product.js';

type LogLine = Readonly<Record<string, unknown>>;

const STOP_MS = 10_000;
const KEPT_LINES = 20;
/** Settings that would make the started programs talk to another network than the demo's. */
const SETTING = /^(DISTRIBUTED|CONSENSUS)_/;
const OWN_SETTINGS = { DISTRIBUTED_LOGGING_FORMAT: 'json', DISTRIBUTED_SHUTDOWN_GRACE: '1s' };

/** A program of this package, running as a process of its own. */
export class ChildProgram {
  private readonly lastLines: string[] = [];
  private readonly exited: Promise<void>;
  private readonly listeners = new Set<(line: LogLine) => void>();

  private constructor(
    private readonly name: string,
    private readonly child: ChildProcess,
  ) {
    running.add(child);
    this.exited = new Promise((resolve) => {
      child.once('close', () => {
        running.delete(child);
        resolve();
      });
    });
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface(stream).on('line', (line) => this.take(line));
    }
  }

  /** @param entry built file below the package's folder @param folder where it works and keeps its data */
  static start(
    name: string,
    entry: string,
    folder: string,
    args: readonly string[],
    settings: Readonly<Record<string, string>> = {},
  ): ChildProgram {
    const kept = Object.entries(process.env).filter(([variable]) => !SETTING.test(variable));
    const child = spawn(process.execPath, [join(PRODUCT_ROOT, entry), ...args], {
      cwd: folder,
      env: { ...Object.fromEntries(kept), ...OWN_SETTINGS, ...settings },
      // The channel ends with this process, however that ends, and the other one stops.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    return new ChildProgram(name, child);
  }

  /** The next log line with this message. @throws CliError where the process ends, or says nothing, before it */
  async said(message: string, withinMs: number): Promise<LogLine> {
    const { promise: found, resolve, reject } = Promise.withResolvers<LogLine>();
    const listen = (line: LogLine) => line['message'] === message && resolve(line);
    const timer = setTimeout(() => reject(this.failure(`did not say "${message}" in ${withinMs} ms`)), withinMs);
    this.listeners.add(listen);
    void this.exited.then(() => reject(this.failure('ended')));
    return found.finally(() => {
      clearTimeout(timer);
      this.listeners.delete(listen);
    });
  }

  /** Rejects when the process ends. */
  async untilEnded(): Promise<never> {
    await this.exited;
    throw this.failure('ended');
  }

  /** Asks the process to stop, and ends it where it does not. */
  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS);
    await this.exited;
    clearTimeout(timer);
  }

  private take(text: string): void {
    this.lastLines.push(text);
    if (this.lastLines.length > KEPT_LINES) this.lastLines.shift();
    const line = parse(text);
    for (const listener of this.listeners) listener(line);
  }

  private failure(what: string): CliError {
    const hint = 'see its last words above; run the demo again';
    return new CliError(
      'process_failed',
      `the ${this.name} ${what}; its last words:\n${this.lastLines.join('\n')}`,
      hint,
    );
  }
}

const running = new Set<ChildProcess>();

/** However this process ends, nothing of it stays behind. */
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

function parse(text: string): LogLine {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return { message: text };
  }
}
