import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PRODUCT_ROOT } from '../../config/product.js';
import type { Usage } from './usage.js';

const ENTRY = join(PRODUCT_ROOT, 'dist', 'bench', 'network', 'simulated-coordinator.js');

/** A coordinator without a kernel, as a process of its own on a free port, with an SQLite file that is removed. */
export class CoordinatorProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    /** `http://host:port` */
    readonly url: string,
  ) {}

  /** @throws Error with its last words where it does not start */
  static async start(): Promise<CoordinatorProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'proofloom-bench-'));
    const child = spawn(process.execPath, [ENTRY], {
      cwd: folder,
      env: { ...process.env, ...SETTINGS, DISTRIBUTED_DATA_DIR: join(folder, 'data') },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    const words: string[] = [];
    const output = child.stdout;
    if (!output) throw new Error('a piped process has an output');
    for await (const line of createInterface(output)) {
      words.push(line);
      const port = readyPort(line);
      if (port === null) continue;
      output.resume();
      return new CoordinatorProcess(child, folder, `http://127.0.0.1:${port}`);
    }
    throw new Error(`the simulated coordinator did not start:\n${words.slice(-5).join('\n')}`);
  }

  /** What it has used since it was last asked. */
  async usage(): Promise<Usage> {
    const answer = once(this.child, 'message');
    this.child.send('usage');
    const [usage] = (await answer) as [Usage];
    return usage;
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'close');
    this.child.kill('SIGTERM');
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const SETTINGS = {
  DISTRIBUTED_SERVER_HOST: '127.0.0.1',
  DISTRIBUTED_SERVER_PORT: '0',
  DISTRIBUTED_HTTP_HOST: '127.0.0.1',
  DISTRIBUTED_HTTP_PORT: '0',
  DISTRIBUTED_SHUTDOWN_GRACE: '500ms',
  DISTRIBUTED_LOGGING_FORMAT: 'json',
};

function readyPort(line: string): number | null {
  try {
    const { message, grpcPort } = JSON.parse(line) as { message?: string; grpcPort?: number };
    return message === 'ready' && grpcPort !== undefined ? grpcPort : null;
  } catch {
    return null;
  }
}
