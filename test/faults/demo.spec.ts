import { connect } from 'node:net';
import { join } from 'node:path';
import { eventually } from '../support/calls.js';
import { cleanUp, Program, scratchFolder } from '../support/program.js';
import { DEADLINE_MS } from './fault-network.js';

afterAll(cleanUp);

/** Whether a process listens at the address. */
function isServed({ hostname, port }: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function readyAt({ errors }: Program): string | undefined {
  return /network ready at (http:\S+);/.exec(errors.join(''))?.[1];
}

describe('the demo', () => {
  it(
    'that is killed leaves no coordinator behind',
    async () => {
      const out = join(scratchFolder(), 'headers.plm');
      const demo = Program.start('dist/demo/main.js', ['--out', out], { TMPDIR: scratchFolder() });
      const url = new URL(await eventually(() => readyAt(demo), DEADLINE_MS));
      await expect(isServed(url)).resolves.toBe(true);
      await demo.stop('SIGKILL');
      await eventually(async () => ((await isServed(url)) ? undefined : true), DEADLINE_MS);
    },
    DEADLINE_MS,
  );
});
