import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { hasEnded, type Job } from '../../src/client/job.js';
import { ProofloomClient } from '../../src/client/proofloom-client.js';
import { runCommand, stepsOf, valuesFrom, type CallStep, type Outcome, type Step } from './api-document.js';
import { formOf, jsonObjects } from './json.js';
import { TestNetwork } from './network.js';
import { ROOT, scratchFolder } from './program.js';

export const API_DOCUMENT = join(ROOT, 'docs/api.md');
const DOCUMENTED_ADDRESS = /127\.0\.0\.1:(8080|50051)/g;
/** A call that its deadline ends: grpcurl's exit code for DEADLINE_EXCEEDED. */
const DEADLINE_EXIT = 68;

/** What the documented network is started with. */
export const DOCUMENTED_SETTINGS = {
  DISTRIBUTED_PROGRAM: join(ROOT, 'guests/elf/fibonacci.elf'),
  DISTRIBUTED_INPUT_ROOTS: join(ROOT, 'guests/inputs'),
  DISTRIBUTED_SEGMENT_CYCLES: '4095',
  // A worker of the page speaks once a line, however slow the machine is.
  DISTRIBUTED_HEARTBEAT_INTERVAL: '1m',
  DISTRIBUTED_LEASE: '10m',
};

/** A folder with a `grpcurl` that is test/support/grpcurl.mjs and calls `address` in place of the documented ones. */
export function ownGrpcurl(address: string): Record<string, string> {
  const folder = scratchFolder();
  const program = join(ROOT, 'test/support/grpcurl.mjs');
  writeFileSync(join(folder, 'grpcurl'), `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`);
  chmodSync(join(folder, 'grpcurl'), 0o755);
  return { PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}`, GRPCURL_ADDRESS: address };
}

/** Runs the steps of docs/api.md in their order against one network. */
export class DocumentRun {
  readonly steps: readonly Step[] = stepsOf(readFileSync(API_DOCUMENT, 'utf8'));
  private variables: Record<string, string> = {};
  private last: { readonly step: CallStep; readonly outcome: Outcome } | undefined;

  /**
   * @param environment how `grpcurl` is found
   * @param address in place of the documented ones, for a grpcurl that calls what it is told to
   */
  constructor(
    private readonly network: TestNetwork,
    private readonly environment: Readonly<Record<string, string>>,
    private readonly address?: string,
  ) {}

  async call(step: CallStep): Promise<Outcome> {
    const command = this.address ? step.command.replaceAll(DOCUMENTED_ADDRESS, this.address) : step.command;
    const outcome = await runCommand(command, { ...this.environment, ...this.variables });
    this.last = { step, outcome };
    if (step.name.endsWith('/LaunchProof')) await this.until(outcome, hasEnded);
    if (step.name.endsWith('/Submit')) await this.until(outcome, ({ outcome: known }) => known !== null);
    return outcome;
  }

  /** Takes the variables that the document sets from the answer before. */
  export(step: Extract<Step, { kind: 'export' }>): void {
    if (!this.last) throw new Error('there was no answer before');
    const { step: before, outcome } = this.last;
    Object.assign(this.variables, valuesFrom(step, before.promised, outcome.stdout));
  }

  /** Waits, as a reader does, until the job of an answer is as far as the next lines want it. */
  private async until({ stdout }: Outcome, isReached: (job: Job) => boolean): Promise<void> {
    const { jobId } = jsonObjects(stdout)[0] as { jobId?: string };
    if (!jobId) return;
    const client = new ProofloomClient(this.network.url);
    for await (const { job } of client.watch(jobId)) if (job && isReached(job)) break;
    client.close();
  }
}

/** What of an outcome is promised: form and words of the answer, or the failure's code. */
export function promiseOf({ exitCode, stdout, stderr }: Outcome): unknown {
  if (exitCode !== 0 && exitCode !== DEADLINE_EXIT) return /Code: \w+/.exec(stderr)?.[0] ?? stderr;
  return formsOf(stdout);
}

/** The same of what the document says. */
export function promised({ promised: text }: CallStep): unknown {
  return /Code: \w+/.exec(text)?.[0] ?? formsOf(text);
}

/** A stream's length may differ from run to run, so its first and last message count. */
function formsOf(text: string): unknown {
  if (!text.startsWith('{')) return text.trim();
  const forms = jsonObjects(text).map((object) => formOf(object));
  return { first: forms[0], last: forms.at(-1) };
}
