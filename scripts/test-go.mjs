// `npm run test:go`: what needs Go: docs/api.md with grpcurl itself, and Go stubs from our schemas (test/go).
// --install allows the installation of protoc with apt-get. Other arguments go to jest.
// Exit code: 0 passed, 1 failed, 69 where the tools cannot be had.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { answers, mustRun, runJest } from './processes.mjs';
import { installPackages, runSuite, UnavailableError } from './unavailable.mjs';

const INSTALL = '--install';
/** Programs from the Go module proxy, in the words of the documents that name them. */
const PROGRAMS = [
  'github.com/fullstorydev/grpcurl/cmd/grpcurl@latest',
  'google.golang.org/protobuf/cmd/protoc-gen-go@latest',
  'google.golang.org/grpc/cmd/protoc-gen-go-grpc@latest',
];

async function needProtoc(mayInstall) {
  if (answers('protoc', ['--version'])) return;
  if (!mayInstall) throw new UnavailableError('protoc is not installed; allow it with --install');
  // The second one has google/protobuf/timestamp.proto.
  await installPackages('protoc', ['protobuf-compiler', 'libprotobuf-dev']);
}

async function installPrograms(folder) {
  if (!answers('go', ['version'])) throw new UnavailableError('go is not installed');
  for (const program of PROGRAMS) {
    await mustRun('go', ['install', program], { env: { ...process.env, GOBIN: folder } }).catch((error) => {
      throw new UnavailableError(`${program} cannot be installed: ${error.message}`);
    });
  }
}

async function testGo(args) {
  await needProtoc(args.includes(INSTALL));
  const folder = await mkdtemp(join(tmpdir(), 'proofloom-go-'));
  try {
    await installPrograms(folder);
    const PATH = `${folder}${delimiter}${process.env.PATH}`;
    return await runJest(
      'go',
      args.filter((arg) => arg !== INSTALL),
      { PATH },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

await runSuite(() => testGo(process.argv.slice(2)));
