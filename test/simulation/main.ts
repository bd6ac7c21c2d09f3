import { parseArgs } from 'node:util';
import { MUTANTS, type Mutant } from './mutants.js';
import { simulate } from './simulate.js';

const USAGE = `simulate [--schedules N] [--seed S] [--mutant ${MUTANTS.join('|')}] [--json] [--trace]
Runs N fault schedules from seed S on and stops at the first that breaks a promise. The same seed is the same schedule.`;

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`--${name} must be a whole number, not ${text}`);
  return value;
}

const { values } = parseArgs({
  options: {
    schedules: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    mutant: { type: 'string' },
    json: { type: 'boolean', default: false },
    trace: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const say = (text: string) => void process.stdout.write(`${text}\n`);

if (values.help) say(USAGE);
else {
  const mutant = values.mutant === undefined ? null : (MUTANTS.find((name) => name === values.mutant) ?? null);
  if (values.mutant !== undefined && mutant === null) throw new Error(`--mutant must be one of ${MUTANTS.join(', ')}`);
  await run(wholeNumber('schedules', values.schedules), wholeNumber('seed', values.seed), mutant);
}

async function run(schedules: number, seed: number, mutant: Mutant | null): Promise<void> {
  const started = performance.now();
  const result = await simulate({ schedules, seed, mutant, ...(values.trace && { trace: say }) });
  const seconds = (performance.now() - started) / 1000;
  if (values.json) say(JSON.stringify({ ...result, coverage: result.coverage.toJson(), seconds }));
  else {
    say(result.coverage.table());
    say('cells: different commands met / how often');
    say(`ends: ${JSON.stringify(result.ends)}`);
    say(`${result.schedules} schedules, ${result.steps} steps, ${seconds.toFixed(1)} s`);
  }
  if (!result.failed) return;
  const again = mutant ? ` --mutant ${mutant}` : '';
  process.stderr.write(`seed ${result.failed.seed}: ${result.failed.violation}\n`);
  process.stderr.write(`replay: npm run simulate -- --schedules 1 --seed ${result.failed.seed}${again}\n`);
  process.exitCode = 1;
}
