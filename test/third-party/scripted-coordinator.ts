import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable, type Type } from '@nestjs/common';
import { startCoordinator, type RunningCoordinator } from '../../src/coordinator/bootstrap.js';
import type { JobWork } from '../../src/coordinator/jobs/job-work.js';
import { KernelJobWork } from '../../src/coordinator/kernel-work/kernel-job-work.js';
import { loadSettings } from '../../src/config/settings.loader.js';
import { ContentStore } from '../../src/content/content-store.js';
import type {
  PlanRequest,
  PlanResult,
  Statement,
  VerifiedProof,
  VerifyRequest,
} from '../../src/kernel/kernel.types.js';
import { ServiceLogger } from '../../src/logging/service-logger.js';
import { scratchFolder } from '../support/program.js';
import { ScriptedKernel } from '../support/scripted-kernel.js';

/** A scripted kernel that remembers its latest run, so that final proofs of any input can be verified. */
export class NetworkKernel extends ScriptedKernel {
  statement: Statement | undefined;

  override async plan(request: PlanRequest): Promise<PlanResult> {
    const result = await super.plan(request);
    if (result.outcome === 'halted') this.statement = result.statement;
    return result;
  }

  override async verify(request: VerifyRequest): Promise<VerifiedProof> {
    const verified = await super.verify(request);
    return { ...verified, ...(this.statement && { statement: this.statement }) };
  }
}

function workOver(kernel: NetworkKernel): Type<JobWork> {
  @Injectable()
  class ScriptedWork extends KernelJobWork {
    constructor(content: ContentStore) {
      super(kernel, content);
    }
  }
  return ScriptedWork;
}

export interface ScriptedCoordinatorOptions {
  readonly segments: number;
  /** Without it third-party workers get no jobs. */
  readonly isSharing?: boolean;
  readonly settings?: Readonly<Record<string, string>>;
  /** Puts into the data folder what the coordinator finds there when it starts. */
  readonly seedData?: (folder: string) => Promise<void>;
}

/** A whole coordinator in this process; only its kernel is scripted. */
export class ScriptedCoordinator {
  readonly kernel = new NetworkKernel();
  readonly folder = scratchFolder();
  readonly program = Buffer.from('a program');
  readonly input = Buffer.from('an input');
  readonly logLines: string[] = [];
  private running: RunningCoordinator | undefined;

  get address(): string {
    return `127.0.0.1:${this.running?.grpcPort}`;
  }

  get sharedFolder(): string {
    return join(this.folder, 'shared');
  }

  static async start({ segments, isSharing = true, settings = {}, seedData }: ScriptedCoordinatorOptions) {
    const coordinator = new ScriptedCoordinator();
    coordinator.kernel.segments = segments;
    await seedData?.(join(coordinator.folder, 'data'));
    await coordinator.listen(isSharing, settings);
    return coordinator;
  }

  async stop(): Promise<void> {
    await this.running?.app.close();
  }

  private async listen(isSharing: boolean, more: Readonly<Record<string, string>>): Promise<void> {
    mkdirSync(join(this.folder, 'inputs'));
    writeFileSync(join(this.folder, 'inputs', 'n.bin'), this.input);
    writeFileSync(join(this.folder, 'program.elf'), this.program);
    const own = {
      SERVER_HOST: '127.0.0.1',
      SERVER_PORT: '0',
      HTTP_HOST: '127.0.0.1',
      HTTP_PORT: '0',
      DATA_DIR: join(this.folder, 'data'),
      INPUT_ROOTS: join(this.folder, 'inputs'),
      PROGRAM: join(this.folder, 'program.elf'),
      SEGMENT_CYCLES: '1024',
      DISCONNECT_GRACE_MS: '200',
      SHUTDOWN_GRACE: '500ms',
      ...(isSharing && { SHARED_INPUT_DIR: this.sharedFolder }),
    };
    const named = Object.entries({ ...own, ...more }).map(([name, value]) => [`DISTRIBUTED_${name}`, value] as const);
    const { settings } = loadSettings({ flags: {}, environment: Object.fromEntries(named), envFile: {} });
    const logger = new ServiceLogger({ level: 'info', format: 'json', write: (line) => void this.logLines.push(line) });
    this.running = await startCoordinator(settings, logger, workOver(this.kernel));
  }
}
