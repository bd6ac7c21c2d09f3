import { Global, Module } from '@nestjs/common';
import { Clock, SystemClock } from './clock.js';
import { Random, SystemRandom } from './random.js';
import { SystemTimers, Timers } from './timers.js';

/** Time, timers and randomness for everything that is injected. */
@Global()
@Module({
  providers: [
    { provide: Clock, useClass: SystemClock },
    { provide: Timers, useClass: SystemTimers },
    { provide: Random, useClass: SystemRandom },
  ],
  exports: [Clock, Timers, Random],
})
export class LifecycleModule {}
