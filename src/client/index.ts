// What applications import as `@proofloom/client`.
export { ArgumentError } from './argument.error.js';
export { ArtifactClient, type DownloadOptions } from './artifact-client.js';
export { ArtifactDamagedError, type DownloadListener } from './artifact-download.js';
export { ClientError, type ClientErrorCode } from './client.error.js';
export type { TlsOptions } from './client-tls.js';
export type { ConnectionOptions } from './connection-options.js';
export {
  hasEnded,
  type Job,
  type JobOutcome,
  type JobPhaseName,
  type JobStateName,
  type JobUpdate,
  type PhaseCount,
  type PhaseTime,
  type ProverSegments,
} from './job.js';
export {
  ProofloomClient,
  type ListOptions,
  type NetworkStatus,
  type ProofRequest,
  type WatchOptions,
} from './proofloom-client.js';
export {
  OperatorClient,
  type AccessKey,
  type AuditLogEntry,
  type KeyRequest,
  type QuarantinedProver,
} from './operator-client.js';
