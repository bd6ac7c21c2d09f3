import type { Job } from '../client/job.js';
import { proofLines } from '../cli/statement-text.js';
import type { Report } from '../cli/terminal.js';
import type { DemoResult } from './demo.js';

const MS_PER_SECOND = 1000;

/** What the demo did, for `--json` and for people. */
export function demoReport({ job, verified, program, proofPath }: DemoResult): Report {
  const { cycles, segments } = verified.statement;
  const overheadMs = overheadOf(job);
  return {
    facts: {
      jobId: job.id,
      cycles,
      segments,
      segmentsByProver: job.segmentsByProver,
      phasesMs: Object.fromEntries(job.phaseTimes.map(({ phase, durationMs }) => [phase, durationMs])),
      wallMs: wallMs(job),
      overheadMs,
      proofPath,
    },
    lines: [
      'verified: the proof holds for this program',
      ...proofLines(verified),
      '',
      ...job.segmentsByProver.map(proverLine),
      `time            ${seconds(wallMs(job))} in all, ${seconds(overheadMs)} of it without a prover at work`,
      `proof           ${proofPath}`,
      '',
      `check it again: npx proofloom verify ${proofPath} --program ${program}`,
    ],
  };
}

function proverLine({ proverId, pid, contributed, proven, aggregated }: Job['segmentsByProver'][number]): string {
  const aggregation = aggregated > 0 ? ', aggregated the proofs' : '';
  return `${proverId.padEnd(16)}process ${pid}: ${contributed} contributions, ${proven} segment proofs${aggregation}`;
}

function wallMs({ submittedAtMs, endedAtMs }: Job): number {
  return (endedAtMs ?? submittedAtMs) - submittedAtMs;
}

/** Wall time in which no prover worked: phases follow each other, so what they were busy adds up. */
function overheadOf(job: Job): number {
  return wallMs(job) - job.phaseTimes.reduce((sum, { busyMs }) => sum + busyMs, 0);
}

function seconds(ms: number): string {
  return `${(ms / MS_PER_SECOND).toFixed(1)} s`;
}
