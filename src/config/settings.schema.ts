import { ArrayMinSize, IsIn, IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';
import { SEGMENT_CYCLES } from '../domain/job/segment-limits.js';
import { EndpointSettings } from './endpoint-settings.js';
import { BOTH, COORDINATOR, PROVER, Setting } from './setting.decorator.js';
import { duration, list, size, text, wholeNumber, word } from './setting-values.js';

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug', 'trace'] as const;
export const LOG_FORMATS = ['json', 'pretty', 'compact'] as const;
export const PROVER_TRANSPORTS = ['stream', 'unary'] as const;

const DAY_MS = 86_400_000;

/**
 * Every setting of the programs, once: its property is the name behind `DISTRIBUTED_`, `@Setting` says what it is,
 * the validators say what is admitted.
 */
export class SettingsSchema extends EndpointSettings {
  @Setting({
    describe: 'Name of this prover; two running provers must not share one.',
    allowed: '1 to 64 letters, digits, dots, dashes and underscores',
    unset: 'host name and a random part, kept in the data directory',
    readers: PROVER,
    parse: text,
  })
  @IsOptional()
  @Matches(/^[A-Za-z0-9._-]{1,64}$/)
  PROVER_ID?: string;

  @Setting({
    describe:
      'Compute units: worker threads, each proving one segment at a time. Memory for each, with segments of the default size: mostly below 0.6 GiB, at most 0.9 GiB, and up to 3.8 GiB where a segment has thousands of calls of accelerators (docs/performance.md).',
    allowed: 'a whole number from 1 to 256',
    unset: 'half of the CPUs, at least 1',
    readers: PROVER,
    parse: wholeNumber,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(256)
  PROVER_COMPUTE_UNITS?: number;

  @Setting({
    describe: 'How the prover talks to the coordinator.',
    allowed: 'stream (one bidirectional stream) or unary (calls and a server stream)',
    default: 'stream',
    readers: PROVER,
    parse: word,
  })
  @IsIn(PROVER_TRANSPORTS)
  PROVER_TRANSPORT!: (typeof PROVER_TRANSPORTS)[number];

  @Setting({
    describe: 'Program that LaunchProof proves.',
    allowed: 'the path of an ELF file, or the SHA-256 of an uploaded program',
    unset: 'the bundled guest for chains of block headers',
    readers: COORDINATOR,
    parse: text,
  })
  @IsOptional()
  @IsString()
  PROGRAM?: string;

  @Setting({
    describe: 'Folders that LaunchProof may read inputs from.',
    allowed: 'one or more paths, separated by commas',
    default: './inputs',
    readers: COORDINATOR,
    parse: list,
  })
  @ArrayMinSize(1)
  INPUT_ROOTS!: string[];

  @Setting({
    describe: 'Folder shared with provers that know only the published schema; inputs are copied there.',
    allowed: 'a path',
    unset: 'such provers get no jobs',
    readers: COORDINATOR,
    parse: text,
  })
  @IsOptional()
  @IsString()
  SHARED_INPUT_DIR?: string;

  @Setting({
    describe: 'Folder for everything kept across restarts: database, artifacts, prover name.',
    allowed: 'a path',
    default: './.proofloom',
    readers: BOTH,
    parse: text,
  })
  @IsString()
  DATA_DIR!: string;

  @Setting({
    describe: 'Where jobs are kept.',
    allowed: 'memory:, or sqlite:<path of the database file>',
    unset: 'an SQLite file in the data directory',
    readers: COORDINATOR,
    parse: text,
  })
  @IsOptional()
  @Matches(/^(memory:|sqlite:.+)$/)
  STORE_URL?: string;

  @Setting({
    describe: 'How long ended jobs and their proofs are kept.',
    allowed: 'a duration such as 500ms, 15s, 10m, 24h or 7d, from 1m to 3650d',
    default: '7d',
    readers: COORDINATOR,
    parse: duration,
  })
  @IsInt()
  @Min(60_000)
  @Max(3650 * DAY_MS)
  JOB_RETENTION!: number;

  @Setting({
    describe: 'Largest number of instructions in one segment; more is less work in all and more memory per thread.',
    allowed: `a whole number from ${SEGMENT_CYCLES.min} to ${SEGMENT_CYCLES.max}`,
    default: String(SEGMENT_CYCLES.default),
    readers: COORDINATOR,
    parse: wholeNumber,
  })
  @IsInt()
  @Min(SEGMENT_CYCLES.min)
  @Max(SEGMENT_CYCLES.max)
  SEGMENT_CYCLES!: number;

  @Setting({
    describe: 'Longest run of a guest, in instructions.',
    allowed: 'a whole number from 1 to 4294967296',
    default: '268435456',
    readers: COORDINATOR,
    parse: wholeNumber,
  })
  @IsInt()
  @Min(1)
  @Max(2 ** 32)
  LIMIT_CYCLES!: number;

  @Setting({
    describe: 'Memory that a guest may touch.',
    allowed: 'a size such as 64KiB, 256MiB or 1GiB, from 64KiB to 2GiB',
    default: '512MiB',
    readers: COORDINATOR,
    parse: size,
  })
  @IsInt()
  @Min(2 ** 16)
  @Max(2 ** 31)
  LIMIT_MEMORY!: number;

  @Setting({
    describe: 'Longest public output of a guest.',
    allowed: 'a size such as 64KiB or 1MiB, from 0B to 1MiB',
    default: '1MiB',
    readers: COORDINATOR,
    parse: size,
  })
  @IsInt()
  @Min(0)
  @Max(2 ** 20)
  LIMIT_OUTPUT!: number;

  @Setting({
    describe: 'Largest program or input that may be uploaded.',
    allowed: 'a size such as 64KiB, 256MiB or 1GiB, from 1KiB to 1GiB',
    default: '256MiB',
    readers: COORDINATOR,
    parse: size,
  })
  @IsInt()
  @Min(2 ** 10)
  @Max(2 ** 30)
  LIMIT_ARTIFACT!: number;

  @Setting({
    describe:
      'Largest proof, of a segment or final, that is made and kept; a job that may need more fails when planned.',
    allowed: 'a size such as 64KiB, 256MiB or 1GiB, from 1KiB to 2047MiB',
    default: '1GiB',
    readers: COORDINATOR,
    parse: size,
  })
  @IsInt()
  @Min(2 ** 10)
  // A file is read whole, and aggregating holds all proofs beside the final one in the kernel's 4 GiB.
  @Max(2047 * 2 ** 20)
  LIMIT_PROOF!: number;

  @Setting({
    describe: 'Jobs that may wait or run at once; more are refused.',
    allowed: 'a whole number from 1 to 1000000',
    default: '10000',
    readers: COORDINATOR,
    parse: wholeNumber,
  })
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  LIMIT_JOBS!: number;

  @Setting({
    describe:
      'Kernel threads of the coordinator for everything but plans: verification of proofs, tasks that it does itself.',
    allowed: 'a whole number from 1 to 256',
    unset: 'half of the CPUs, at least 2',
    readers: COORDINATOR,
    parse: wholeNumber,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(256)
  KERNEL_THREADS?: number;

  @Setting({
    describe: 'Kernel threads of the coordinator that plan jobs, beside the others: each runs one program at a time.',
    allowed: 'a whole number from 1 to 256',
    default: '1',
    readers: COORDINATOR,
    parse: wholeNumber,
  })
  @IsInt()
  @Min(1)
  @Max(256)
  PLANNING_THREADS!: number;

  @Setting({
    describe: 'Longest time of one run of a program for a plan; a job over it fails.',
    allowed: 'a duration such as 90s or 10m, from 1s to 1d',
    default: '10m',
    readers: COORDINATOR,
    parse: duration,
  })
  @IsInt()
  @Min(1_000)
  @Max(DAY_MS)
  PLANNING_TIMEOUT!: number;

  @Setting({
    describe: 'How often coordinator and provers say that they are there.',
    allowed: 'a duration such as 500ms or 5s, from 100ms to 60s',
    default: '5s',
    readers: COORDINATOR,
    parse: duration,
  })
  @IsInt()
  @Min(100)
  @Max(60_000)
  HEARTBEAT_INTERVAL!: number;

  @Setting({
    describe: 'How long an assignment lasts without being renewed; at least two heartbeats.',
    allowed: 'a duration such as 15s, from 200ms to 10m',
    default: '15s',
    readers: COORDINATOR,
    parse: duration,
  })
  @IsInt()
  @Min(200)
  @Max(600_000)
  LEASE!: number;

  @Setting({
    describe: 'Milliseconds in which a prover whose connection was lost may return and keep its work.',
    allowed: 'a whole number from 0 to 600000',
    default: '2000',
    readers: COORDINATOR,
    parse: wholeNumber,
  })
  @IsInt()
  @Min(0)
  @Max(600_000)
  DISCONNECT_GRACE_MS!: number;

  @Setting({
    describe:
      'How long a prover may hold work without a single result of it; then the work counts as failed, as it does after 20 times what results of the job usually take where that is longer. Late proofs still count.',
    allowed: 'a duration such as 10m or 1h, from 1s to 7d',
    default: '1h',
    readers: COORDINATOR,
    parse: duration,
  })
  @IsInt()
  @Min(1_000)
  @Max(7 * DAY_MS)
  TASK_TIMEOUT!: number;

  @Setting({
    describe:
      'How long a job waits for other provers when all that worked on it were quarantined; then it fails. A job that only has no provers yet waits without an end.',
    allowed: 'a duration such as 10m or 1h, from 0ms to 7d',
    default: '1h',
    readers: COORDINATOR,
    parse: duration,
  })
  @IsInt()
  @Min(0)
  @Max(7 * DAY_MS)
  PROVER_WAIT!: number;

  @Setting({
    describe: 'How long a stop waits for running work.',
    allowed: 'a duration such as 500ms or 20s, from 0ms to 10m',
    default: '20s',
    readers: BOTH,
    parse: duration,
  })
  @IsInt()
  @Min(0)
  @Max(600_000)
  SHUTDOWN_GRACE!: number;

  @Setting({
    describe: 'What is logged.',
    allowed: LOG_LEVELS.join(', '),
    default: 'info',
    readers: BOTH,
    parse: word,
  })
  @IsIn(LOG_LEVELS)
  LOGGING_LEVEL!: (typeof LOG_LEVELS)[number];

  @Setting({
    describe: 'How log lines look: for machines, for people, for people in little room.',
    allowed: LOG_FORMATS.join(', '),
    default: 'compact',
    readers: BOTH,
    parse: word,
  })
  @IsIn(LOG_FORMATS)
  LOGGING_FORMAT!: (typeof LOG_FORMATS)[number];
}
