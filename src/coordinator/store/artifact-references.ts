import type { Sha256 } from '../../domain/ids.js';
import type { JobChanges } from '../../domain/job/changes.js';

/** What a change does to the set of artifacts that a job refers to. */
export interface ReferenceChange {
  readonly added: readonly Sha256[];
  /** The job ended: of its proofs only the final one is kept from now on. */
  readonly onlyKeep: readonly Sha256[] | null;
}

/** Segment proofs and lists of commitments are referred to until the job ends; program, input and final proof as long as the job is kept. */
export function referenceChange({ header, runChanged, proofs, closed }: JobChanges): ReferenceChange {
  const lasting = [header.request.program, header.request.input, ...finalProof(header.status)];
  if (closed) return { added: lasting, onlyKeep: lasting };
  const list = runChanged ? header.run?.commitmentList : null;
  return {
    added: [
      ...lasting,
      ...(list ? [list.sha256] : []),
      ...proofs.flatMap(({ proof }) => (proof ? [proof.artifact.sha256] : [])),
    ],
    onlyKeep: null,
  };
}

function finalProof(status: JobChanges['header']['status']): Sha256[] {
  return status.kind === 'COMPLETED' && status.final ? [status.final.sha256] : [];
}
