import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildProgram } from './child-program.js';

const START_MS = 60_000;
const REMOVE_TRIES = 3;
const LOCAL = ['server', '--host', '127.0.0.1', '--http-host', '127.0.0.1', '--port', '0', '--http-port', '0'];

/** A coordinator and provers on this machine, each a process with a folder of its own, on ports that were free. */
export class LocalNetwork {
  private readonly folder = mkdtempSync(join(tmpdir(), 'proofloom-demo-'));
  /** The coordinator, then the provers. */
  private readonly programs: ChildProgram[] = [];
  private stopped: Promise<void> | undefined;
  /** `http://host:port` of the coordinator. */
  url = '';

  constructor() {
    // Where the program is ended before it has stopped: its processes are killed, and nothing stays behind.
    process.once('exit', this.remove);
  }

  /** Resolves once the coordinator has warmed up the program (a path), and all provers are connected. */
  async start(provers: number, program: string): Promise<void> {
    const settings = { DISTRIBUTED_PROGRAM: program };
    const coordinator = this.program('coordinator', 'dist/coordinator/main.js', LOCAL, settings);
    await Promise.all([coordinator.said('program warmed up', START_MS), this.startProvers(provers, coordinator)]);
  }

  private async startProvers(count: number, coordinator: ChildProgram): Promise<void> {
    const { grpcPort } = await coordinator.said('ready', START_MS);
    this.url = `http://127.0.0.1:${String(grpcPort)}`;
    const numbers = Array.from({ length: count }, (_, index) => index + 1);
    await Promise.all(numbers.map((number) => this.prover(`prover-${number}`)));
  }

  /** Rejects when one of the processes ends. */
  async untilBroken(): Promise<never> {
    return Promise.race(this.programs.map((program) => program.untilEnded()));
  }

  /** Ends all processes, provers first, and removes what they kept; asked again, waits for the same. */
  stop(): Promise<void> {
    this.stopped ??= this.end();
    return this.stopped;
  }

  private async end(): Promise<void> {
    const [coordinator, ...provers] = this.programs;
    await Promise.all(provers.map((program) => program.stop()));
    await coordinator?.stop();
    process.off('exit', this.remove);
    this.remove();
  }

  private readonly remove = (): void => {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: REMOVE_TRIES });
  };

  private async prover(name: string): Promise<void> {
    const args = ['--url', this.url, '--id', name, '--compute-units', '1'];
    await this.program(name, 'dist/prover/main.js', args).said('connected', START_MS);
  }

  private program(name: string, entry: string, args: readonly string[], settings = {}): ChildProgram {
    const folder = join(this.folder, name);
    mkdirSync(folder);
    const program = ChildProgram.start(name, entry, folder, args, settings);
    this.programs.push(program);
    return program;
  }
}
