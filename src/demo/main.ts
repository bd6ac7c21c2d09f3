import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT } from '../cli/cli.error.js';
import { describeError } from '../cli/describe-error.js';
import { MAX_INPUT_BYTES, MAX_PROGRAM_BYTES, readWhole, writeWhole } from '../cli/files.js';
import { proveOnNetwork, type NetworkProof } from '../cli/network-prover.js';
import { NO_PROGRESS, progressDisplay } from '../cli/progress.js';
import { hex, proofLines } from '../cli/statement-text.js';
import { PROCESS_TERMINAL, printError, printReport, type Report } from '../cli/terminal.js';
import { ProofloomClient } from '../client/proofloom-client.js';
import { PRODUCT_ROOT } from '../config/product.js';
import { KernelService } from '../kernel/kernel.service.js';
import { DemoNetwork } from './demo-network.js';

const PROVERS = 3;
const SEGMENT_CYCLES = 2 ** 14;
const PROGRAM = join(PRODUCT_ROOT, 'guests', 'elf', 'headers.elf');
const INPUT = join(PRODUCT_ROOT, 'guests', 'inputs', 'headers-mainnet-0-2.rlp');
const FOLDER = join(PRODUCT_ROOT, '.proofloom', 'demo');
const PROOF = join(FOLDER, 'headers.plm');
const MS_PER_SECOND = 1000;

const json = process.argv.includes('--json');
const terminal = PROCESS_TERMINAL;
const say = (text: string) => (json ? undefined : terminal.err(`${text}\n`));

/** The demonstration: a network on this machine proves that block headers form a chain, and the proof is checked. */
async function demo(signal: AbortSignal): Promise<Report> {
  const begunMs = performance.now();
  say(`starting a coordinator and ${PROVERS} provers on this machine`);
  const network = await DemoNetwork.start(PROVERS);
  const client = new ProofloomClient(network.url);
  const kernel = new KernelService({ threads: 1 });
  try {
    const display = json ? NO_PROGRESS : progressDisplay(terminal, () => performance.now());
    say('proving that three Ethereum block headers form a chain (guests/programs/headers)');
    const elf = await readWhole('program', PROGRAM, MAX_PROGRAM_BYTES);
    const input = await readWhole('input', INPUT, MAX_INPUT_BYTES);
    const request = { elf, input, segmentCycles: SEGMENT_CYCLES };
    const made = await proveOnNetwork(client, kernel, request, { display, signal }).finally(() => display.clear());
    mkdirSync(FOLDER, { recursive: true });
    writeWhole(PROOF, made.proof);
    return report(made, performance.now() - begunMs);
  } finally {
    kernel.close();
    client.close();
    await network.stop();
  }
}

function report({ job, proof, verified }: NetworkProof, totalMs: number): Report {
  const { statement, securityBits } = verified;
  const segmentsByProver = job.shares.map(({ proverId, pid, contributed, proven }) => ({
    proverId,
    pid,
    contributed,
    proven,
  }));
  const facts = {
    jobId: job.id,
    cycles: statement.cycles,
    segments: statement.segments,
    output: hex(statement.output),
    securityBits,
    segmentsByProver,
    phasesMs: Object.fromEntries(job.phaseTimes.map(({ phase, durationMs }) => [phase, durationMs])),
    overheadMs: overheadOf(job),
    totalMs: Math.round(totalMs),
    proofPath: PROOF,
    proofBytes: proof.length,
    verified: true,
  };
  const lines = [
    `verified in ${(totalMs / MS_PER_SECOND).toFixed(0)} s: the proof holds, checked by this machine's own kernel`,
    ...proofLines(verified),
    ...segmentsByProver.map(
      (share) => `${share.proverId} (pid ${share.pid}): ${share.contributed} contributions, ${share.proven} proofs`,
    ),
    `proof           ${PROOF}`,
    `check it again  npx proofloom verify ${PROOF} --program ${PROGRAM}`,
  ];
  return { facts, lines };
}

/** Wall time of the provers' phases less the time in which at least one of them worked. */
function overheadOf({ phaseTimes }: NetworkProof['job']): number {
  const proving = phaseTimes.filter(({ phase }) => phase !== 'plan');
  return proving.reduce((sum, { durationMs, busyMs }) => sum + Math.max(0, durationMs - busyMs), 0);
}

const interrupt = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => (interrupt.signal.aborted ? process.exit(EXIT.interrupted) : interrupt.abort()));
}
try {
  process.exitCode = printReport(terminal, json, await demo(interrupt.signal));
} catch (error) {
  process.exitCode = printError(terminal, json, describeError(error));
}
