import { Logger, type LoggerService } from '@nestjs/common';
import type { JobCommandBus } from '../jobs/job-command-bus.js';
import type { TaskScheduler } from '../scheduler/task-scheduler.js';
import type { Trouble } from '../transport/readiness.js';
import { acceptedLine, jobLines, unreadableLine, type AcceptedJob } from './job-lines.js';
import { secondsText, type LogLine } from './log-line.js';
import { SystemClock, type Clock } from '../../lifecycle/clock.js';
import type { ProverEvent } from '../scheduler/prover-event.js';
import { LineLimit } from './line-limit.js';
import { comingAndGoing, leftOutLine, limitLine, proverLine } from './prover-lines.js';

/** The one place that turns what happens to jobs, provers and stores into lines of the log. */
export class NetworkLog {
  private readonly log: Pick<LoggerService, 'log' | 'warn' | 'error'> & { debug?(message: unknown): void };

  private readonly limit: LineLimit;

  constructor(log: LoggerService = new Logger('Network'), clock: Clock = new SystemClock()) {
    this.log = log;
    this.limit = new LineLimit(clock);
  }

  /** Jobs and provers, from now on. */
  follow(bus: JobCommandBus, scheduler: TaskScheduler): void {
    bus.listen({
      committed: (decided) => {
        for (const { job, decision } of decided) {
          for (const event of decision.events) for (const line of jobLines(job, event)) this.write(line);
        }
      },
      unreadable: (job, { message, hint }) => this.write(unreadableLine(job, message, hint)),
    });
    scheduler.listen((event) => this.prover(event));
  }

  /** What becomes of a prover is always told; that it comes and goes only so often. */
  private prover(event: ProverEvent): void {
    const name = comingAndGoing(event);
    const turn = name === null ? ({ kind: 'written', leftOut: 0 } as const) : this.limit.take(name);
    if (name !== null && turn.kind === 'last') this.write(limitLine(name));
    if (turn.kind !== 'written') return;
    if (name !== null && turn.leftOut > 0) this.write(leftOutLine(name, turn.leftOut));
    this.write(proverLine(event));
  }

  accepted(job: AcceptedJob): void {
    this.write(acceptedLine(job));
  }

  /** A store cannot be used, or can again. */
  trouble(what: string, { reason, hint }: Trouble): void {
    const fields = { what, reason, hint };
    const sentence = `${what} cannot be used: ${reason}; what to do: ${hint}`;
    this.write({ level: 'error', message: 'storage trouble', sentence, fields });
  }

  troubleOver(what: string, afterMs: number): void {
    const sentence = `${what} can be used again, after ${secondsText(afterMs)}`;
    this.write({ level: 'info', message: 'storage trouble over', sentence, fields: { what, afterMs } });
  }

  /** Something that the start found. */
  found(reason: string, hint: string): void {
    const sentence = `${reason}; what to do: ${hint}`;
    this.write({ level: 'warn', message: 'storage damaged', sentence, fields: { reason, hint } });
  }

  stopping(signal: string, openJobs: number): void {
    const sentence = `Stopping${signal && ` (${signal})`}; jobs that wait or run and go on at the next start: ${openJobs}`;
    this.write({ level: 'info', message: 'stopping', sentence, fields: { signal, openJobs } });
  }

  stopped(afterMs: number): void {
    this.write({
      level: 'info',
      message: 'stopped',
      sentence: `Stopped after ${secondsText(afterMs)}`,
      fields: { afterMs },
    });
  }

  private write({ level, message, sentence, fields }: LogLine): void {
    const record = { message, ...(sentence !== undefined && { sentence }), ...fields };
    if (level === 'info') this.log.log(record);
    else if (level === 'debug') this.log.debug?.(record);
    else this.log[level](record);
  }
}
