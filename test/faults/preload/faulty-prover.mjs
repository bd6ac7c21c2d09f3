// Loaded before a prover: it works as always, but its kernel errs as FAULT_KIND says.
import { randomBytes } from 'node:crypto';
import { isMainThread } from 'node:worker_threads';

/** Waits for ever, without keeping the process alive. */
const never = () => new Promise(() => undefined);

const flipped = (bytes, at) => {
  const changed = Uint8Array.from(bytes);
  changed[at] ^= 1;
  return changed;
};

/** How results are bent, by name: called with the true kernel's method and the request. */
const FAULT_KINDS = {
  wrong_commitment: {
    contribute: async (honest, request) =>
      (await honest(request)).map(({ segment, commitment }) => ({ segment, commitment: flipped(commitment, 0) })),
  },
  other_input: {
    contribute: (honest, request) => honest({ ...request, input: flipped(request.input, 0) }),
    prove: (honest, request) => honest({ ...request, input: flipped(request.input, 0) }),
  },
  other_segment: {
    prove: (honest, request) => honest({ ...request, segment: (request.segment + 1) % request.commitments.length }),
  },
  tampered: {
    prove: async (honest, request) => {
      const { proof, ...rest } = await honest(request);
      return { ...rest, proof: flipped(proof, proof.length >> 1) };
    },
  },
  garbage: {
    prove: async () => ({ proof: randomBytes(1000), logHeights: [] }),
  },
  empty: {
    prove: async () => ({ proof: new Uint8Array(0), logHeights: [] }),
  },
  silence: { prove: never },
  dies: {
    prove: (honest, request) => (request.segment === 2 ? process.kill(process.pid, 'SIGKILL') : honest(request)),
  },
};

if (isMainThread) {
  const { KernelService } = await import('../../../dist/kernel/kernel.service.js');
  for (const [name, fault] of Object.entries(FAULT_KINDS[process.env.FAULT_KIND])) {
    const honest = KernelService.prototype[name];
    KernelService.prototype[name] = function bent(request, options) {
      return fault((changed) => honest.call(this, changed, options), request);
    };
  }
}
