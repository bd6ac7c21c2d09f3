// The commands of the README, as a newcomer types them. Its demo is a step of .ci/run, its client example is run by
// network.spec.ts, its containers by `npm run test:docker`.
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { delimiter, join } from 'node:path';
import { runCommand } from '../support/api-document.js';
import { ownGrpcurl } from '../support/document-run.js';
import { cleanUp, Program, ROOT, scratchFolder } from '../support/program.js';

const PROVE_MS = 600_000;
const BLOCKS = [...readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(
  ([, body = '']) => body.trim(),
);

function blockWith(text: string): string {
  const block = BLOCKS.find((body) => body.includes(text));
  if (!block) throw new Error(`README.md has no block with ${text}`);
  return block;
}

/** Appended to `prove`: without it the program's own input makes minutes of proving. */
const SMALL = '--input guests/inputs/fibonacci-1000.bin';

/** A folder that looks like a checkout, with an `npx` that starts the built commands and nothing else. */
function newcomer(): { folder: string; path: string } {
  const folder = scratchFolder();
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  symlinkSync(join(ROOT, 'guests'), join(folder, 'guests'));
  const lines = [
    'name=$1; shift',
    `[ "$1" = prove ] && set -- "$@" ${SMALL}`,
    `exec "${process.execPath}" "${ROOT}/bin/$name.js" "$@"`,
  ];
  writeFileSync(join(bin, 'npx'), ['#!/bin/sh', ...lines, ''].join('\n'));
  chmodSync(join(bin, 'npx'), 0o755);
  return { folder, path: `${bin}${delimiter}${process.env['PATH'] ?? ''}` };
}

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return String(port);
}

/** Starts a documented line `npx NAME args` as a process, at another port than the documented one. */
function startLine(line: string, port: string): Program {
  const [, name = '', ...args] = line.replaceAll('50051', port).split(' ');
  const settings = {
    DISTRIBUTED_SERVER_HOST: '127.0.0.1',
    DISTRIBUTED_HTTP_HOST: '127.0.0.1',
    DISTRIBUTED_HTTP_PORT: '0',
  };
  return Program.start(`bin/${name}.js`, args, settings);
}

afterAll(cleanUp);

describe('README.md', () => {
  it(
    'executes, proves and verifies a program on this machine',
    async () => {
      const { folder, path } = newcomer();
      const commands = blockWith('prove guests/elf/fibonacci.elf --local').split('\n').join(' && ');
      const outcome = await runCommand(`cd "$HERE" && ${commands}`, { HERE: folder, PATH: path });
      expect(outcome).toMatchObject({ exitCode: 0 });
      expect(existsSync(join(folder, 'fibonacci.plm'))).toBe(true);
    },
    PROVE_MS,
  );

  it('starts a coordinator and a prover that finds it, and gRPC tools are answered', async () => {
    const port = await freePort();
    const [serve = '', work = ''] = blockWith('npx coordinator server').split('\n');
    const coordinator = startLine(serve, port);
    await expect(coordinator.message('ready')).resolves.toMatchObject({ grpcPort: Number(port) });
    const prover = startLine(work, port);
    await prover.message('connected');
    const answers = await runCommand(blockWith('grpcurl'), ownGrpcurl(`127.0.0.1:${port}`));
    expect(answers.stdout).toMatch(/^\{\}\n/);
    expect(answers.stdout).toContain('INPUT_NOT_FOUND');
    await prover.stop();
    await coordinator.stop();
  });
});
