import { FAULTS, PROVER_FAULTS, type Fault, type ProverFault } from './faults.js';
import { SeededRandom } from './seeded-random.js';

export interface ProverPlan {
  readonly id: string;
  readonly computeUnits: number;
  readonly faults: readonly ProverFault[];
  /** How often it does one of its wrongs. */
  readonly faultRate: number;
  /** It comes only so long after the faults have stopped; null: it is there from the start. */
  readonly comesAfterMs: number | null;
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
  readonly crowd: Crowd | null;
}

/** Jobs that go first and keep coming, each as soon as one of them has ended, until the job before them has. */
export interface Crowd {
  readonly atOnce: number;
  readonly segments: number;
  /** So many may end before the job before them. */
  readonly mayEnd: number;
}

const CHANCE_OF_FAULT = 0.3;

/** Of so many schedules one has a crowd, and no faults. */
const CROWD_EVERY = 20;

export function drawSchedule(seed: number): SchedulePlan {
  if (seed % CROWD_EVERY === 0) return drawCrowded(seed);
  const random = new SeededRandom(seed);
  const faults = new Set(FAULTS.filter(() => random.chance(CHANCE_OF_FAULT)));
  const prone = PROVER_FAULTS.filter((fault) => faults.has(fault));
  return {
    seed,
    faults,
    ...drawDemand(random, faults, prone),
    faultEveryMs: random.between(40, 400),
    chaosMs: random.between(600, 3_000),
    crowd: null,
  };
}

/** One job of the lowest priority, and more of a higher one than there is room for. */
function drawCrowded(seed: number): SchedulePlan {
  const random = new SeededRandom(seed);
  const none = new Set<Fault>();
  return {
    seed,
    faults: none,
    provers: Array.from({ length: 1 + random.below(2) }, (_, index) => drawProver(random, `honest-${index}`, [])),
    jobs: [{ ...drawJob(random, 0, none), priority: 0, deadlineMs: null }],
    faultEveryMs: Number.MAX_SAFE_INTEGER,
    chaosMs: 600,
    crowd: { atOnce: 4, segments: 2 + random.below(3), mayEnd: 16 },
  };
}

/** Who is there, and what is asked for. */
function drawDemand(
  random: SeededRandom,
  faults: ReadonlySet<Fault>,
  prone: readonly ProverFault[],
): Pick<SchedulePlan, 'provers' | 'jobs'> {
  const isHonest = prone.length === 0 || !faults.has('no_honest_prover');
  // One that drops its work for ever is given a rest that is longer than a schedule: for it there is help to come.
  const lasting = prone.filter((fault) => fault !== 'drop_work');
  const helped = !isHonest && (lasting.length === 0 || random.chance(0.5));
  // Without help to come there is one job: another might wait for its first prover, and no job fails for that.
  const jobs = isHonest || helped ? 1 + random.below(2) : 1;
  return {
    provers: isHonest ? drawProvers(random, prone) : drawFaulty(random, helped ? prone : lasting, helped),
    jobs: Array.from({ length: jobs }, (_, index) => drawJob(random, index, faults)),
  };
}

/** How often a faulty prover does one of its wrongs, where others do the work. */
const FAULT_RATE = 0.5;

function drawProvers(random: SeededRandom, prone: readonly ProverFault[]): ProverPlan[] {
  const honest = Array.from({ length: 1 + random.below(2) }, (_, index) => drawProver(random, `honest-${index}`, []));
  const faulty = Array.from({ length: prone.length === 0 ? 0 : random.below(3) }, (_, index) =>
    drawProver(random, `faulty-${index}`, drawFaults(random, prone)),
  );
  return [...honest, ...faulty];
}

/** Nobody who is there does right, at times never; where there is help, an honest one comes after a while. */
function drawFaulty(random: SeededRandom, prone: readonly ProverFault[], helped: boolean): ProverPlan[] {
  const faultRate = random.chance(0.5) ? 1 : FAULT_RATE;
  const faulty = Array.from({ length: 1 + random.below(4) }, (_, index) => ({
    ...drawProver(random, `faulty-${index}`, drawFaults(random, prone)),
    faultRate,
  }));
  const late = { ...drawProver(random, 'honest-late', []), comesAfterMs: random.between(...LATE_MS) };
  return helped ? [...faulty, late] : faulty;
}

/** The wait for other provers, and many times the timeout of a task, lie within it. */
const LATE_MS = [1_000, 60_000] as const;

function drawProver(random: SeededRandom, id: string, faults: readonly ProverFault[]): ProverPlan {
  return { id, computeUnits: 1 + random.below(2), faults, faultRate: FAULT_RATE, comesAfterMs: null };
}

function drawFaults(random: SeededRandom, prone: readonly ProverFault[]): readonly ProverFault[] {
  return prone.length > 1 && random.chance(0.3) ? prone : [random.oneOf(prone)];
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
