import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cleanUp, Program, ROOT, scratchFolder } from '../support/program.js';

/** A launcher as on a host whose Node is too old; here the Node that it starts is this one. */
function launched(entry: string, ...args: readonly string[]): Program {
  const folder = scratchFolder();
  const launcher = join(folder, 'launcher.mjs');
  const runUnder = pathToFileURL(join(ROOT, 'bin/launch.js')).href;
  const call = `runUnder(process.execPath, ${JSON.stringify(join(ROOT, entry))});`;
  writeFileSync(launcher, `import { runUnder } from ${JSON.stringify(runUnder)};\n${call}\n`);
  return Program.spawn(process.execPath, [launcher, ...args], {
    DISTRIBUTED_LOGGING_FORMAT: 'json',
    DISTRIBUTED_DATA_DIR: folder,
    DISTRIBUTED_SERVER_HOST: '127.0.0.1',
    DISTRIBUTED_SERVER_PORT: '0',
    DISTRIBUTED_HTTP_HOST: '127.0.0.1',
    DISTRIBUTED_HTTP_PORT: '0',
  });
}

afterAll(cleanUp);

describe('a launcher', () => {
  it.each<NodeJS.Signals>(['SIGKILL', 'SIGQUIT', 'SIGUSR2', 'SIGTERM'])(
    '[case: launcher-killed] takes the server along where it ends by %s',
    async (signal) => {
      const launcher = launched('dist/coordinator/main.js', 'server');
      await launcher.message('ready');
      // Ends when all have closed its output: the server has it from the launcher.
      await launcher.stop(signal);
      expect(launcher.lines.map(({ message }) => message)).toContain('stopped');
    },
  );

  it('lets a command end by itself, with its exit code', async () => {
    const launcher = launched('dist/cli/main.js', 'verify', join(ROOT, 'package.json'), '--program', 'none.elf');
    await expect(launcher.exited).resolves.toEqual({ code: expect.any(Number), signal: null });
    expect((await launcher.exited).code).toBeGreaterThan(0);
  });
});
