import type { Terminal } from './terminal.js';

/** How far a command is. */
export interface ProgressStep {
  readonly phase: string;
  /** 0..1 of the phase. */
  readonly fraction: number;
  /** What is counted, for people: `12/21 segments`. */
  readonly detail?: string;
  /** What is waited for: shown in place of how far it is. */
  readonly note?: string;
}

export interface ProgressDisplay {
  show(step: ProgressStep): void;
  /** Takes what was drawn off the screen. */
  clear(): void;
}

export const NO_PROGRESS: ProgressDisplay = { show: () => undefined, clear: () => undefined };

const PHASE_WIDTH = 12;
const BAR_WIDTH = 24;
const REDRAW_MS = 100;
const LINE_EVERY_MS = 5000;

/** A bar drawn again in place on a terminal; elsewhere one plain line a phase and every few seconds. */
export function progressDisplay(terminal: Terminal, nowMs: () => number): ProgressDisplay {
  return terminal.interactive ? new ProgressBar(terminal, nowMs) : new ProgressLines(terminal, nowMs);
}

class ProgressBar implements ProgressDisplay {
  private phase = '';
  private drawnAtMs = Number.NEGATIVE_INFINITY;
  private startedAtMs = 0;

  constructor(
    private readonly terminal: Terminal,
    private readonly nowMs: () => number,
  ) {}

  show(step: ProgressStep): void {
    const now = this.nowMs();
    if (step.phase !== this.phase) this.startPhase(step.phase, now);
    else if (step.fraction < 1 && now - this.drawnAtMs < REDRAW_MS) return;
    this.drawnAtMs = now;
    this.terminal.err(`\r\u001b[K${this.line(step, now).slice(0, this.terminal.columns - 1)}`);
  }

  clear(): void {
    if (this.phase) this.terminal.err('\r\u001b[K');
    this.phase = '';
  }

  private startPhase(phase: string, now: number): void {
    if (this.phase) this.terminal.err('\n');
    this.phase = phase;
    this.startedAtMs = now;
  }

  private line(step: ProgressStep, now: number): string {
    const filled = Math.round(step.fraction * BAR_WIDTH);
    const bar = '#'.repeat(filled).padEnd(BAR_WIDTH, '-');
    return `${phaseText(step, bar)}  ${seconds(now - this.startedAtMs)}`;
  }
}

class ProgressLines implements ProgressDisplay {
  private phase = '';
  private writtenAtMs = 0;
  private finished = false;

  constructor(
    private readonly terminal: Terminal,
    private readonly nowMs: () => number,
  ) {}

  show(step: ProgressStep): void {
    const now = this.nowMs();
    const isNew = step.phase !== this.phase;
    const isEnd = step.fraction >= 1 && !this.finished;
    if (!isNew && !isEnd && (this.finished || now - this.writtenAtMs < LINE_EVERY_MS)) return;
    this.phase = step.phase;
    this.finished = step.fraction >= 1;
    this.writtenAtMs = now;
    this.terminal.err(`${phaseText(step)}\n`);
  }

  clear(): void {
    this.phase = '';
  }
}

function phaseText({ phase, fraction, detail, note }: ProgressStep, bar?: string): string {
  if (note) return `${phase}: ${note}`;
  const percent = `${Math.floor(fraction * 100)} %`.padStart(5);
  return `${phase.padEnd(PHASE_WIDTH)}${bar ? `[${bar}]` : ''}${percent}${detail ? `  ${detail}` : ''}`;
}

function seconds(ms: number): string {
  const MS_PER_SECOND = 1000;
  return `${(ms / MS_PER_SECOND).toFixed(1)} s`;
}
