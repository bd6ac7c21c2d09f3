import type { AddressInfo } from 'node:net';
import { Logger, type INestApplication, type LoggerService, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestMicroservice } from '@nestjs/microservices';
import { PRODUCT_VERSION } from '../config/product.js';
import type { Settings } from '../config/settings.js';
import { SERVICES } from '../wire/services.js';
import type { JobWork } from './jobs/job-work.js';
import { CoordinatorModule } from './coordinator.module.js';
import { KernelCheck } from './prover-gateway/sessions/kernel-check.js';
import { LaunchProgram } from './proofs/launch-program.js';
import { bindFailure } from './transport/bind-failure.js';
import { GrpcErrorFilter } from './transport/grpc-errors.js';
import { GrpcTransport } from './transport/grpc-transport.js';
import { WireValidationPipe } from './transport/validation.pipe.js';

const HTTP_SIDE = { name: 'HTTP', hostFlag: '--http-host', portFlag: '--http-port' } as const;
const LOOPBACK = /^(127\.|localhost$|::1$)/;

export interface RunningCoordinator {
  readonly app: INestApplication;
  /** The ports in use, where 0 was asked the ones that were found. */
  readonly grpcPort: number;
  readonly httpPort: number;
}

/**
 * Starts a coordinator and returns once both of its sides accept connections.
 * @param work what it computes itself; default: the kernel over the stored artifacts
 */
export async function startCoordinator(
  settings: Settings,
  logger: LoggerService,
  work?: Type<JobWork>,
): Promise<RunningCoordinator> {
  const app = await NestFactory.create(CoordinatorModule.forRoot(settings, work), {
    logger,
    abortOnError: false,
    bodyParser: false,
  });
  const { host, port } = settings.server;
  const strategy = new GrpcTransport({ host, port, services: SERVICES, shutdownGraceMs: settings.shutdownGraceMs });
  const grpc = app.connectMicroservice({ strategy }, { deferInitialization: true }) as NestMicroservice;
  grpc.useGlobalFilters(new GrpcErrorFilter());
  grpc.useGlobalPipes(new WireValidationPipe());
  app.enableShutdownHooks([], { useProcessExit: true });
  try {
    // Everything is ready before the first call can come; the gRPC side would otherwise run every init hook again.
    await app.init();
    grpc.setIsInitHookCalled(true);
    await app.startAllMicroservices();
    const httpPort = await listenHttp(app, settings);
    announce(settings, strategy.port, httpPort, app.get(KernelCheck).digest);
    void app.get(LaunchProgram).warmUp();
    return { app, grpcPort: strategy.port, httpPort };
  } catch (error) {
    await app.close();
    throw error;
  }
}

async function listenHttp(app: INestApplication, { http }: Settings): Promise<number> {
  try {
    await app.listen(http.port, http.host);
  } catch (error) {
    throw bindFailure(HTTP_SIDE, `${http.host}:${http.port}`, error);
  }
  return (app.getHttpServer().address() as AddressInfo).port;
}

function announce({ server, http, dataDir }: Settings, grpcPort: number, httpPort: number, kernel: string): void {
  const log = new Logger('Coordinator');
  if (![server.host, http.host].every((host) => LOOPBACK.test(host))) {
    log.warn('No authentication is configured: anybody who reaches this address may submit jobs and read proofs.');
  }
  log.log({
    message: 'ready',
    grpc: `${server.host}:${grpcPort}`,
    grpcPort,
    http: `${http.host}:${httpPort}`,
    httpPort,
    version: PRODUCT_VERSION,
    kernel,
    dataDir,
  });
}
