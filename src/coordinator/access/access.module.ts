import { Global, Module } from '@nestjs/common';
import { AccessControl } from './access-control.js';
import { AccessController } from './access.controller.js';
import { AuditLog } from './audit-log.js';
import { Enrolments } from './enrolments.js';
import { KeyRing } from './key-ring.js';
import { OperatorKeyFile } from './operator-key-file.js';
import { RunningCalls } from './running-calls.js';

/** Who may do what: keys, and the check that every call goes through. */
@Global()
@Module({
  controllers: [AccessController],
  providers: [KeyRing, AuditLog, Enrolments, OperatorKeyFile, AccessControl, RunningCalls],
  exports: [AccessControl, AuditLog, KeyRing, RunningCalls],
})
export class AccessModule {}
