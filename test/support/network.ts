import { join } from 'node:path';
import { Program, scratchFolder } from './program.js';

const COORDINATOR = 'dist/coordinator/main.js';
const PROVER = 'dist/prover/main.js';

export type Transport = 'stream' | 'unary';

/** A coordinator and provers as processes, each with a folder of its own. */
export class TestNetwork {
  private constructor(
    private running: Program,
    readonly provers: readonly Program[],
    readonly url: string,
    readonly folder: string,
    private readonly settings: Readonly<Record<string, string>>,
  ) {}

  get coordinator(): Program {
    return this.running;
  }

  /** `host:port` of the coordinator's gRPC side. */
  get address(): string {
    return new URL(this.url).host;
  }

  /**
   * Starts everything on ports that are free, and returns once all provers are connected.
   * @param provers how many over the stream, or the transport of each
   * @param port of the coordinator; null: the default one
   */
  static async start(
    provers: number | readonly Transport[],
    settings: Readonly<Record<string, string>> = {},
    port: string | null = '0',
  ): Promise<TestNetwork> {
    const transports = typeof provers === 'number' ? Array<Transport>(provers).fill('stream') : provers;
    const folder = scratchFolder();
    const coordinator = startCoordinator(port, folder, settings);
    const url = `http://127.0.0.1:${String((await coordinator.message('ready'))['grpcPort'])}`;
    const started = transports.map((transport, index) => {
      const name = `prover-${index + 1}`;
      return Program.start(PROVER, ['--url', url, '--id', name, '--compute-units', '1', '--transport', transport], {
        DISTRIBUTED_DATA_DIR: join(folder, name),
        DISTRIBUTED_SHUTDOWN_GRACE: '1s',
      });
    });
    await Promise.all(started.map((prover) => prover.message('connected')));
    return new TestNetwork(coordinator, started, url, folder, settings);
  }

  /** Kills the coordinator and starts it again in the same place. */
  async restartCoordinator(): Promise<void> {
    await this.running.stop('SIGKILL');
    this.running = startCoordinator(new URL(this.url).port, this.folder, this.settings);
    await this.running.message('ready');
  }

  async stop(): Promise<void> {
    await Promise.all(this.provers.map((prover) => prover.stop()));
    await this.coordinator.stop();
  }
}

function startCoordinator(port: string | null, folder: string, settings: Readonly<Record<string, string>>): Program {
  const local = ['--host', '127.0.0.1', '--http-host', '127.0.0.1', '--http-port', '0'];
  if (port !== null) local.push('--port', port);
  return Program.start(COORDINATOR, [...local, '--data-dir', join(folder, 'coordinator')], { ...settings });
}
