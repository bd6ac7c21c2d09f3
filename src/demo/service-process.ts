import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PRODUCT_ROOT } from '../config/product.js';

/** What a service says in its log. */
export type LogLine = Readonly<Record<string, unknown>>;

const KEPT_LINES = 50;

/** One of the services as a process of its own. */
export class ServiceProcess {
  readonly exited: Promise<number | null>;
  private readonly lines: LogLine[] = [];
  private readonly waiters = new Set<() => void>();
  private ended = false;

  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
  ) {
    this.exited = new Promise((resolve) => {
      child.once('close', (code) => {
        this.ended = true;
        this.wake();
        resolve(code);
      });
    });
    if (child.stdout) createInterface(child.stdout).on('line', (line) => this.take(line));
    if (child.stderr) createInterface(child.stderr).on('line', (message) => this.keep({ message }));
  }

  /**
   * @param entry built entry file, below the package's folder
   * @param settings by variable name
   */
  static start(name: string, entry: string, settings: Readonly<Record<string, string>>): ServiceProcess {
    const env = { ...process.env, ...settings, DISTRIBUTED_LOGGING_FORMAT: 'json', DISTRIBUTED_LOGGING_LEVEL: 'info' };
    return new ServiceProcess(
      name,
      spawn(process.execPath, [join(PRODUCT_ROOT, entry)], { env, stdio: ['ignore', 'pipe', 'pipe'] }),
    );
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** The first line with that message. @throws Error where the service ends before it says so */
  async message(text: string): Promise<LogLine> {
    for (;;) {
      const found = this.lines.find(({ message }) => message === text);
      if (found) return found;
      if (this.ended) throw new Error(`the ${this.name} ended: ${this.lastWords()}`);
      await new Promise<void>((resolve) => this.waiters.add(resolve));
    }
  }

  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    await this.exited;
  }

  private lastWords(): string {
    return this.lines
      .map(({ message }) => String(message))
      .slice(-3)
      .join('; ');
  }

  private take(line: string): void {
    try {
      this.keep(JSON.parse(line) as LogLine);
    } catch {
      this.keep({ message: line });
    }
  }

  private keep(line: LogLine): void {
    if (this.lines.push(line) > KEPT_LINES) this.lines.shift();
    this.wake();
  }

  private wake(): void {
    for (const waiter of this.waiters) waiter();
    this.waiters.clear();
  }
}
