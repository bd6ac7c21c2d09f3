/**
 * Values that cross the kernel's face. Bytes are `Uint8Array`, 64-bit counts are `bigint`, digests are
 * lower-case hex of 32 bytes.
 */

/** The segment number of the boundary proof (initial and final memory); execution segments count from 1. */
export const BOUNDARY_SEGMENT = 0;

/** Bytes of one segment commitment: 8 field elements, each a little-endian u32 below the field's characteristic. */
export const COMMITMENT_BYTES = 32;

/** What a proof says: the program with this verifying key halts like this. */
export interface Statement {
  /** Digest of the ELF's decoded program and initial memory. */
  readonly programDigest: string;
  /** Digest of the verifying key: program, tables and proof parameters. */
  readonly vkDigest: string;
  /** The guest's exit code, 0..2^32-1. */
  readonly exitCode: number;
  /** Instructions retired, the halting one included. */
  readonly cycles: bigint;
  /** Number of execution segments S; the boundary is not counted. */
  readonly segments: number;
  /** The public output. */
  readonly output: Uint8Array;
}

/** What an execution may use before it is stopped. */
export interface ExecutionLimits {
  readonly maxCycles: bigint;
  /** RAM the guest may touch, in bytes of the pages it touches. */
  readonly maxMemoryBytes: number;
  readonly maxOutputBytes: number;
}

/** Why a guest did not halt by itself. */
export const GUEST_FAILURE_CODES = [
  'ILLEGAL_INSTRUCTION',
  'FETCH_OUT_OF_TEXT',
  'FETCH_MISALIGNED',
  'UNMAPPED_LOAD',
  'UNMAPPED_STORE',
  'STORE_TO_READ_ONLY',
  'STACK_OVERFLOW',
  'UNKNOWN_ECALL',
  'ACCELERATOR_MEMORY',
  'BREAKPOINT',
  'CYCLE_LIMIT',
  'MEMORY_LIMIT',
  'OUTPUT_TOO_LONG',
  'OUTPUT_PADDING',
  'INPUT_TOO_LONG',
] as const;

export type GuestFailureCode = (typeof GUEST_FAILURE_CODES)[number];

export interface GuestFailure {
  readonly code: GuestFailureCode;
  /** One sentence naming pc, instruction and address where they exist. */
  readonly message: string;
  /** Address of the instruction at fault, where there is one. */
  readonly pc: bigint | undefined;
  /** Instructions retired before the failure. */
  readonly cycles: bigint;
}

/** A run of the program from start to halt. */
export interface Execution {
  readonly outcome: 'halted';
  readonly statement: Statement;
  /** Loads and stores that were not aligned to their size. */
  readonly misalignedAccesses: bigint;
  /** Words of memory of the proof: those the run touches, its program's file and its output. Not with purpose `execute`. */
  readonly wordsTouched?: bigint | undefined;
  /** Calls of all accelerators. Not with purpose `execute`. */
  readonly acceleratorCalls?: bigint | undefined;
  /** Most bytes that the final proof can have; it has up to a third less. Not with purpose `execute`. */
  readonly proofBytes?: bigint | undefined;
  /** Most bytes of memory that a kernel thread takes while it works on the proof. Not with purpose `execute`. */
  readonly memoryBytes?: bigint | undefined;
}

export interface FailedExecution {
  readonly outcome: 'failed';
  readonly failure: GuestFailure;
}

export type PlanResult = Execution | FailedExecution;

/** The program, its private input and how its execution is cut: the same three give the same bytes everywhere. */
export interface ProgramRun {
  readonly elf: Uint8Array;
  readonly input: Uint8Array;
  /** Largest number of instructions in one segment. */
  readonly segmentCycles: number;
}

export type PlanPurpose = 'execute' | 'measure' | 'prove';

export interface PlanRequest extends ProgramRun {
  readonly limits: ExecutionLimits;
  /**
   * `execute` only runs. `measure` says what a proof has to carry as well, and refuses a run that is over a limit of the
   * proof system or the kernel (`limit_exceeded`). `prove` derives the program's key besides, for the statement's digests.
   */
  readonly purpose: PlanPurpose;
}

export interface ProgramSetup {
  readonly programDigest: string;
  readonly vkDigest: string;
  /** The verifying key: all that `aggregate` and `verifySegment` need to know of the program. */
  readonly vk: Uint8Array;
}

export interface ContributeRequest extends ProgramRun {
  /** The segments wanted, {@link BOUNDARY_SEGMENT} among them or not, each at most once. */
  readonly segments: readonly number[];
}

/** A segment's commitment to what it shares with the others. */
export interface Contribution {
  readonly segment: number;
  /** {@link COMMITMENT_BYTES} bytes. */
  readonly commitment: Uint8Array;
}

