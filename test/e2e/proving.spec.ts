import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProofloomClient } from '../../src/client/proofloom-client.js';
import { cleanUp, Program, ROOT, scratchFolder } from '../support/program.js';

const COORDINATOR = 'dist-coordinator/coordinator/main.js';
const PROVER = 'dist-prover/prover/main.js';
const CLI = 'dist/cli/main.js';
const LOCAL = ['server', '--host', '127.0.0.1', '--http-host', '127.0.0.1', '--port', '0', '--http-port', '0'];

const PROGRAM = join(ROOT, 'guests', 'elf', 'fibonacci.elf');
const INPUT = join(ROOT, 'guests', 'inputs', 'fibonacci-1000.bin');
/** Cuts the run into four segments. */
const SEGMENT_CYCLES = 3072;
/** Proving takes minutes on a machine that has other things to do. */
const PATIENCE_MS = 600_000;

let coordinator: Program;
let provers: Program[];
let url: string;
let client: ProofloomClient;

beforeAll(async () => {
  coordinator = Program.start(COORDINATOR, LOCAL);
  url = `http://127.0.0.1:${String((await coordinator.message('ready', 60_000))['grpcPort'])}`;
  const args = (name: string) => ['--url', url, '--id', name, '--compute-units', '1'];
  provers = ['p1', 'p2', 'p3'].map((name) => Program.start(PROVER, args(name)));
  await Promise.all(provers.map((prover) => prover.message('connected', 60_000)));
  client = new ProofloomClient(url);
}, PATIENCE_MS);

afterAll(async () => {
  client.close();
  for (const program of [...provers, coordinator]) await program.stop();
  cleanUp();
}, PATIENCE_MS);

/** Runs the command line to its end and returns what it printed as one object. */
async function cli(args: readonly string[]): Promise<{ code: number | null; facts: Record<string, unknown> }> {
  const command = Program.start(CLI, [...args, '--json']);
  const { code } = await command.exited;
  return { code, facts: command.lines[0] ?? {} };
}

describe('a network of three provers', () => {
  it(
    'completes a job although one prover is killed and one leaves in the middle, with the bytes that one machine makes',
    async () => {
      const request = { program: readFileSync(PROGRAM), input: readFileSync(INPUT), segmentCycles: SEGMENT_CYCLES };
      const leaving: Promise<unknown>[] = [];
      const job = await client.prove(request, ({ job: now }) => {
        if (now?.phase !== 'prove' || leaving.length > 0) return;
        leaving.push(provers[0]?.stop('SIGKILL') ?? Promise.reject(new Error('no prover')));
        leaving.push(provers[1]?.stop('SIGTERM') ?? Promise.reject(new Error('no prover')));
      });
      expect(job).toMatchObject({ state: 'completed', failure: null, outcome: { exitCode: 0, segments: 4 } });
      await expect(Promise.all(leaving)).resolves.toEqual([
        expect.objectContaining({ signal: 'SIGKILL' }),
        expect.objectContaining({ code: 0 }),
      ]);

      const folder = scratchFolder();
      const [remote, local] = [join(folder, 'network.plm'), join(folder, 'local.plm')];
      const downloaded = await cli(['download', job.id, '--url', url, '--out', remote]);
      expect(downloaded.code).toBe(0);
      const cut = ['--segment-cycles', String(SEGMENT_CYCLES), '--threads', '1'];
      const alone = await cli(['prove', PROGRAM, '--local', '--input', INPUT, '--out', local, ...cut]);
      expect(alone.code).toBe(0);
      expect(readFileSync(remote).equals(readFileSync(local))).toBe(true);

      const verified = await cli(['verify', remote, '--program', PROGRAM]);
      expect(verified).toMatchObject({ code: 0, facts: { verified: true, exitCode: 0, segments: 4 } });
    },
    PATIENCE_MS,
  );

  it(
    "ends a job whose guest traps as the guest's own failure, and the command line says so and writes nothing",
    async () => {
      const out = join(scratchFolder(), 'trap.plm');
      const { code, facts } = await cli(['prove', join(ROOT, 'guests', 'elf', 'trap.elf'), '--url', url, '--out', out]);
      expect(code).toBe(1);
      expect(facts).toMatchObject({ error: { code: 'job_failed', reason: 'GUEST_FAILED' } });
      expect(existsSync(out)).toBe(false);
    },
    PATIENCE_MS,
  );
});
