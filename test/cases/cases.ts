/**
 * Inputs and commands that once went wrong, each with the right value. Every one has a test of the
 * project `unit` whose title begins with `[case: ID]`; `every-case.spec.ts` holds both to that.
 */
export const CASES: Readonly<Record<string, string>> = {
  // Guests
  'input-length': 'a lie about the length word of the input has no proof, and the SDK refuses a length above 256 MiB',
  'stack-into-statics': 'recursion below the stack ends the run with a message that names the stack',
  'stack-into-heap': 'a deep stack never overwrites the heap',
  'memory-over-limit':
    'a run that touches more memory than can be proven is refused by the plan with the name of the limit',
  'alloc-loop': 'the allocator reuses memory',
  'thread-local': 'thread-locals and errno work',
  'rust-std': 'a Rust guest uses std',
  'compare-and-swap': 'crates that need compare-and-swap compile, without A instructions',
  'text-limit': 'only executable bytes count as text, at least 2^20 instructions of them',
  'c-library': 'C programs use the headers of a C library',
  'failed-cycles': 'a failed run says how many cycles it retired',
  // Commands
  'proof-limit': 'proofs have a limit of their own, and a refusal that cannot change fails the job with the reason',
  'out-special-file': '--out writes through pipes, links and devices, to stdout as -, never over program or input',
  'closed-pipe': 'a reader that goes away ends a command without a stack trace',
  'no-proxy': 'no proxy is used unless asked for',
  'env-byte-order-mark': 'a .env file with a byte order mark is read whole',
  'prover-cannot-connect': 'a prover that cannot connect says so, with address and cause',
  'no-prover-connected': 'prove says that it waits because no prover is connected',
  'disk-full': 'a full disk is a warning, not ready, and the right status',
  'file-deleted': 'a program or input that is gone fails the job as what it is',
  'store-damaged': 'damage to the store is found at start, and said',
  'launcher-killed': 'a server goes with its launcher, however that ended',
  'client-bad-program': 'a client call with a wrong field is a TypeError that names it',
  'client-old-node': 'the client runs on every Node that engines admits',
  'first-start': 'the first start in a checkout starts at once, also from a read-only one',
  'clean-install': 'npm install leaves the checkout clean',
  'segment-cycles-range': 'segment cycles have one range everywhere',
  'label-one-value': 'a flag takes one value',
  'cancel-reason': 'the reason of a cancellation is shown',
  'drain-stays': 'a drained prover stays drained until it is released',
  'two-processes-one-id': 'two processes with one prover id do not evict each other',
  'http-range': 'HTTP ranges follow RFC 9110',
  'download-resumes': 'a download survives the loss of the coordinator',
};
