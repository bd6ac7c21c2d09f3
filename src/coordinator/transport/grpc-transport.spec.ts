import {
  credentials,
  Metadata,
  ServerInterceptingCall,
  status,
  type sendUnaryData,
  type ServerInterceptor,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import { Controller, Module, type INestApplication, type LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GrpcMethod, GrpcStreamCall } from '@nestjs/microservices';
import { MaxLength } from 'class-validator';
import { interval, map, Observable, throwError } from 'rxjs';
import { answer, eventually } from '../../../test/support/calls.js';
import { DomainError } from '../../domain/errors.js';
import {
  ArtifactsClient,
  GetArtifactResponse,
  type GetArtifactRequest,
  type PutResponse,
} from '../../wire/generated/proofloom/v1/artifacts.js';
import {
  ProofsClient,
  type CancelRequest,
  type GetRequest,
  type WatchRequest,
  WatchResponse,
} from '../../wire/generated/proofloom/v1/proofs.js';
import { ZiskDistributedApiClient } from '../../wire/generated/zisk_distributed_api.js';
import { ARTIFACTS, PROOFS, SERVICES, ZISK_DISTRIBUTED_API } from '../../wire/services.js';
import { GrpcErrorFilter } from './grpc-errors.js';
import { GrpcTransport } from './grpc-transport.js';
import { MAX_WAITING_MESSAGES } from './outbound.js';
import { WireValidationPipe } from './validation.pipe.js';

const FLOOD = 64 * 1024;

class CancelDto implements CancelRequest {
  @MaxLength(5, { message: 'job_id must have at most 5 characters' })
  jobId!: string;
  reason!: string;
}

/** Handlers that go wrong, one for each kind of call and each way. */
@Controller()
class FaultyController {
  static pulled = 0;
  static returned = false;
  static givenUp = false;

  @GrpcMethod(PROOFS, 'Get')
  get({ jobId }: GetRequest): Observable<never> {
    if (jobId === 'domain') throw new DomainError('QUOTA_EXCEEDED', 'too many', 'wait');
    if (jobId === 'observable') return throwError(() => new Error('secret of the inside'));
    throw new Error('secret of the inside');
  }

  @GrpcMethod(PROOFS, 'Cancel')
  cancel(_request: CancelDto): void {
    return undefined;
  }

  @GrpcMethod(PROOFS, 'Watch')
  watch({ jobId }: WatchRequest): Observable<WatchResponse> {
    if (jobId === 'throws') throw new Error('secret of the inside');
    const message = WatchResponse.create({ message: 'x'.repeat(FLOOD) });
    const flood = interval(0).pipe(map(() => message));
    return new Observable((caller) => flood.subscribe(caller).add(() => (FaultyController.givenUp = true)));
  }

  @GrpcMethod(ARTIFACTS, 'Get')
  async *download({ sha256 }: GetArtifactRequest): AsyncGenerator<GetArtifactResponse> {
    try {
      for (let count = 0; ; count += 1) {
        if (sha256 === 'breaks' && count === 2) throw new Error('secret of the inside');
        FaultyController.pulled += 1;
        yield { part: { $case: 'chunk', value: new Uint8Array(FLOOD) } };
      }
    } finally {
      FaultyController.returned = true;
    }
  }

  @GrpcStreamCall(ARTIFACTS, 'Put')
  put(_call: unknown, _answer: sendUnaryData<PutResponse>): Promise<void> {
    return Promise.reject(new Error('secret of the inside'));
  }

  @GrpcStreamCall(ZISK_DISTRIBUTED_API, 'ProverStream')
  proverStream(_call: ServerWritableStream<unknown, unknown>): void {
    throw new Error('secret of the inside');
  }
}

@Module({ controllers: [FaultyController] })
class FaultyModule {}

/** Stands for authentication: refuses calls that say so. */
const refusing: ServerInterceptor = (_method, call) =>
  new ServerInterceptingCall(call, {
    start: (next) =>
      next({
        onReceiveMetadata: (metadata, proceed) => {
          if (metadata.get('refuse').length === 0) proceed(metadata);
          else call.sendStatus({ code: status.UNAUTHENTICATED, details: 'who are you?' });
        },
      }),
  });

/** The count once it has stood still for as many looks; one that never does so ends by the deadline. */
function steady(count: () => number, looks = 15): Promise<number> {
  let seen: number[] = [];
  return eventually(() => {
    seen = [...seen, count()].slice(-looks);
    return seen.length === looks && seen[0] === seen.at(-1) ? count() : undefined;
  });
}

describe('GrpcTransport', () => {
  let app: INestApplication;
  let proofs: ProofsClient;
  let artifacts: ArtifactsClient;
  let api: ZiskDistributedApiClient;
  const errors: unknown[] = [];

  beforeAll(async () => {
    const quiet = () => undefined;
    const logger: LoggerService = {
      log: quiet,
      warn: quiet,
      debug: quiet,
      verbose: quiet,
      error: (e) => errors.push(e),
    };
    const strategy = new GrpcTransport({
      host: '127.0.0.1',
      port: 0,
      services: SERVICES,
      interceptors: [refusing],
      shutdownGraceMs: 200,
    });
    app = await NestFactory.create(FaultyModule, { logger });
    const service = app.connectMicroservice({ strategy }, { deferInitialization: true });
    service.useGlobalFilters(new GrpcErrorFilter());
    service.useGlobalPipes(new WireValidationPipe());
    await app.startAllMicroservices();
    const address = `127.0.0.1:${strategy.port}`;
    proofs = new ProofsClient(address, credentials.createInsecure());
    artifacts = new ArtifactsClient(address, credentials.createInsecure());
    api = new ZiskDistributedApiClient(address, credentials.createInsecure());
  });

  afterAll(async () => {
    for (const client of [proofs, artifacts, api]) client.close();
    await app.close();
  });

  const masked = { code: status.INTERNAL, details: expect.stringMatching(/^Internal error; .* under [0-9a-f]{12}\.$/) };
  const get = (jobId: string) => answer((done) => proofs.get({ jobId }, done));
  const drained = async (stream: AsyncIterable<unknown>) => {
    for await (const _ of stream);
  };

  it.each(['throws', 'observable'])('masks what a unary handler %s, logs it once, and lives', async (how) => {
    errors.length = 0;
    await expect(get(how)).rejects.toMatchObject(masked);
    expect(errors).toHaveLength(1);
    await expect(get(how)).rejects.toMatchObject(masked);
  });

  it('gives errors that are meant for the caller their own status', async () => {
    await expect(get('domain')).rejects.toMatchObject({ code: status.RESOURCE_EXHAUSTED, details: 'too many. wait' });
  });

  it('answers an empty message for a handler that returns nothing', async () => {
    await expect(answer((done) => proofs.cancel({ jobId: 'a', reason: '' }, done))).resolves.toMatchObject({
      job: undefined,
    });
  });

  it('refuses a message that breaks its DTO, naming the field', async () => {
    const refused = answer((done) => proofs.cancel({ jobId: 'too long', reason: '' }, done));
    await expect(refused).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: 'job_id must have at most 5 characters',
    });
  });

  it('ends server, client and bidirectional streams whose handlers throw with a status', async () => {
    await expect(drained(proofs.watch({ jobId: 'throws', afterSequence: 0n }))).rejects.toMatchObject(masked);
    await expect(drained(artifacts.get({ sha256: 'breaks', offset: 0n }))).rejects.toMatchObject(masked);
    await expect(answer((done) => artifacts.put(done).end())).rejects.toMatchObject(masked);
    await expect(drained(api.proverStream())).rejects.toMatchObject(masked);
    await expect(get('throws')).rejects.toMatchObject(masked);
  });

  it('lets an interceptor refuse every kind of call', async () => {
    const metadata = new Metadata();
    metadata.set('refuse', 'yes');
    const refused = { code: status.UNAUTHENTICATED };
    await expect(answer((done) => proofs.get({ jobId: 'x' }, metadata, done))).rejects.toMatchObject(refused);
    await expect(drained(proofs.watch({ jobId: 'x', afterSequence: 0n }, metadata))).rejects.toMatchObject(refused);
    await expect(drained(api.proverStream(metadata))).rejects.toMatchObject(refused);
    await expect(get('throws')).rejects.toMatchObject(masked);
  });

  it('cuts off a caller that reads a pushed stream too slowly', async () => {
    const call = proofs.watch({ jobId: 'floods', afterSequence: 0n });
    const over = new Promise((resolve) => call.on('error', resolve));
    FaultyController.givenUp = false;
    call.once('data', () => call.pause());
    await eventually(() => FaultyController.givenUp || undefined);
    // Reading on brings the status that the server has sent.
    call.resume();
    await expect(over).resolves.toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
      details: expect.stringContaining(`more than ${MAX_WAITING_MESSAGES} messages wait`),
    });
  });

  it('pulls an iterable only as fast as its caller reads, and lets go of it when the caller is gone', async () => {
    FaultyController.pulled = 0;
    FaultyController.returned = false;
    const call = artifacts.get({ sha256: 'endless', offset: 0n });
    call.on('error', () => undefined);
    await new Promise((resolve) => call.once('data', () => resolve(call.pause())));
    expect((await steady(() => FaultyController.pulled)) * FLOOD).toBeLessThan(4 * 2 ** 20);
    call.cancel();
    await eventually(() => FaultyController.returned || undefined);
  });
});
