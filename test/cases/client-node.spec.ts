// Applications import the client under the Node they have: any that `engines` in package.json admits. The programs of
// the package need a newer one and bring it along; the client cannot.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { majorOf, olderNodes, THIS_NODE, type HostNode } from '../support/host-nodes.js';
import { ROOT } from '../support/program.js';

const run = promisify(execFile);

const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { engines: { node: string } };
const OLDEST = majorOf(engines.node);
/** Every older Node of this machine that the package admits; where there is none, this one. */
function oldNodes(): readonly HostNode[] {
  const older = olderNodes(OLDEST);
  return older.length > 0 ? older : [{ ...THIS_NODE, version: `${process.version} (there is no older one here)` }];
}

/** A port of this machine that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const built = (module: string) =>
  JSON.stringify(pathToFileURL(join(ROOT, 'packages/client/dist', module, 'index.js')).href);

const SCRIPT = `
import { ClientError, ProofloomClient } from ${built('client')};
import { proofs } from ${built('grpc')};

const client = new ProofloomClient(process.env.DISTRIBUTED_SERVER_URL);
const failure = await client.submit({ program: new Uint8Array([1]) }).catch((error) => error);
client.close();
console.log(JSON.stringify({
  isClientError: failure instanceof ClientError,
  code: failure.code,
  isPassing: failure.isPassing,
  service: proofs.ProofsClient.serviceName,
}));
`;

describe('the build', () => {
  it.each(oldNodes())('[case: client-old-node] of the client runs under Node $version', async ({ path }) => {
    const env = { PATH: process.env['PATH'], DISTRIBUTED_SERVER_URL: `http://127.0.0.1:${await closedPort()}` };
    const { stdout } = await run(path, ['--input-type=module', '--eval', SCRIPT], { env });
    expect(JSON.parse(stdout)).toEqual({
      isClientError: true,
      code: 'unreachable',
      isPassing: true,
      service: 'proofloom.v1.Proofs',
    });
  });

  it.each(['client', 'kernel', 'verifier'])(
    'of %s is compiled against the library of the oldest Node of engines',
    (name) => {
      const folder = join(ROOT, 'packages', name);
      const { config } = ts.readConfigFile(join(folder, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
        config: object;
      };
      const { options } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { engines: { node: string } };
      expect(majorOf(manifest.engines.node)).toBe(OLDEST);
      expect(OLDEST).toBe(20);
      expect(options.lib?.filter((lib) => lib.startsWith('lib.es'))).toEqual(['lib.es2023.d.ts']);
      expect(options.noCheck ?? false).toBe(false);
    },
  );
});
