import { createServer } from 'node:net';
import { join } from 'node:path';
import { targetOf } from '../../src/client/channel.js';
import { SEGMENT_CYCLES } from '../../src/domain/job/segment-limits.js';
import { KernelService } from '../../src/kernel/kernel.service.js';
import { commandLine } from '../support/command-line.js';
import { cleanUp, scratchFolder } from '../support/program.js';
import { ScriptedKernel } from '../support/scripted-kernel.js';

afterAll(cleanUp);

const submit = (...argv: string[]) => commandLine(['submit', ...argv], { startKernel: () => new ScriptedKernel() });

describe('options of commands', () => {
  it.each(['1', '255', '262144', '1048576'])(
    '[case: segment-cycles-range] refuse %s segment cycles, with the range',
    async (cycles) => {
      for (const command of ['submit', 'execute', 'prove']) {
        const argv = [command, 'guest.elf', '--segment-cycles', cycles, '--out', 'p'];
        const { code, err } = await commandLine(argv, { startKernel: () => new ScriptedKernel() });
        expect(code).toBe(2);
        expect(err).toContain('allowed: a whole number from 256 to 262143.');
      }
    },
  );

  it('have a range of segment cycles that the kernel admits', async () => {
    const threadEntry = new URL('../../dist/kernel/threads/kernel.worker.js', import.meta.url);
    const kernel = new KernelService({ threads: 1, threadEntry });
    const { minSegmentCycles, maxSegmentCycles } = await kernel.info();
    kernel.close();
    expect(SEGMENT_CYCLES.min).toBeGreaterThanOrEqual(minSegmentCycles);
    expect(SEGMENT_CYCLES.max).toBeLessThanOrEqual(maxSegmentCycles);
  });

  it('[case: label-one-value] leave the program behind a label a program', async () => {
    const elf = join(scratchFolder(), 'none.elf');
    const { code, err } = await submit('--label', 'a=1', '--label', 'b=2', elf);
    expect(code).toBe(1);
    expect(err).toContain(`the program ${elf} cannot be read`);
  });
});

describe('arguments that can mean nothing', () => {
  it.each([
    ['a label without a value', ['submit', 'x.elf', '--label', 'noequals'], 'allowed: name=value, with a name.'],
    ['a label without a name', ['submit', 'x.elf', '--label', '=x'], 'allowed: name=value, with a name.'],
    [
      'a label given twice',
      ['submit', 'x.elf', '--label', 'a=1', '--label', 'b=1', '--label', 'a=2'],
      'the label a is given twice; a name has one value.',
    ],
    ['an empty job', ['status', ''], 'allowed: 1 to 128 letters'],
    ['a job that is no id', ['watch', 'a b'], 'allowed: 1 to 128 letters'],
    ['an empty job to download', ['download', '', '--out', 'p'], 'allowed: 1 to 128 letters'],
    ['an empty job to cancel', ['cancel', ''], 'allowed: 1 to 128 letters'],
    ['an empty prover, which is not every prover', ['drain', ''], 'allowed: 1 to 128 letters'],
    ['an empty prover to release', ['release', ''], 'allowed: 1 to 128 letters'],
  ])('are refused: %s', async (_what, argv, why) => {
    const { code, err } = await commandLine(argv, { startKernel: () => new ScriptedKernel() });
    expect([code, err]).toEqual([2, expect.stringContaining(why)]);
  });
});

describe('the way to a coordinator', () => {
  const proxies = ['http_proxy', 'https_proxy', 'grpc_proxy'] as const;
  const before = proxies.map((name) => [name, process.env[name]] as const);

  afterEach(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  /** A listener that counts who comes, and sends everybody away. */
  async function listener(): Promise<{ url: string; visits: () => number; close: () => void }> {
    let count = 0;
    const server = createServer((socket) => {
      count += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    return { url: `http://127.0.0.1:${port}`, visits: () => count, close: () => void server.close() };
  }

  it.each(['http_proxy', 'https_proxy'] as const)('[case: no-proxy] is direct, whatever %s says', async (name) => {
    const [proxy, coordinator] = await Promise.all([listener(), listener()]);
    for (const other of proxies) delete process.env[other];
    process.env[name] = proxy.url;
    const argv = ['status', '--url', coordinator.url];
    const { code } = await commandLine(argv, { startKernel: () => new ScriptedKernel() });
    proxy.close();
    coordinator.close();
    expect(code).toBe(1);
    expect(proxy.visits()).toBe(0);
    expect(coordinator.visits()).toBeGreaterThan(0);
  });

  it('leads through the proxy that grpc_proxy asks for', () => {
    const isProxied = () => targetOf('http://127.0.0.1:1').options['grpc.enable_http_proxy'];
    delete process.env['grpc_proxy'];
    expect(isProxied()).toBe(0);
    process.env['grpc_proxy'] = 'http://127.0.0.1:9';
    expect(isProxied()).toBe(1);
  });
});
