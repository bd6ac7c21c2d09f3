import type { BenchFigures } from './bench.js';
import { round } from './round.js';

/** One figure of a program in two runs; `before` or `after` is missing where only the other run has it. */
export interface ComparedFigure {
  /** Where it is in the figures of a program: `wasm.phasesMs.hashMain`. */
  readonly figure: string;
  readonly before: number | null;
  readonly after: number | null;
  /** After by before. */
  readonly ratio: number | null;
}

export interface ComparedProgram {
  readonly name: string;
  readonly figures: readonly ComparedFigure[];
}

export interface Comparison {
  /** What makes the two runs unlike, besides the kernel: figures compare only where there is nothing. */
  readonly differences: readonly string[];
  /** Programs of both runs. */
  readonly programs: readonly ComparedProgram[];
  /** Figures of the kernel rather than of a program. */
  readonly kernel: readonly ComparedFigure[];
}

type Fields = Readonly<Record<string, unknown>>;

const RATIO_DIGITS = 4;
const MACHINE_FACTS = ['cpu', 'threads', 'arch', 'node'] as const;
/** Load averages that differ by more than this say that one run had to share the machine. */
const LIKE_LOAD = 0.5;

/** Figures of a run that was saved with `--json`. */
export class SavedFigures {
  private constructor(
    private readonly saved: Fields,
    private readonly programs: ReadonlyMap<string, Fields>,
  ) {}

  /** @throws Error saying what is wrong, where the text is not what `bench kernel --json` prints */
  static parse(text: string): SavedFigures {
    const saved: unknown = JSON.parse(text);
    if (!isFields(saved) || !isFields(saved['machine']) || !Array.isArray(saved['programs'])) {
      throw new Error('machine and programs are missing');
    }
    const programs = new Map<string, Fields>();
    for (const program of saved['programs'] as unknown[]) {
      const name = isFields(program) ? program['name'] : undefined;
      if (typeof name !== 'string') throw new Error('a program has no name');
      programs.set(name, program as Fields);
    }
    return new SavedFigures(saved, programs);
  }

  /** Compares with a run of now. */
  compare(now: BenchFigures): Comparison {
    const both = now.programs.filter(({ name }) => this.programs.has(name));
    return {
      differences: this.differences(now),
      programs: both.map((program) => ({
        name: program.name,
        figures: comparedFigures(this.programs.get(program.name), program),
      })),
      kernel: comparedFigures(ownFigures(this.saved), ownFigures({ ...now })),
    };
  }

  private differences(now: BenchFigures): string[] {
    return [...this.machineDifferences(now), ...this.runDifferences(now), ...this.programDifferences(now)];
  }

  private machineDifferences({ machine }: BenchFigures): string[] {
    const saved = this.saved['machine'] as Fields;
    const unlike = MACHINE_FACTS.filter((fact) => saved[fact] !== machine[fact]);
    const facts = unlike.map((fact) => `${fact}: ${told(saved[fact])} before, ${told(machine[fact])} now`);
    const [before, after] = [saved['loadBefore'], machine['loadBefore']];
    const isLike = typeof before === 'number' && typeof after === 'number' && Math.abs(before - after) <= LIKE_LOAD;
    return isLike ? facts : [...facts, `load of the machine: ${told(before)} before, ${told(after)} now`];
  }

  private runDifferences({ segmentCycles }: BenchFigures): string[] {
    const before = this.saved['segmentCycles'];
    return before === segmentCycles ? [] : [`segment size: ${told(before)} cycles before, ${segmentCycles} now`];
  }

  private programDifferences(now: BenchFigures): string[] {
    const named = new Set(now.programs.map(({ name }) => name));
    const gone = [...this.programs.keys()].filter((name) => !named.has(name));
    const unlike = now.programs.flatMap(({ name, cycles }) => {
      const before = this.programs.get(name);
      if (!before) return [`${name}: measured now alone`];
      return before['cycles'] === cycles ? [] : [`${name}: ${told(before['cycles'])} cycles before, ${cycles} now`];
    });
    return [...gone.map((name) => `${name}: measured before alone`), ...unlike];
  }
}

function comparedFigures(saved: Fields | undefined, now: object): ComparedFigure[] {
  const [before, after] = [figuresOf(saved ?? {}), figuresOf(now)];
  const names = new Set([...after.keys(), ...before.keys()]);
  return [...names].map((figure) => comparedFigure(figure, before.get(figure), after.get(figure)));
}

function comparedFigure(figure: string, before: number | undefined, after: number | undefined): ComparedFigure {
  const isRatio = before !== undefined && after !== undefined && before !== 0;
  const ratio = isRatio ? round(after / before, RATIO_DIGITS) : null;
  return { figure, before: before ?? null, after: after ?? null, ratio };
}

/** All numbers of an object by their paths. */
function figuresOf(value: object): Map<string, number> {
  return new Map(numbersIn(value, ''));
}

function numbersIn(value: object, path: string): [string, number][] {
  return Object.entries(value).flatMap(([name, part]: [string, unknown]): [string, number][] => {
    if (typeof part === 'number') return [[path + name, part]];
    return isFields(part) ? numbersIn(part, `${path}${name}.`) : [];
  });
}

/** What is neither said of a program nor of the circumstances. */
function ownFigures({ machine: _machine, programs: _programs, segmentCycles: _size, ...rest }: Fields): Fields {
  return rest;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function told(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : 'unknown';
}
