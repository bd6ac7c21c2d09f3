// The published interface as peers have compiled it: names, field numbers and types. A change here breaks them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFileRegistry, fromBinary, type DescMessage, type FileRegistry } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { ROOT } from '../support/program.js';

const PACKAGE = 'zisk.distributed.api.v1';
/** Fields of our own have these numbers and above. */
const FIRST_EXTENSION = 100;

/** Message -> fields below 100, in the order of their numbers. */
const FIELDS: Readonly<Record<string, string>> = {
  HealthCheckRequest: '',
  HealthCheckResponse: '',
  StatusInfoRequest: '',
  StatusInfoResponse: 'service_name 1, version 2, uptime_seconds 3, start_time 4, metrics 5',
  Metrics: 'active_connections 1',
  SystemStatusRequest: '',
  SystemStatusResponse: 'status 1, error 2',
  SystemStatus: 'total_provers 1, compute_capacity 2, idle_provers 3, busy_provers 4, active_jobs 5',
  JobsListRequest: 'active_only 1',
  JobsListResponse: 'jobs_list 1, error 2',
  JobsList: 'jobs 1',
  JobStatusRequest: 'job_id 1',
  JobStatusResponse: 'job 1, error 2',
  JobStatus: 'job_id 1, block_id 2, phase 3, state 4, assigned_provers 5, start_time 6, duration_ms 7',
  ProversListRequest: 'available_only 1',
  ProversListResponse: 'provers_list 1, error 2',
  ProversList: 'provers 1',
  ProverInfo: 'prover_id 1, state 2, compute_capacity 3, connected_at 4, last_heartbeat 5',
  LaunchProofRequest: 'block_id 1, compute_capacity 2, input_path 3, simulated_node 4',
  LaunchProofResponse: 'job_id 1, error 2',
  ErrorResponse: 'code 1, message 2',
  ComputeCapacity: 'compute_units 1',
  CoordinatorMessage: 'heartbeat 1, shutdown 2, register_response 3, execute_task 4, job_cancelled 5',
  ProverMessage: 'heartbeat_ack 1, error 2, register 3, reconnect 4, execute_task_response 5',
  Heartbeat: 'timestamp 1',
  Shutdown: 'reason 1, grace_period_seconds 2',
  JobCancelled: 'job_id 1, reason 2',
  HeartbeatAck: 'prover_id 1',
  ProverError: 'prover_id 1, job_id 2, error_message 3',
  ProverRegisterRequest: 'prover_id 1, compute_capacity 2',
  ProverReconnectRequest: 'prover_id 1, compute_capacity 2, last_known_job_id 3',
  ProverRegisterResponse: 'prover_id 1, accepted 2, message 3, registered_at 4',
  ExecuteTaskRequest: 'prover_id 1, job_id 2, task_type 3, contribution_params 4, prove_params 5, agg_params 6',
  ContributionParams: 'block_id 1, input_path 2, rank_id 3, total_provers 4, prover_allocation 5, job_compute_units 6',
  ProveParams: 'challenges 1',
  Challenges: 'worker_index 1, airgroup_id 2, challenge 3',
  AggParams:
    'agg_proofs 1, last_proof 2, final_proof 3, verify_constraints 4, aggregation 5, final_snark 6, verify_proofs 7, ' +
    'save_proofs 8, test_mode 9, output_dir_path 10, minimal_memory 11',
  ExecuteTaskResponse:
    'job_id 1, prover_id 2, task_type 3, success 4, error_message 5, challenges 6, proofs 7, final_proof 8',
  ChallengesList: 'challenges 1',
  ProofList: 'proofs 1',
  Proof: 'worker_idx 1, airgroup_id 2, values 3',
  FinalProofList: 'final_proofs 1',
  FinalProof: 'values 1',
};

const U64 =
  'StatusInfoResponse.uptime_seconds JobStatus.start_time JobStatus.duration_ms Challenges.challenge Proof.airgroup_id Proof.values FinalProof.values';
const U32 =
  'Metrics.active_connections SystemStatus.total_provers LaunchProofRequest.compute_capacity LaunchProofRequest.simulated_node ' +
  'ComputeCapacity.compute_units Shutdown.grace_period_seconds ContributionParams.rank_id ContributionParams.prover_allocation ' +
  'Challenges.worker_index Challenges.airgroup_id Proof.worker_idx';

/** Protobuf's numbers of scalar types. */
const SCALAR = { u64: 4, u32: 13 };

const registry: FileRegistry = createFileRegistry(
  fromBinary(FileDescriptorSetSchema, readFileSync(join(ROOT, 'proto/descriptor.binpb'))),
);

function messageOf(name: string): DescMessage {
  const found = registry.getMessage(`${PACKAGE}.${name}`);
  if (!found) throw new Error(`there is no message ${name}`);
  return found;
}

describe('the published schema', () => {
  it.each(Object.entries(FIELDS))('keeps the fields of %s', (name, fields) => {
    const published = messageOf(name).fields.filter(({ number }) => number < FIRST_EXTENSION);
    expect(published.map((field) => `${field.name} ${field.number}`).join(', ')).toBe(fields);
  });

  it('puts everything of ours at numbers from 100 on, or into messages of our own', () => {
    const ours = [...registry].filter(({ kind, typeName }) => kind === 'message' && typeName.startsWith(`${PACKAGE}.`));
    const names = ours.map(({ typeName }) => typeName.slice(PACKAGE.length + 1)).filter((name) => !(name in FIELDS));
    expect(names.toSorted()).toEqual([
      'ArtifactRef',
      'BusyInterval',
      'Drain',
      'ExecutionLimits',
      'HeldGrant',
      'ProverDescription',
      'ResultAck',
      'ResultRef',
      'Revoke',
      'RunTotals',
      'SegmentArtifact',
      'Statement',
      'TaskAck',
      'TaskFailure',
      'TaskProgress',
      'TaskRef',
      'TaskResult',
    ]);
  });

  it.each([
    ['u64', U64],
    ['u32', U32],
  ] as const)('keeps its %s fields', (type, paths) => {
    for (const path of paths.split(' ')) {
      const [message = '', name] = path.split('.');
      const field = messageOf(message).fields.find((candidate) => candidate.name === name);
      const scalar = field && 'scalar' in field ? field.scalar : undefined;
      expect({ path, scalar }).toEqual({ path, scalar: SCALAR[type] });
    }
  });

  it('keeps its methods, and the twins that the schema named later', () => {
    const service = registry.getService(`${PACKAGE}.ZiskDistributedApi`);
    expect(service?.methods.map(({ name, methodKind }) => `${name} ${methodKind}`)).toEqual([
      'ProverStream bidi_streaming',
      'WorkerStream bidi_streaming',
      'HealthCheck unary',
      'StatusInfo unary',
      'SystemStatus unary',
      'JobsList unary',
      'JobStatus unary',
      'ProversList unary',
      'WorkersList unary',
      'LaunchProof unary',
    ]);
  });

  it('keeps the task types', () => {
    const values = registry.getEnum(`${PACKAGE}.TaskType`)?.values.map(({ name, number }) => `${name} ${number}`);
    expect(values).toEqual(['PARTIAL_CONTRIBUTION 0', 'PROVE 1', 'AGGREGATE 2']);
  });
});
