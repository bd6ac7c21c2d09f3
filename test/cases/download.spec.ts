// A coordinator that goes away while a proof is downloaded, and comes back.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Server, ServerCredentials, status, type ServerWritableStream } from '@grpc/grpc-js';
import { fetchProof } from '../../src/cli/network.js';
import { NO_PROGRESS } from '../../src/cli/progress.js';
import { ArtifactDamagedError, ClientError, ProofloomClient, type Job } from '../../src/client/index.js';
import { refOf } from '../../src/content/content-store.js';
import {
  ArtifactDeclaration,
  ArtifactsService,
  type GetArtifactRequest,
  type GetArtifactResponse,
} from '../../src/wire/generated/proofloom/v1/artifacts.js';
import { GetResponse, JobState, ProofsService } from '../../src/wire/generated/proofloom/v1/proofs.js';
import { commandLine } from '../support/command-line.js';
import { cleanUp, scratchFolder } from '../support/program.js';
import { ScriptedKernel } from '../support/scripted-kernel.js';

const CHUNK = 64 * 1024;
const CHUNKS = 8;
const PROOF = Buffer.from(Array.from({ length: CHUNK * CHUNKS }, (_, index) => (index * 7 + (index >> 8)) % 251));
const { sha256, size } = refOf(PROOF);
const COMPLETED = { state: 'completed', simulated: false, proof: { sha256, size } } as const;
const JOB = { id: 'job_1', ...COMPLETED } as unknown as Job;

type Call = ServerWritableStream<GetArtifactRequest, GetArtifactResponse>;

const declaration = (declared: number, digest = sha256): GetArtifactResponse => ({
  part: { $case: 'declaration', value: ArtifactDeclaration.create({ sha256: digest, size: BigInt(declared) }) },
});
const chunk = (value: Uint8Array): GetArtifactResponse => ({ part: { $case: 'chunk', value } });

/** A call that ends with a status once everything before it has arrived. */
function breakOff(call: Call, code = status.UNAVAILABLE): void {
  call.emit('error', { code, details: 'the coordinator stops' });
}

/** Serves a completed job and its proof, `serve` the bytes; counts what was asked for. */
class Coordinator {
  readonly offsets: number[] = [];
  private server = new Server();
  private port = 0;

  constructor(private readonly serve: (call: Call, attempt: number) => void) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** On the port that it had before. */
  async start(): Promise<void> {
    this.server = new Server();
    const unused = () => undefined;
    this.server.addService(ArtifactsService, {
      put: unused,
      stat: unused,
      get: (call: Call) => {
        this.serve(call, this.offsets.push(Number(call.request.offset)));
      },
    });
    const job = { jobId: 'job_1', state: JobState.JOB_STATE_COMPLETED, proof: { sha256, size: BigInt(size) } };
    this.server.addService(ProofsService, {
      get: (_call: unknown, done: (error: null, answer: GetResponse) => void) =>
        done(null, GetResponse.create({ job })),
      submit: unused,
      list: unused,
      watch: unused,
      cancel: unused,
    });
    this.port = await new Promise<number>((resolve, reject) => {
      const bound = (error: Error | null, port: number) => (error ? reject(error) : resolve(port));
      this.server.bindAsync(`127.0.0.1:${this.port}`, ServerCredentials.createInsecure(), bound);
    });
  }

  /** Every connection is cut, as when the process is killed. */
  kill(): void {
    this.server.forceShutdown();
  }
}

/** Sends chunks from the offset that is asked for up to `end`. */
function sendUntil(call: Call, end: number): void {
  call.write(declaration(size));
  for (let at = Number(call.request.offset); at < end; at += CHUNK) call.write(chunk(PROOF.subarray(at, at + CHUNK)));
}

function sendRest(call: Call): void {
  sendUntil(call, size);
  call.end();
}

async function withCoordinator<T>(
  serve: (call: Call, attempt: number) => void,
  work: (coordinator: Coordinator, client: ProofloomClient) => Promise<T>,
): Promise<T> {
  const coordinator = new Coordinator(serve);
  await coordinator.start();
  const client = new ProofloomClient(coordinator.url);
  try {
    return await work(coordinator, client);
  } finally {
    client.close();
    coordinator.kill();
  }
}

afterAll(cleanUp);

