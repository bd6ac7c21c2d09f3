import { FAULTS, PROVER_FAULTS, type Fault, type ProverFault } from './faults.js';
import { SeededRandom } from './seeded-random.js';

export interface ProverPlan {
  readonly id: string;
  readonly computeUnits: number;
  readonly faults: readonly ProverFault[];
}

export interface JobPlan {
  readonly key: string;
  readonly segments: number;
  readonly computeUnits: number;
  readonly priority: number;
  readonly deadlineMs: number | null;
  readonly submitAtMs: number;
  /** A segment whose proof kills every prover that starts it. */
  readonly poison: number | null;
  /** A task that every prover says it cannot do. */
  readonly refused: RefusedTask | null;
}

export interface RefusedTask {
  readonly phase: 'contribute' | 'prove';
  readonly segment: number;
  /** Nor can the coordinator: the kernel refuses it everywhere. */
  readonly hopeless: boolean;
}

/** One schedule, drawn from its seed: who is there, what is asked for, and which faults may happen. */
export interface SchedulePlan {
  readonly seed: number;
  readonly provers: readonly ProverPlan[];
  readonly jobs: readonly JobPlan[];
  /** Kinds of fault of this schedule: a few at a time find more than all at once. */
  readonly faults: ReadonlySet<Fault>;
  readonly faultEveryMs: number;
  readonly chaosMs: number;
}

const CHANCE_OF_FAULT = 0.3;

export function drawSchedule(seed: number): SchedulePlan {
  const random = new SeededRandom(seed);
  const faults = new Set(FAULTS.filter(() => random.chance(CHANCE_OF_FAULT)));
  const prone = PROVER_FAULTS.filter((fault) => faults.has(fault));
  return {
    seed,
    faults,
    provers: drawProvers(random, prone),
    jobs: Array.from({ length: 1 + random.below(2) }, (_, index) => drawJob(random, index, faults)),
    faultEveryMs: random.between(40, 400),
    chaosMs: random.between(600, 3_000),
  };
}

function drawProvers(random: SeededRandom, prone: readonly ProverFault[]): ProverPlan[] {
  const honest = Array.from({ length: 1 + random.below(2) }, (_, index) => ({
    id: `honest-${index}`,
    computeUnits: 1 + random.below(2),
    faults: [],
  }));
  const faulty = Array.from({ length: prone.length === 0 ? 0 : random.below(3) }, (_, index) => ({
    id: `faulty-${index}`,
    computeUnits: 1 + random.below(2),
    faults: prone.length > 1 && random.chance(0.3) ? prone : [random.oneOf(prone)],
  }));
  return [...honest, ...faulty];
}

function drawJob(random: SeededRandom, index: number, faults: ReadonlySet<Fault>): JobPlan {
  const segments = 1 + random.below(5);
  return {
    key: `key-${index}`,
    segments,
    computeUnits: 1 + random.below(3),
    priority: random.below(2),
    deadlineMs: random.chance(0.05) ? Math.round(random.between(300, 4_000)) : null,
    submitAtMs: random.between(0, 400),
    refused: drawRefused(random, segments, faults),
    poison: faults.has('poison_task') && random.chance(0.3) ? random.below(segments + 1) : null,
  };
}

function drawRefused(random: SeededRandom, segments: number, faults: ReadonlySet<Fault>): RefusedTask | null {
  const hopeless = faults.has('hopeless_task') && random.chance(0.3);
  if (!hopeless && !(faults.has('refused_task') && random.chance(0.5))) return null;
  return { phase: random.oneOf(['contribute', 'prove']), segment: random.below(segments + 1), hopeless };
}
