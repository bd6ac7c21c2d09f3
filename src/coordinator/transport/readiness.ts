import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { BehaviorSubject, type Observable } from 'rxjs';

/** Whether new work is taken; one state behind every health interface. */
@Injectable()
export class Readiness implements BeforeApplicationShutdown {
  private readonly state = new BehaviorSubject(true);

  get ready(): boolean {
    return this.state.value;
  }

  /** The state now, each change, and the end when the process stops. */
  get changes(): Observable<boolean> {
    return this.state.asObservable();
  }

  drain(): void {
    if (this.ready) this.state.next(false);
  }

  beforeApplicationShutdown(): void {
    this.drain();
    this.state.complete();
  }
}
