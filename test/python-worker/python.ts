import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Program, ROOT, scratchFolder } from '../support/program.js';

const run = promisify(execFile);

/** The folder that scripts/test-python-worker.mjs has prepared: a Python environment, and stubs of the published schema. */
const FOLDER = process.env['PROOFLOOM_PYTHON_WORKER'] ?? '';
const PYTHON = join(FOLDER, 'venv', 'bin', 'python');
const ENVIRONMENT = { PYTHONPATH: join(FOLDER, 'stubs'), PYTHONDONTWRITEBYTECODE: '1' };

const script = (name: string) => join(import.meta.dirname, name);

/** Runs a Python program to its end and returns what it printed. */
export async function python(name: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, ...ENVIRONMENT };
  return (await run(PYTHON, [script(name), ...args], { env })).stdout;
}

/** A response as the published schema has it: fields of other schemas are not in it. */
export type Response = Readonly<Record<string, unknown>>;

/** An administrator that knows only the published schema. */
export function adminOf(address: string) {
  return async (call: string, request: Response = {}): Promise<Response> =>
    JSON.parse(await python('admin.py', address, call, JSON.stringify(request))) as Response;
}

export interface WorkerOptions {
  readonly address: string;
  readonly id: string;
  readonly units: number;
  readonly method: 'ProverStream' | 'WorkerStream';
  readonly program: string;
  readonly segmentCycles: number;
}

/** A prover that knows only the published schema, as a process; its lines say what it does. */
export async function startWorker({
  address,
  id,
  units,
  method,
  program,
  segmentCycles,
}: WorkerOptions): Promise<Program> {
  const proofloom = JSON.stringify([process.execPath, join(ROOT, 'bin/proofloom.js')]);
  const names = ['--id', id, '--units', String(units), '--method', method, '--program', program];
  const more = ['--segment-cycles', String(segmentCycles), '--folder', scratchFolder(), '--proofloom', proofloom];
  const worker = Program.spawn(PYTHON, [script('worker.py'), address, ...names, ...more], ENVIRONMENT);
  await worker.line(({ event }) => event === 'registered');
  return worker;
}

/** The facts that a worker printed of one kind of event. */
export function factsOf(worker: Program, event: string): Response[] {
  return worker.lines.filter((line) => line['event'] === event);
}
