import { invalidArgument } from '../../domain/errors.js';
import { parseJobId, parseSha256, type Challenge, type Sha256 } from '../../domain/ids.js';
import type { AssignedWork } from '../../domain/job/assigned-work.js';
import type { Plan } from '../../domain/job/job-state.js';
import { parseTaskKey, taskKey, type TaskKind, type TaskRef } from '../../domain/job/task.js';
import type { Statement } from '../generated/zisk_distributed_api.js';
import { toEpoch } from './prover-message.js';

interface NamedArtifact {
  readonly sha256: string;
}

/** What both messages that carry an assignment to a prover have. */
export interface WireWork {
  readonly jobId: string;
  readonly epoch: bigint;
  readonly phase: TaskKind | undefined;
  readonly tasks: readonly { readonly taskId: string }[];
  readonly program: NamedArtifact | undefined;
  readonly input: NamedArtifact | undefined;
  readonly segmentCycles: number;
  readonly statement: Statement | undefined;
  /** One after the other, the boundary's first. */
  readonly commitments: Uint8Array;
  /** Names the artifact that holds them, where they are many. */
  readonly commitmentList: NamedArtifact | undefined;
  readonly challenge: Uint8Array;
  readonly proofs: readonly { readonly segment: number; readonly artifact: NamedArtifact | undefined }[];
  readonly verifyProofs: boolean;
}

/** Most tasks of one assignment, so that what a prover holds stays bounded. */
const MAX_TASKS = 65_536;
const COMMITMENT_BYTES = 32;

/** @throws DomainError INVALID_ARGUMENT naming the field that cannot be */
export function toAssignedWork(wire: WireWork): AssignedWork {
  const phase = wire.phase ?? unknownPhase();
  return {
    job: parseJobId(wire.jobId, 'job_id'),
    epoch: toEpoch(wire.epoch),
    phase,
    tasks: tasksOf(wire.tasks, phase),
    program: digestOf('program', wire.program),
    input: digestOf('input', wire.input),
    segmentCycles: wire.segmentCycles,
    statement: planOf(wire.statement),
    commitments: commitmentsOf(wire.commitments),
    commitmentList: wire.commitmentList ? digestOf('commitment_list', wire.commitmentList) : null,
    challenge: wire.challenge.length === 0 ? null : (hex(wire.challenge) as Challenge),
    proofs: wire.proofs
      .toSorted((a, b) => a.segment - b.segment)
      .map(({ artifact }) => digestOf('segment_proofs', artifact)),
    verifyProofs: wire.verifyProofs,
  };
}

function unknownPhase(): never {
  throw invalidArgument('task_type', 'unknown', 'a contribution, a segment proof or an aggregation');
}

function tasksOf(tasks: WireWork['tasks'], phase: TaskKind): TaskRef[] {
  if (tasks.length < 1 || tasks.length > MAX_TASKS) {
    throw invalidArgument('tasks', `${tasks.length} tasks`, `1 to ${MAX_TASKS} tasks`);
  }
  return tasks.map(({ taskId }) => {
    const ref = parseTaskKey(taskId);
    if (ref.kind !== phase) throw invalidArgument('tasks', taskKey(ref), "a task of the assignment's type");
    return ref;
  });
}

function digestOf(field: string, artifact: NamedArtifact | undefined): Sha256 {
  return parseSha256(artifact?.sha256 ?? '', field);
}

function planOf(statement: Statement | undefined): Plan {
  if (!statement) throw invalidArgument('statement', null, "what the coordinator's own run gave");
  const { programDigest, vkDigest, exitCode, segments, output } = statement;
  const cycles = Number(statement.cycles);
  if (!Number.isSafeInteger(cycles)) throw invalidArgument('statement.cycles', String(cycles), 'below 2^53');
  return { programDigest, vkDigest, exitCode, segments, cycles, output: hex(output) };
}

/** Whether each is one is for the kernel to say. */
function commitmentsOf(bytes: Uint8Array): Uint8Array {
  if (bytes.length % COMMITMENT_BYTES === 0) return bytes;
  throw invalidArgument('leaves', `${bytes.length} bytes`, `${COMMITMENT_BYTES} bytes for each segment commitment`);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
