import { cleanUp, Program } from '../support/program.js';

const COORDINATOR = 'dist/coordinator/main.js';
const PROVER = 'dist/prover/main.js';
/** Longer than a test may take: a stop that waits for it never ends here. */
const NEVER = { DISTRIBUTED_SHUTDOWN_GRACE: '10m' };

function startCoordinator(port = '0'): Program {
  const args = ['server', '--host', '127.0.0.1', '--http-host', '127.0.0.1', '--port', port, '--http-port', '0'];
  return Program.start(COORDINATOR, args);
}

async function urlOf(coordinator: Program): Promise<string> {
  const { grpcPort } = await coordinator.message('ready');
  return `http://127.0.0.1:${String(grpcPort)}`;
}

afterAll(cleanUp);

describe.each(['stream', 'unary'])('a prover process over %s', (transport) => {
  const startProver = (url: string, ...more: string[]) =>
    Program.start(PROVER, ['--url', url, '--transport', transport, ...more], NEVER);

  it('connects to its coordinator and stops on SIGTERM with exit code 0, without waiting for the time that a stop may take', async () => {
    const coordinator = startCoordinator();
    const prover = startProver(await urlOf(coordinator));
    await prover.message('connected');
    const exit = await prover.stop();
    expect(exit).toMatchObject({ code: 0, signal: null });
    expect(prover.lines.map(({ message }) => message).slice(-2)).toEqual(['stopping', 'stopped']);
    await expect(prover.message('stopping')).resolves.toMatchObject({ signal: 'SIGTERM' });
    await coordinator.stop();
  });

  it('waits for a coordinator that is not there yet', async () => {
    const first = startCoordinator();
    const url = await urlOf(first);
    await first.stop();
    const prover = startProver(url);
    await prover.message('started');
    const later = startCoordinator(new URL(url).port);
    await expect(prover.message('connected')).resolves.toMatchObject({ coordinator: url });
    await Promise.all([prover.stop(), later.stop()]);
  });

  it('stops at once where it never found a coordinator', async () => {
    const prover = startProver('http://127.0.0.1:1');
    await prover.message('started');
    const exit = await prover.stop('SIGINT');
    expect(exit).toMatchObject({ code: 0 });
  });

  it('of a name that another process has is refused, again and again, with an exit code of its own', async () => {
    const coordinator = startCoordinator();
    const url = await urlOf(coordinator);
    const first = startProver(url, '--id', 'twin');
    await first.message('connected');
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const second = startProver(url, '--id', 'twin');
      await expect(second.exited).resolves.toMatchObject({ code: 3, signal: null });
      await expect(second.message('name_in_use')).resolves.toMatchObject({
        reason: expect.stringContaining('the name twin is in use'),
      });
    }
    await expect(first.stop()).resolves.toMatchObject({ code: 0 });
    expect(first.lines.filter(({ message }) => message === 'connected')).toHaveLength(1);
    await coordinator.stop();
  });
});

describe('a prover process', () => {
  it('refuses a transport that there is not, naming those there are, with exit code 2', async () => {
    const prover = Program.start(PROVER, ['--transport', 'pigeon']);
    await expect(prover.exited).resolves.toMatchObject({ code: 2 });
    expect(prover.errors.join('')).toContain('--transport is "pigeon"; allowed: stream (one');
  });

  it('refuses an address of another kind, naming what is allowed, with exit code 2', async () => {
    const prover = Program.start(PROVER, ['--url', 'ftp://example.org:1']);
    await expect(prover.exited).resolves.toMatchObject({ code: 2 });
    expect(prover.errors.join('')).toContain('--url is "ftp://example.org:1"; allowed: http://host:port');
  });
});