describe('the download of a proof', () => {
  it.each([status.UNAVAILABLE, status.CANCELLED, status.DEADLINE_EXCEEDED, status.RESOURCE_EXHAUSTED])(
    '[case: download-resumes] goes on at the first byte that is missing (status %i)',
    async (code) => {
      const serve = (call: Call, attempt: number) => {
        if (attempt > 2) return sendRest(call);
        sendUntil(call, attempt * 3 * CHUNK);
        breakOff(call, code);
      };
      await withCoordinator(serve, async ({ offsets }, client) => {
        expect(PROOF.equals(await client.downloadProof(JOB))).toBe(true);
        expect(offsets).toEqual([0, 3 * CHUNK, 6 * CHUNK]);
      });
    },
  );

  it('goes on when the coordinator was killed and is back', async () => {
    let isKilled = false;
    // The first life sends half and waits for its end.
    const serve = (call: Call) => (isKilled ? sendRest(call) : sendUntil(call, size / 2));
    await withCoordinator(serve, async (coordinator, client) => {
      let kept = 0;
      const onProgress = (received: number) => {
        if (isKilled || received < size / 2) return;
        isKilled = true;
        kept = received;
        coordinator.kill();
        void coordinator.start();
      };
      expect(PROOF.equals(await client.downloadProof(JOB, { onProgress }))).toBe(true);
      expect(kept).toBe(size / 2);
      expect(coordinator.offsets).toEqual([0, kept]);
    });
  });

  it('is whole when only the last word was lost', async () => {
    const serve = (call: Call) => {
      sendUntil(call, size);
      breakOff(call);
    };
    await withCoordinator(serve, async ({ offsets }, client) => {
      expect(PROOF.equals(await client.downloadProof(JOB))).toBe(true);
      expect(offsets).toEqual([0]);
    });
  });

  it.each([
    [status.UNAVAILABLE, 'unreachable'],
    [status.CANCELLED, 'unreachable'],
    [status.RESOURCE_EXHAUSTED, 'busy'],
  ])('is given up when nothing came for that long (status %i)', async (cause, code) => {
    const serve = (call: Call) => breakOff(call, cause);
    await withCoordinator(serve, async ({ offsets }, client) => {
      await expect(client.downloadProof(JOB, { idleTimeoutMs: 1 })).rejects.toMatchObject({ code });
      expect(offsets.every((offset) => offset === 0)).toBe(true);
    });
  });

  it('ends with its signal', async () => {
    const interrupt = new AbortController();
    const serve = (call: Call) => sendUntil(call, CHUNK);
    await withCoordinator(serve, async ({ offsets }, client) => {
      const ended = client.downloadProof(JOB, { signal: interrupt.signal, onProgress: () => interrupt.abort() });
      await expect(ended).rejects.toMatchObject({ code: 'aborted' });
      expect(offsets).toEqual([0]);
    });
  });

  it.each<[string, RegExp, (call: Call, attempt: number) => void]>([
    [
      'sends more than it announced',
      /has more than the announced 65536 bytes/,
      (call) => {
        call.write(declaration(CHUNK));
        call.write(chunk(PROOF.subarray(0, CHUNK + 1)));
      },
    ],
    [
      'sends less than it announced',
      /ended after 196608 of 524288 bytes/,
      (call) => {
        sendUntil(call, 3 * CHUNK);
        call.end();
      },
    ],
    [
      'sends other bytes',
      /arrived with the digest [0-9a-f]{64}/,
      (call) => {
        call.write(declaration(size));
        call.write(chunk(Buffer.alloc(size)));
        call.end();
      },
    ],
    [
      'announces another artifact',
      /was announced as 0{64}/,
      (call) => {
        call.write(declaration(size, '0'.repeat(64)));
      },
    ],
    [
      'announces nothing',
      /came without its size/,
      (call) => {
        call.write(chunk(PROOF));
      },
    ],
    [
      'announces another size the second time',
      /with 524288 bytes and then with 65536/,
      (call, attempt) => {
        if (attempt > 1) return void call.write(declaration(CHUNK));
        sendUntil(call, CHUNK);
        breakOff(call);
      },
    ],
  ])('fails where a coordinator %s', async (_what, message, serve) => {
    await withCoordinator(serve, async (_coordinator, client) => {
      const failure: unknown = await client.downloadProof(JOB).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(ArtifactDamagedError);
      expect((failure as Error).message).toMatch(message);
    });
  });
});

describe('proofloom download', () => {
  it('writes the whole proof of a coordinator that was away meanwhile', async () => {
    const serve = (call: Call, attempt: number) => {
      if (attempt > 1) return sendRest(call);
      sendUntil(call, CHUNK);
      breakOff(call);
    };
    await withCoordinator(serve, async ({ url, offsets }) => {
      const out = join(scratchFolder(), 'proof.plm');
      const argv = ['download', 'job_1', '--out', out, '--url', url];
      const { code, err } = await commandLine(argv, { startKernel: () => new ScriptedKernel() });
      expect({ code, err: err.includes('error') }).toEqual({ code: 0, err: false });
      expect(readFileSync(out).equals(PROOF)).toBe(true);
      expect(offsets).toEqual([0, CHUNK]);
    });
  });

  it('of a proof that the coordinator has lost says so, and what to do', async () => {
    const serve = (call: Call) => call.emit('error', { code: status.NOT_FOUND, details: 'there is no artifact' });
    await withCoordinator(serve, async ({ url }) => {
      const argv = ['download', 'job_1', '--out', join(scratchFolder(), 'proof.plm'), '--url', url, '--json'];
      const { code, out } = await commandLine(argv, { startKernel: () => new ScriptedKernel() });
      expect(code).toBe(1);
      expect(JSON.parse(out)).toEqual({
        error: {
          code: 'not_found',
          message: 'the final proof of job job_1 is lost: there is no artifact',
          hint: 'submit it again, under another --key if it had one',
          jobId: 'job_1',
        },
      });
    });
  });

  it.each([
    ['unreachable', false, 'the proof of job job_1 did not come whole: gone'],
    ['busy', false, 'the proof of job job_1 did not come whole: gone'],
    ['aborted', true, 'interrupted; the proof of job job_1 is kept'],
  ] as const)('says how to fetch it later (%s)', async (code, isInterrupted, message) => {
    const url = 'http://127.0.0.1:9';
    const client = { url, downloadProof: () => Promise.reject(new ClientError(code, 'gone')) };
    const signal = isInterrupted ? AbortSignal.abort() : new AbortController().signal;
    await expect(fetchProof(client, JOB, { display: NO_PROGRESS, signal, out: 'f.plm' })).rejects.toMatchObject({
      code,
      message,
      hint: `fetch it later with: proofloom download job_1 --out f.plm --url ${url}`,
      details: { jobId: 'job_1' },
    });
  });
});
