import { bindingOf, toHex } from '../../kernel/binding.js';
import { isOtherCommitment, KernelError } from '../../kernel/kernel.error.js';
import type { Kernel, KernelCallOptions } from '../../kernel/kernel.js';
import type { ChallengeRequest, ProgramRun, ProgramSetup } from '../../kernel/kernel.types.js';
import { mapBounded } from '../../lifecycle/map-bounded.js';
import type { ArtifactFetcher } from './artifact-fetcher.js';
import type { LocalTask, LocalAssignment } from './local-assignment.js';

/** What a task gave: a commitment (32 bytes), a segment's proof, or the final proof. */
export type ComputedResult = { readonly kind: 'commitment' | 'proof' | 'final'; readonly bytes: Uint8Array };

/** Contributions made in one call: a long program is run once for all of them, a short one again for each. */
const MAX_CONTRIBUTIONS = 16;
/** Running a program of so many cycles takes a small part of the time that one contribution takes. */
const SHORT_RUN_CYCLES = 2 ** 22;

/** Proofs under way to an aggregation: the next ones come while one is checked. */
const PROOFS_AT_ONCE = 4;

/** Cuts an assignment into what is done in one go: `width` calls at once should share the work evenly. */
export function batchesOf({ phase, localTasks: tasks, statement }: LocalAssignment, width: number): LocalTask[][] {
  const isShort = statement.cycles <= SHORT_RUN_CYCLES;
  if (phase !== 'contribute' || isShort) return tasks.map((task) => [task]);
  const batches = Math.max(Math.min(width, tasks.length), Math.ceil(tasks.length / MAX_CONTRIBUTIONS));
  return Array.from({ length: batches }, (_, first) => tasks.filter((_task, index) => index % batches === first));
}

/** Does the tasks of one assignment with the kernel. What several tasks need is fetched or derived once. */
export class TaskRunner {
  private run: Promise<ProgramRun> | undefined;
  private checked: Promise<void> | undefined;
  private bound: Promise<ChallengeRequest> | undefined;

  constructor(
    private readonly assignment: LocalAssignment,
    private readonly kernel: Kernel,
    private readonly artifacts: ArtifactFetcher,
    /** Ends what the tasks share. */
    private readonly signal: AbortSignal,
  ) {}

  /** The results of the tasks, in their order. @throws KernelError, ArtifactError */
  async compute(tasks: readonly LocalTask[], options: KernelCallOptions): Promise<ComputedResult[]> {
    switch (this.assignment.phase) {
      case 'contribute':
        return this.contribute(tasks, options);
      case 'prove':
        return Promise.all(tasks.map((task) => this.prove(task, options)));
      case 'aggregate':
        return Promise.all(tasks.map(() => this.aggregate(options)));
    }
  }

  private async contribute(tasks: readonly LocalTask[], options: KernelCallOptions): Promise<ComputedResult[]> {
    const segments = tasks.map(({ segment }) => segment);
    const made = await this.kernel.contribute({ ...(await this.programRun()), segments }, options);
    return made.map(({ commitment }) => ({ kind: 'commitment', bytes: commitment }));
  }

  /** A proof; or, where the challenge is bound to another commitment than this prover makes, its own commitment as evidence. */
  private async prove({ segment }: LocalTask, options: KernelCallOptions): Promise<ComputedResult> {
    const run = await this.programRun();
    const binding = await this.binding();
    await this.checkChallenge();
    try {
      const { proof } = await this.kernel.prove({ ...run, ...binding, segment }, options);
      return { kind: 'proof', bytes: proof };
    } catch (error) {
      const commitment = ownCommitmentIn(error);
      if (!commitment) throw error;
      return { kind: 'commitment', bytes: commitment };
    }
  }

  private async aggregate(options: KernelCallOptions): Promise<ComputedResult> {
    await this.checkChallenge();
    const { verifyProofs } = this.assignment;
    const [{ vk }, proofs, binding] = await Promise.all([this.setup(options), this.proofs(), this.binding()]);
    return { kind: 'final', bytes: await this.kernel.aggregate({ ...binding, vk, proofs, verifyProofs }, options) };
  }

  private proofs(): Promise<Uint8Array[]> {
    const fetch = (sha256: string) => this.artifacts.bytes(sha256, this.signal, false);
    return mapBounded(this.assignment.proofs, PROOFS_AT_ONCE, fetch);
  }

  private async setup(options: KernelCallOptions): Promise<ProgramSetup> {
    const { signal } = options;
    return this.kernel.setup(
      await this.artifacts.bytes(this.assignment.program, this.signal),
      signal ? { signal } : {},
    );
  }

  private programRun(): Promise<ProgramRun> {
    this.run ??= this.fetchRun().catch((error: unknown) => {
      this.run = undefined;
      throw error;
    });
    return this.run;
  }

  private async fetchRun(): Promise<ProgramRun> {
    const { program, input, segmentCycles } = this.assignment;
    const [elf, bytes] = await Promise.all([
      this.artifacts.bytes(program, this.signal),
      this.artifacts.bytes(input, this.signal),
    ]);
    return { elf, input: bytes, segmentCycles };
  }

  private binding(): Promise<ChallengeRequest> {
    this.bound ??= this.fetchBinding().catch((error: unknown) => {
      this.bound = undefined;
      throw error;
    });
    return this.bound;
  }

  private async fetchBinding(): Promise<ChallengeRequest> {
    const { statement, commitments, commitmentList } = this.assignment;
    return bindingOf(statement, commitmentList ? await this.artifacts.bytes(commitmentList, this.signal) : commitments);
  }

  /** A proof under another challenge than the commitments give would be worth nothing. */
  private checkChallenge(): Promise<void> {
    this.checked ??= this.compareChallenge().catch((error: unknown) => {
      this.checked = undefined;
      throw error;
    });
    return this.checked;
  }

  private async compareChallenge(): Promise<void> {
    const expected = toHex(await this.kernel.challenge(await this.binding(), { signal: this.signal }));
    const got = this.assignment.challenge ?? '';
    if (expected === got) return;
    const message = `the commitments give the challenge ${expected} and the coordinator sent ${got}`;
    throw new KernelError('verification_failed', message, { rule: 'challenge', expected, got });
  }
}

/** The commitment that the kernel made when it refused to prove under another one. */
function ownCommitmentIn(error: unknown): Uint8Array | null {
  if (!isOtherCommitment(error)) return null;
  const { got } = error.details;
  return typeof got === 'string' ? Buffer.from(got, 'hex') : null;
}
