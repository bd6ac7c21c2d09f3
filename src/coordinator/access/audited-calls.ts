import type { CreateKeyResponse } from '../../wire/generated/proofloom/v1/access.js';
import type { SubmitResponse } from '../../wire/generated/proofloom/v1/proofs.js';
import type { LaunchProofResponse } from '../../wire/generated/zisk_distributed_api.js';

/** Says what a call was about, by its messages; no answer came where it failed. */
type SubjectOf = (request: Fields, answer: unknown) => string;

type Fields = Readonly<Record<string, unknown>>;

const named =
  (field: string, otherwise = ''): SubjectOf =>
  (request) =>
    text(request[field]) || otherwise;

/** The calls that change something, by their paths: they are in the audit log. */
export const AUDITED_CALLS: Readonly<Record<string, SubjectOf>> = {
  '/zisk.distributed.api.v1.ZiskDistributedApi/LaunchProof': (_request, answer) => {
    const { result } = (answer ?? {}) as Partial<LaunchProofResponse>;
    return result?.$case === 'jobId' ? result.value : '';
  },
  '/proofloom.v1.Proofs/Submit': (_request, answer) => text((answer as Partial<SubmitResponse> | undefined)?.jobId),
  '/proofloom.v1.Proofs/Cancel': named('jobId'),
  '/proofloom.v1.Admin/Drain': named('proverId', 'all provers'),
  '/proofloom.v1.Admin/ReleaseQuarantine': named('proverId'),
  '/proofloom.v1.Access/CreateKey': (_request, answer) =>
    text((answer as Partial<CreateKeyResponse> | undefined)?.key?.keyId),
  '/proofloom.v1.Access/RevokeKey': named('keyId'),
  '/proofloom.v1.Access/CreateEnrolmentToken': named('proverId', 'any prover'),
  '/proofloom.v1.Access/Enrol': named('proverId'),
};

const MAX_TEXT = 128;

function text(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, MAX_TEXT) : '';
}
