import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServiceProcess } from './service-process.js';

const COORDINATOR = 'dist-coordinator/coordinator/main.js';
const PROVER = 'dist-prover/prover/main.js';

/** A coordinator and provers as processes on this machine, on ports of their own, with nothing kept afterwards. */
export class DemoNetwork {
  private constructor(
    readonly url: string,
    private readonly services: readonly ServiceProcess[],
    private readonly folder: string,
  ) {}

  /** Starts everything and returns once every prover is connected. */
  static async start(provers: number): Promise<DemoNetwork> {
    const folder = mkdtempSync(join(tmpdir(), 'proofloom-demo-'));
    const services: ServiceProcess[] = [];
    const start = (name: string, entry: string, settings: Record<string, string>) => {
      const dataDir = { DISTRIBUTED_DATA_DIR: join(folder, name) };
      const service = ServiceProcess.start(name, entry, { ...dataDir, ...settings });
      services.push(service);
      return service;
    };
    try {
      const { grpcPort } = await start('coordinator', COORDINATOR, coordinatorSettings()).message('ready');
      const url = `http://127.0.0.1:${String(grpcPort)}`;
      const names = Array.from({ length: provers }, (_, index) => `demo-prover-${index + 1}`);
      const started = names.map((name) => start(name, PROVER, proverSettings(name, url)));
      await Promise.all(started.map((prover) => prover.message('connected')));
      return new DemoNetwork(url, services, folder);
    } catch (error) {
      await stopAll(services, folder);
      throw error;
    }
  }

  stop(): Promise<void> {
    return stopAll(this.services, this.folder);
  }
}

/** Provers first, so that none sees its coordinator go. */
async function stopAll(services: readonly ServiceProcess[], folder: string): Promise<void> {
  for (const service of services.toReversed()) await service.stop();
  rmSync(folder, { recursive: true, force: true });
}

function coordinatorSettings(): Record<string, string> {
  return {
    DISTRIBUTED_SERVER_HOST: '127.0.0.1',
    DISTRIBUTED_SERVER_PORT: '0',
    DISTRIBUTED_HTTP_HOST: '127.0.0.1',
    DISTRIBUTED_HTTP_PORT: '0',
  };
}

function proverSettings(name: string, url: string): Record<string, string> {
  return {
    DISTRIBUTED_PROVER_ID: name,
    DISTRIBUTED_SERVER_URL: url,
    DISTRIBUTED_PROVER_COMPUTE_UNITS: '1',
    DISTRIBUTED_SHUTDOWN_GRACE: '1s',
  };
}
