/** Puts a task at the end of the present turn of the event loop, and its injection token. */
export abstract class Defer {
  abstract run(task: () => void): void;
}

/** After everything that arrived in this turn: one transaction for all of it, replies after it. */
export class AfterTick extends Defer {
  override run(task: () => void): void {
    setImmediate(task);
  }
}
