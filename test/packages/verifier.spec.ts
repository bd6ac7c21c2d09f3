// The verifier as others get it: its tarball in an empty folder, under every Node that it admits, and in a browser.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { olderNodes, THIS_NODE } from '../support/host-nodes.js';
import { cleanUp, ROOT } from '../support/program.js';
import { browse } from './browser.js';
import { Installed, measured } from './installed.js';

const golden = (name: string) => readFileSync(join(ROOT, 'kernel/vm/tests/golden', `fibonacci_v3.${name}`));
const VK = golden('vk').toString().trim();
const OTHER = '0'.repeat(64);

let installed: Installed;

const runModule = (node: string, ...lines: readonly string[]) =>
  installed.run(node, '--input-type=module', '-e', lines.join('\n'));

beforeAll(async () => {
  installed = await Installed.of('@proofloom/verifier');
  installed.write('fibonacci.plm', golden('plm'));
});

afterAll(cleanUp);

describe('@proofloom/verifier', () => {
  it('has at most 1 MB, and brings nothing along', () => {
    const [tarball = ''] = installed.tarballs;
    expect(measured('@proofloom/verifier, packed', statSync(tarball).size, 1)).toBeLessThanOrEqual(1);
    expect(installed.packages).toEqual(['@proofloom/verifier']);
  });

  it.each([THIS_NODE, ...olderNodes(20)])('verifies a proof in three lines under Node $version', async ({ path }) => {
    const printed = await runModule(
      path,
      `import { verify } from '@proofloom/verifier'; import { readFileSync } from 'node:fs';`,
      `const { statement } = await verify(readFileSync('fibonacci.plm'), { vkDigest: '${VK}' });`,
      `console.log(statement.exitCode, statement.cycles, statement.vkDigest);`,
    );
    expect(printed).toMatch(new RegExp(`^0 [1-9]\\d*n ${VK}\n$`));
  });

  it('rejects a proof of another program, and says so', async () => {
    const printed = await runModule(
      process.execPath,
      `import { verify, KernelError } from '@proofloom/verifier'; import { readFileSync } from 'node:fs';`,
      `const error = await verify(readFileSync('fibonacci.plm'), { vkDigest: '${OTHER}' }).catch((e) => e);`,
      `console.log(error instanceof KernelError, error.code, error.isRejection);`,
    );
    expect(printed).toBe('true verification_failed true\n');
  });

  it('can be used in TypeScript without the types of Node and of the DOM', async () => {
    installed.write('main.mts', TYPED);
    const options = { lib: ['es2022'], types: [], noEmit: true };
    await expect(installed.compile(['main.mts'], { ...options, module: 'nodenext' })).resolves.toBeUndefined();
    await expect(installed.compile(['main.mts'], { ...options, module: 'node16' })).resolves.toBeUndefined();
    await expect(
      installed.compile(['main.mts'], { ...options, module: 'esnext', moduleResolution: 'bundler' }),
    ).resolves.toBeUndefined();
  });
});

const TYPED = `
import { KernelError, Verifier, verify, type Expectation, type Statement } from '@proofloom/verifier';
const expected: Expectation = { vkDigest: '${VK}' };
const statement: Statement = (await verify(new Uint8Array(), expected)).statement;
const cycles: bigint = statement.cycles;
export const rejected = (error: unknown): boolean => error instanceof KernelError && error.isRejection;
export const other = new Verifier(async () => new Uint8Array()).verify(statement.output, { program: new Uint8Array() });
export const text: string = cycles.toString();
// @ts-expect-error: a path is no proof
void verify('fibonacci.plm', expected);
`;

/** Verifies the demo's proof as an application would, and says what it has found. */
const PAGE = `<!doctype html>
<script type="importmap">
{ "imports": { "@proofloom/verifier": "./node_modules/@proofloom/verifier/dist/src/verifier/web.js" } }
</script>
<script type="module">
  const report = (found) => fetch('/found', { method: 'POST', body: JSON.stringify(found) });
  try {
    const { verify } = await import('@proofloom/verifier');
    const bytes = async (url) => new Uint8Array(await (await fetch(url)).arrayBuffer());
    const [proof, program] = await Promise.all([bytes('headers.plm'), bytes('headers.elf')]);
    const { statement, securityBits } = await verify(proof, { program });
    const { vkDigest, exitCode, cycles, segments } = statement;
    const { code, isRejection } = await verify(proof, { vkDigest: '${OTHER}' }).catch((error) => error);
    await report({ vkDigest, exitCode, cycles: String(cycles), segments, securityBits, other: { code, isRejection } });
  } catch (error) {
    await report({ error: String(error?.stack ?? error) });
  }
</script>`;

describe('a page in a browser', () => {
  it("verifies the demo's proof, and rejects it as that of another program", async () => {
    installed.write('headers.plm', readFileSync(process.env['PROOFLOOM_DEMO_PROOF'] ?? ''));
    installed.write('headers.elf', readFileSync(join(ROOT, 'guests/elf/headers.elf')));
    installed.write('index.html', PAGE);
    await expect(browse(installed.folder, 'index.html')).resolves.toEqual({
      vkDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
      exitCode: 0,
      cycles: expect.stringMatching(/^[1-9]\d*$/),
      segments: 3,
      securityBits: expect.any(Number),
      other: { code: 'verification_failed', isRejection: true },
    });
  });
});
