import type { Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Logger, type INestApplication, type LoggerService, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestMicroservice } from '@nestjs/microservices';
import { PRODUCT_VERSION } from '../config/product.js';
import type { Settings } from '../config/settings.js';
import { Timers } from '../lifecycle/timers.js';
import { SERVICES } from '../wire/services.js';
import { AccessControl } from './access/access-control.js';
import { AccessGuard } from './access/access.guard.js';
import { accessInterceptor } from './access/access.interceptor.js';
import { AuditLog } from './access/audit-log.js';
import { KeyRing } from './access/key-ring.js';
import { RunningCalls } from './access/running-calls.js';
import type { JobWork } from './jobs/job-work.js';
import { CoordinatorModule } from './coordinator.module.js';
import { KernelCheck } from './prover-gateway/sessions/kernel-check.js';
import { LaunchProgram } from './proofs/launch-program.js';
import { bindFailure } from './transport/bind-failure.js';
import { GrpcErrorFilter } from './transport/grpc-errors.js';
import { GrpcTransport } from './transport/grpc-transport.js';
import { ServerTls } from './transport/server-tls.js';
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
  const tls = tlsOf(settings);
  const app = await NestFactory.create(CoordinatorModule.forRoot(settings, work), {
    logger,
    abortOnError: false,
    bodyParser: false,
    ...(tls && { httpsOptions: tls.httpsOptions }),
  });
  const { host, port } = settings.server;
  const access = app.get(AccessControl);
  app.useGlobalGuards(new AccessGuard(access));
  const strategy = new GrpcTransport({
    host,
    port,
    services: SERVICES,
    ...(tls && { credentials: tls.credentials }),
    interceptors: [accessInterceptor(access, app.get(RunningCalls), app.get(AuditLog))],
    shutdownGraceMs: settings.shutdownGraceMs,
  });
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
    tls?.watch(app.get(Timers), app.getHttpServer() as HttpsServer);
    warnOfAccess(settings, app.get(KeyRing));
    announce(settings, strategy.port, httpPort, app.get(KernelCheck).digest);
    void app.get(LaunchProgram).warmUp();
    return { app, grpcPort: strategy.port, httpPort };
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** Undefined where no certificate is set. @throws SettingsError */
function tlsOf({ tls }: Settings): ServerTls | undefined {
  return tls.paths.cert === undefined ? undefined : new ServerTls(tls.paths, tls.clientCertificates);
}

async function listenHttp(app: INestApplication, { http }: Settings): Promise<number> {
  try {
    await app.listen(http.port, http.host);
  } catch (error) {
    throw bindFailure(HTTP_SIDE, `${http.host}:${http.port}`, error);
  }
  return (app.getHttpServer().address() as AddressInfo).port;
}

/** Says who is served, where others than this machine's own programs can reach the ports. */
function warnOfAccess({ server, http, access, tls }: Settings, keys: KeyRing): void {
  if ([server.host, http.host].every((host) => LOOPBACK.test(host))) return;
  const log = new Logger('Coordinator');
  if (access.mode === 'none') {
    log.warn(
      'No key is asked for (DISTRIBUTED_AUTH=none): anybody who reaches this address may read inputs, submit jobs and drain provers.',
    );
  } else if (keys.isInUse && tls.paths.cert === undefined) {
    log.warn('There is no TLS: keys and inputs cross the network as they are. docs/security.md says how to set it up.');
  } else if (!keys.isInUse) {
    log.warn(
      'No key exists yet: only callers on this machine are served. Make one with: proofloom keys create --role operate',
    );
  }
}

function announce({ server, http, dataDir, tls }: Settings, grpcPort: number, httpPort: number, kernel: string): void {
  new Logger('Coordinator').log({
    message: 'ready',
    grpc: `${server.host}:${grpcPort}`,
    grpcPort,
    http: `${http.host}:${httpPort}`,
    httpPort,
    version: PRODUCT_VERSION,
    kernel,
    dataDir,
    tls: tls.paths.cert !== undefined,
  });
}
