import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { Coverage, type CoverageCounts } from './coverage.js';
import { MUTANTS, type Mutant } from './mutants.js';
import { simulate, type SimulateResult } from './simulate.js';

const USAGE = `simulate [--schedules N] [--seed S] [--threads T] [--mutant ${MUTANTS.join('|')}] [--trace] [--json]
Runs N fault schedules from seed S on and stops at the first that breaks a promise. The same seed is the same schedule.`;

interface Part {
  readonly seed: number;
  readonly schedules: number;
  readonly mutant: Mutant | null;
}

type PartResult = Omit<SimulateResult, 'coverage'> & { readonly coverage: CoverageCounts };

const say = (text: string) => void process.stdout.write(`${text}\n`);

if (isMainThread) await main();
else {
  const result = await simulate(workerData as Part);
  parentPort?.postMessage({ ...result, coverage: result.coverage.toJson() } satisfies PartResult);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      schedules: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '1' },
      threads: { type: 'string', default: String(availableParallelism()) },
      mutant: { type: 'string' },
      trace: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return say(USAGE);
  const whole = {
    seed: wholeNumber('seed', values.seed),
    schedules: wholeNumber('schedules', values.schedules),
    mutant: mutantNamed(values.mutant),
  };
  const started = performance.now();
  const threads = Math.max(1, wholeNumber('threads', values.threads));
  const results = values.trace ? [await traced(whole)] : await Promise.all(parts(whole, threads).map(inThread));
  report(results, (performance.now() - started) / 1000, values.json, whole.mutant);
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`--${name} must be a whole number, not ${text}`);
  return value;
}

function mutantNamed(name: string | undefined): Mutant | null {
  const mutant = MUTANTS.find((known) => known === name);
  if (name !== undefined && !mutant) throw new Error(`--mutant must be one of ${MUTANTS.join(', ')}, not ${name}`);
  return mutant ?? null;
}

function parts({ seed, schedules, mutant }: Part, threads: number): Part[] {
  const count = Math.min(threads, Math.max(1, schedules));
  const size = Math.ceil(schedules / count);
  return Array.from({ length: count }, (_, index) => ({
    seed: seed + index * size,
    schedules: Math.max(0, Math.min(size, schedules - index * size)),
    mutant,
  }));
}

async function traced(part: Part): Promise<PartResult> {
  const result = await simulate({ ...part, trace: say });
  return { ...result, coverage: result.coverage.toJson() };
}

function inThread(part: Part): Promise<PartResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: part });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

function report(results: readonly PartResult[], seconds: number, json: boolean, mutant: Mutant | null): void {
  const coverage = new Coverage();
  const ends: Record<string, number> = {};
  for (const result of results) {
    coverage.add(Coverage.fromJson(result.coverage));
    for (const [end, count] of Object.entries(result.ends)) ends[end] = (ends[end] ?? 0) + count;
  }
  const schedules = results.reduce((sum, result) => sum + result.schedules, 0);
  const steps = results.reduce((sum, result) => sum + result.steps, 0);
  const failed = results.flatMap((result) => result.failed ?? []);
  if (json) say(JSON.stringify({ schedules, steps, seconds, ends, failed, coverage: coverage.toJson() }));
  else {
    say(`${coverage.table()}\ncells: different commands that met the fault in the phase / how often`);
    say(`ends: ${JSON.stringify(ends)}\n${schedules} schedules, ${steps} steps, ${seconds.toFixed(1)} s`);
  }
  for (const { seed, violation } of failed) {
    const again = mutant ? ` --mutant ${mutant}` : '';
    process.stderr.write(
      `seed ${seed}: ${violation}\nreplay: npm run simulate -- --schedules 1 --seed ${seed}${again}\n`,
    );
    process.exitCode = 1;
  }
}
