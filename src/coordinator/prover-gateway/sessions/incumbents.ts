import type { ProverId, SessionId } from '../../../domain/ids.js';
import type { ProverDescription } from '../../../domain/session/session.js';

/** A connected process that has a name. */
export interface Incumbent {
  readonly session: SessionId;
  readonly description: ProverDescription;
  /** Random name of the process; empty where it does not say. */
  readonly instance: string;
  /** Whether it gives a sign of life now. */
  readonly answers: () => Promise<boolean>;
}

/**
 * Which process has which prover's name. A process that is there and answers keeps its name: two of one name would
 * otherwise take it from each other as often as their supervisors start them again. The same process, back over another
 * connection, takes over at once; so does anybody from one that does not answer, and where one of the two does not say
 * which process it is.
 */
export class Incumbents {
  private readonly known = new Map<ProverId, Incumbent>();

  enter(incumbent: Incumbent): void {
    this.known.set(incumbent.description.prover, incumbent);
  }

  leave(prover: ProverId, session: SessionId): void {
    if (this.known.get(prover)?.session === session) this.known.delete(prover);
  }

  /** Why a process cannot have the name; null where it can. */
  async refusal(prover: ProverId, instance: string): Promise<string | null> {
    for (;;) {
      const incumbent = this.known.get(prover);
      if (!incumbent || instance === '' || incumbent.instance === '' || incumbent.instance === instance) return null;
      const answers = await incumbent.answers();
      // Meanwhile another may have come: then that one is asked.
      if (this.known.get(prover) === incumbent) return answers ? inUse(incumbent) : null;
    }
  }
}

function inUse({ description: { prover, hostname, pid } }: Incumbent): string {
  const who = `${hostname || 'an unknown host'}${pid === null ? '' : `, process ${pid}`}`;
  return `the name ${prover} is in use by a prover that answers (${who}); give this one another with --id, or stop that one`;
}