export interface ChallengeRequest {
  readonly statement: Statement;
  /** `statement.segments + 1` commitments of {@link COMMITMENT_BYTES} one after the other, the boundary's first. */
  readonly commitments: Uint8Array;
}

export interface ProveRequest extends ProgramRun, ChallengeRequest {
  readonly segment: number;
}

/** log2 of every table's height, in the order of {@link KernelTables}; null where a proof does not have the table. */
export type LogHeights = readonly (number | null)[];

export interface SegmentProof {
  readonly proof: Uint8Array;
  /** How much the proof had to carry. */
  readonly logHeights: LogHeights;
}

export interface AggregateRequest extends ChallengeRequest {
  readonly vk: Uint8Array;
  /** `statement.segments + 1` proofs in order, the boundary's first. */
  readonly proofs: readonly Uint8Array[];
  /** False for proofs that were verified one by one: then only what they have to be together is checked. */
  readonly verifyProofs: boolean;
}

export interface VerifySegmentRequest extends ChallengeRequest {
  readonly vk: Uint8Array;
  readonly segment: number;
  readonly proof: Uint8Array;
}

export interface SegmentVerdict {
  /** The segment's part of the cross-segment bus, bytes of one challenge-field element. */
  readonly xsegSum: Uint8Array;
}

/** What the verifier knows of the program beforehand: its ELF, or the digest of its verifying key. */
export type ExpectedProgram = { readonly elf: Uint8Array } | { readonly vkDigest: string };

export interface VerifyRequest {
  readonly proof: Uint8Array;
  readonly expected: ExpectedProgram;
}

export interface VerifiedProof {
  readonly statement: Statement;
  /** Provable security of the accepted proof, computed from its parameters. */
  readonly securityBits: number;
}

export interface KernelInfo {
  /** Version of the kernel's crate. */
  readonly version: string;
  /** Name of the proof parameters: field, hash, blow-up, decoding regime. */
  readonly proofParameters: string;
  /** Format version in the first bytes of every proof. */
  readonly proofFormat: number;
  /** Revision of the tables that proofs are about; it stands behind the format. A kernel reads proofs of its own alone. */
  readonly tablesRevision: number;
  /** Digest of the Rust sources the binary was built from. */
  readonly sourceDigest: string;
  /** SHA-256 of the WebAssembly file: kernels with equal digests make equal proofs. */
  readonly binaryDigest: string;
  readonly minSegmentCycles: number;
  readonly maxSegmentCycles: number;
  /** Provable security at the admitted heights. */
  readonly securityBits: number;
}

/** One table's figures: widths in base-field columns, constraints without those of its buses. */
export interface TableFigures {
  readonly name: string;
  /** Columns the verifying key fixes; committed once per program. */
  readonly preprocessed: number;
  /** Columns committed before the job's challenge. */
  readonly phaseOne: number;
  readonly main: number;
  readonly aux: number;
  /** What a proof commits per row of the table: all columns but the preprocessed ones. */
  readonly committedPerRow: number;
  readonly constraints: number;
  /** Largest degree, in multiples of the height, the buses' constraints included. */
  readonly maxDegree: number;
  /** Public values. */
  readonly publics: number;
  /** log2 of the smallest and the largest admitted height. */
  readonly logHeight: readonly [min: number, max: number];
  /** Interactions of one row by bus. */
  readonly interactions: Readonly<Record<string, number>>;
}

/** The tables of one kind of proof, in the order of its heights. */
export interface ProofTables {
  readonly proof: 'segment' | 'boundary';
  /** Columns of the one quotient of all tables; as high as the tallest of them. */
  readonly quotient: number;
  readonly tables: readonly TableFigures[];
}

/** What one part of the argument is worth: -log2 of its error. */
export interface SecurityTerm {
  readonly name: string;
  readonly bits: number;
}

export interface SecurityScope {
  /** What the terms are about: kind of proof and heights. */
  readonly scope: string;
  /** The smallest of its terms. */
  readonly bits: number;
  readonly terms: readonly SecurityTerm[];
}

export interface KernelTables {
  readonly proofs: readonly ProofTables[];
  readonly security: readonly SecurityScope[];
  /** The smallest of all terms: provable security at every admitted height. */
  readonly securityBits: number;
}

export type KernelPhase = 'setup' | 'execute' | 'contribute' | 'prove' | 'aggregate' | 'verify';

export interface KernelProgress {
  readonly phase: KernelPhase;
  /** 0..1 of this call's phase. */
  readonly fraction: number;
  /** The clock where the kernel runs, in milliseconds: only differences within one call mean something. */
  readonly atMs?: number;
}
