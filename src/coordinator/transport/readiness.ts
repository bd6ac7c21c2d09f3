import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { BehaviorSubject, type Observable } from 'rxjs';
import { DomainError } from '../../domain/errors.js';

/** Why something cannot be used now, and what an operator can do about it. */
export interface Trouble {
  readonly reason: string;
  readonly hint: string;
}

/** Whether new work is taken; one state behind every health interface. */
@Injectable()
export class Readiness implements BeforeApplicationShutdown {
  private readonly state = new BehaviorSubject(true);
  private readonly known = new Map<string, Trouble>();
  private draining = false;

  get ready(): boolean {
    return this.state.value;
  }

  get status(): 'serving' | 'draining' | 'unavailable' {
    if (this.draining) return 'draining';
    return this.ready ? 'serving' : 'unavailable';
  }

  /** What cannot be used now. */
  get troubles(): readonly (Trouble & { readonly what: string })[] {
    return [...this.known].map(([what, trouble]) => ({ what, ...trouble }));
  }

  /** The state now, each change, and the end when the process stops. */
  get changes(): Observable<boolean> {
    return this.state.asObservable();
  }

  /** Something cannot be used, or (null) can again. */
  report(what: string, trouble: Trouble | null): void {
    if (trouble) this.known.set(what, trouble);
    else this.known.delete(what);
    this.update();
  }

  /** @throws DomainError SYSTEM_UNAVAILABLE where no work is taken now. */
  assertReady(): void {
    if (this.draining) throw unavailable('the coordinator is stopping', 'submit the job again in a moment');
    const [trouble] = this.troubles;
    if (trouble) throw unavailable(`${trouble.what} cannot be used: ${trouble.reason}`, trouble.hint);
  }

  drain(): void {
    this.draining = true;
    this.update();
  }

  beforeApplicationShutdown(): void {
    this.drain();
    this.state.complete();
  }

  private update(): void {
    const ready = !this.draining && this.known.size === 0;
    if (ready !== this.state.value) this.state.next(ready);
  }
}

function unavailable(message: string, hint: string): DomainError {
  return new DomainError('SYSTEM_UNAVAILABLE', message, `On the coordinator: ${hint}`);
}
