import type { Sha256 } from '../ids.js';
import type { GuestLimits } from './request.js';

/** What a caller asks for; 0 and absent values mean the coordinator's own. */
export interface Submission {
  readonly program: Sha256;
  /** The input's digest, or its bytes. */
  readonly input: Sha256 | Uint8Array;
  readonly computeUnits: number;
  readonly priority?: number;
  readonly deadlineMs?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly limits?: GuestLimits;
  readonly segmentCycles?: number;
  readonly simulatedNode?: number;
}
