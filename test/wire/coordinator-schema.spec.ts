// The calls of CoordinatorService are published, its fields are ours: workers compiled against them must go on working,
// so names, numbers and wire types only ever get more.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { RegisterWorkerRequest, ReportCompletionRequest } from '../../src/wire/generated/coordinator/coordinator.js';
import { ROOT } from '../support/program.js';

const PACKAGE = 'coordinator';

/** Message -> fields in the order of their numbers. */
const FIELDS: Readonly<Record<string, string>> = {
  RegisterWorkerRequest:
    'worker_id 1, compute_units 2, hostname 3, version 4, kernel_digest 5, features 6, holdings 7, pid 8, instance 9',
  RegisterWorkerResponse: 'success 1, message 2, worker_id 3, session_token 4, heartbeat_interval_ms 5, id_in_use 6',
  Holdings: 'held 1',
  HeldTask: 'job_id 1, task_id 2, epoch 3',
  SendHeartbeatRequest: 'worker_id 1, session_token 2, held 3, load 4, leaving 5',
  SendHeartbeatResponse: 'success 1, message 2, abandon 3, drain 4',
  ReceiveTasksRequest: 'worker_id 1, session_token 2',
  ReceiveTasksResponse: 'assignment 1, cancellation 2',
  TaskAssignment:
    'assignment_id 1, epoch 2, job_id 3, type 4, program 5, input 6, segments 7, challenge 8, proofs 9, lease_ms 10, ' +
    'segment_cycles 11, limits 12',
  TaskCancellation: 'job_id 1, assignment_id 2, epoch 3, reason 4, task_ids 5',
  AssignedSegment: 'task_id 1, segment 2',
  ArtifactReference: 'sha256 1, size 2',
  SegmentProofReference: 'segment 1, proof 2',
  SegmentLeaf: 'task_id 1, segment 2, leaf 3',
  ChallengeContext:
    'round 1, challenge 2, leaves 3, program_digest 4, vk_digest 5, exit_code 6, cycles 7, segments 8, output 9, commitment_list 10',
  RunLimits: 'max_cycles 1, max_memory_bytes 2, max_output_bytes 3',
  BusySpan: 'start_ms 1, end_ms 2',
  ReportCompletionRequest:
    'worker_id 1, session_token 2, job_id 3, assignment_id 4, epoch 5, leaves 6, proofs 7, final_proof 8, busy 9',
  ReportCompletionResponse: 'success 1, message 2, verdict 3',
  ReportFailureRequest:
    'worker_id 1, session_token 2, job_id 3, assignment_id 4, epoch 5, reason 6, retryable 7, task_ids 8, handed_back 9',
  ReportFailureResponse: 'success 1, message 2, verdict 3',
};

const registry = createFileRegistry(
  fromBinary(FileDescriptorSetSchema, readFileSync(join(ROOT, 'proto/descriptor.binpb'))),
);

describe('the schema of CoordinatorService', () => {
  it('has the published calls', () => {
    const service = registry.getService(`${PACKAGE}.CoordinatorService`);
    expect(service?.methods.map(({ name, methodKind }) => `${name} ${methodKind}`)).toEqual([
      'RegisterWorker unary',
      'SendHeartbeat unary',
      'ReceiveTasks server_streaming',
      'ReportCompletion unary',
      'ReportFailure unary',
    ]);
  });

  it.each(Object.entries(FIELDS))('keeps the fields of %s', (name, fields) => {
    const message = registry.getMessage(`${PACKAGE}.${name}`);
    expect(message?.fields.map((field) => `${field.name} ${field.number}`).join(', ')).toBe(fields);
  });

  it('has no message whose fields are not kept', () => {
    const messages = [...registry].filter(
      ({ kind, typeName }) => kind === 'message' && /^coordinator\.\w+$/.test(typeName),
    );
    expect(messages.map(({ typeName }) => typeName.slice(PACKAGE.length + 1)).toSorted()).toEqual(
      Object.keys(FIELDS).toSorted(),
    );
  });

  it('keeps the names of task types and verdicts', () => {
    const names = (type: string) =>
      registry.getEnum(`${PACKAGE}.${type}`)?.values.map(({ name, number }) => `${name} ${number}`);
    expect(names('TaskKind')).toEqual([
      'TASK_KIND_UNSPECIFIED 0',
      'TASK_KIND_PARTIAL_CONTRIBUTION 1',
      'TASK_KIND_PROVE 2',
      'TASK_KIND_AGGREGATE 3',
    ]);
    expect(names('Verdict')).toEqual([
      'VERDICT_UNSPECIFIED 0',
      'VERDICT_ACCEPTED 1',
      'VERDICT_ALREADY_DONE 2',
      'VERDICT_STALE 3',
      'VERDICT_REJECTED 4',
    ]);
  });

  // Bytes written by hand from the table above: tag = number * 8 + wire type.
  it('is what bytes written by hand say', () => {
    const register = Buffer.concat([Buffer.from([0x0a, 2]), Buffer.from('w1'), Buffer.from([0x10, 3])]);
    expect(RegisterWorkerRequest.decode(register)).toMatchObject({ workerId: 'w1', computeUnits: 3, pid: 0 });
    const commitment = Buffer.concat([Buffer.from([0x10, 5, 0x1a, 4]), Buffer.from([1, 2, 3, 4])]);
    const report = Buffer.concat([Buffer.from([0x28, 0xac, 0x02, 0x32, commitment.length]), commitment]);
    expect(ReportCompletionRequest.decode(report)).toMatchObject({
      epoch: 300n,
      leaves: [{ taskId: '', segment: 5, leaf: Buffer.from([1, 2, 3, 4]) }],
    });
  });
});
