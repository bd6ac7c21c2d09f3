/** State -> states it may change to. A state with an empty list is terminal. */
export type TransitionTable<S extends string> = Readonly<Record<S, readonly S[]>>;

/**
 * Checks a table as a graph: every target is a state, every state is reachable from the first one, and a
 * terminal state is reachable from every state (nothing can be stuck by design).
 *
 * @returns the problems found, in words; empty for a sound table.
 */
export function tableProblems<S extends string>(name: string, initial: S, table: TransitionTable<S>): string[] {
  const states = Object.keys(table) as S[];
  const unknown = states.flatMap((from) =>
    table[from].filter((to) => !states.includes(to)).map((to) => `${name}: ${from} -> ${to} names no state`),
  );
  if (unknown.length > 0) return unknown;
  const reached = reachable(initial, (state) => table[state]);
  const unreachable = states.filter((state) => !reached.has(state)).map((state) => `${name}: ${state} is unreachable`);
  return [...unreachable, ...stuck(name, states, table)];
}

function stuck<S extends string>(name: string, states: readonly S[], table: TransitionTable<S>): string[] {
  const ends = states.filter((state) => table[state].length === 0);
  if (ends.length === 0) return [`${name}: has no terminal state`];
  return states
    .filter((state) => !ends.some((end) => reachable(state, (from) => table[from]).has(end)))
    .map((state) => `${name}: no terminal state can be reached from ${state}`);
}

function reachable<S>(start: S, next: (state: S) => readonly S[]): Set<S> {
  const seen = new Set([start]);
  for (const state of seen) for (const target of next(state)) seen.add(target);
  return seen;
}

/** @throws Error when `from -> to` is not in the table: a bug in the caller, never bad input. */
export function assertTransition<S extends string>(name: string, table: TransitionTable<S>, from: S, to: S): void {
  if (!table[from].includes(to)) throw new Error(`${name}: ${from} must not change to ${to}`);
}
