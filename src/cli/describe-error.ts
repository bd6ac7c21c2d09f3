import { SettingsError } from '../config/settings.loader.js';
import { ArgumentError } from '../client/argument.error.js';
import { ArtifactDamagedError } from '../client/artifact-download.js';
import { ClientError, type ClientErrorCode } from '../client/client.error.js';
import { GuestExitError, GuestFailedError } from '../kernel/guest.error.js';
import { KernelError, type KernelErrorCode } from '../kernel/kernel.error.js';
import { errorMessage } from '../lifecycle/system-error.js';
import { CliError } from './cli.error.js';
import { guestExit, guestFailed } from './guest-failure.js';

/** What the user can do about a failure of the kernel. */
const KERNEL_HINTS: Readonly<Record<KernelErrorCode, string>> = {
  invalid_request: 'check the options of the command',
  invalid_elf: 'build the guest with the SDK in guests/sdk: a static little-endian RV64IM ELF with its linker script',
  unproven_instruction: 'this version cannot prove that instruction yet; `proofloom execute` runs it',
  guest_failed: 'run `proofloom execute` with the same program and input to see what the guest does',
  limit_exceeded: 'change --segment-cycles, or what the guest does, as the message says',
  invalid_proof: 'check that the file is a proof made by this version and complete',
  verification_failed: 'do not trust this proof; check that program and proof belong together',
  internal: 'this is a bug of the kernel; report it with program and input',
  trapped: 'this is a bug of the kernel; report it with program and input',
  out_of_memory: 'use a smaller --segment-cycles, or fewer --threads',
  aborted: 'run the command again',
  timeout: 'run the command again, or raise its limits',
  queue_full: 'run the command again',
  worker_lost: 'run the command again; if it stays, use fewer --threads',
  closed: 'run the command again',
  unavailable: 'install the package again',
  protocol: 'kernel and program do not fit together; install the package again',
};

/** What the user can do where a verifier says by which rule it refused a proof, which another version made. */
const RULE_HINTS: Readonly<Record<string, string>> = {
  UNKNOWN_PROOF_VERSION:
    'verify it with the version of proofloom whose `proofloom kernel info` shows that proof format, or prove the program again with this one',
  OTHER_TABLES: 'use the release that the message names, or prove the program again with this one',
};

/** What the user can do about a call to the coordinator that failed. */
const CLIENT_HINTS: Readonly<Record<ClientErrorCode, string>> = {
  unreachable: 'start a coordinator (npx coordinator), or give its address with --url http://host:port',
  busy: 'try again in a moment',
  refused: 'correct the request as the message says',
  not_found: 'check the id; `proofloom jobs` lists jobs',
  conflict: 'use another --key for another request',
  unauthenticated:
    'give a valid key with --key-file FILE, DISTRIBUTED_KEY_FILE or DISTRIBUTED_KEY; operators make keys: proofloom keys create',
  forbidden: 'use a key with one of the roles that the message names; operators make keys: proofloom keys create',
  untrusted:
    'set DISTRIBUTED_TLS_CA, DISTRIBUTED_TLS_CERT and DISTRIBUTED_TLS_KEY as the message says; docs/security.md has an example',
  unsupported: 'the coordinator is of another version; install the same on both sides',
  aborted: 'run the command again',
  failed: "see the coordinator's log",
};

const INTERRUPTED = new KernelError('aborted', 'the command was interrupted');

/** Any thrown value as the failure of a command. */
export function describeError(error: unknown): CliError {
  if (error instanceof CliError) return error;
  if (error instanceof KernelError) {
    const { code, message, details } = error;
    const hint = RULE_HINTS[String(details['rule'])] ?? KERNEL_HINTS[code];
    return new CliError(code, message, hint, details, { cause: error });
  }
  if (error instanceof GuestFailedError) return guestFailed(error.failure);
  if (error instanceof GuestExitError) return guestExit(error.statement);
  if (error instanceof ClientError) {
    const { code, message } = error;
    return new CliError(code, message, CLIENT_HINTS[code], {}, { cause: error });
  }
  if (error instanceof ArgumentError) {
    return new CliError('refused', error.message, CLIENT_HINTS.refused, { field: error.field }, { cause: error });
  }
  if (error instanceof ArtifactDamagedError) {
    const hint = "run the command again; where it stays, the coordinator's disk or version is at fault";
    return new CliError('artifact_damaged', error.message, hint, { sha256: error.sha256 }, { cause: error });
  }
  if (error instanceof SettingsError) {
    const hint = 'docs/configuration.md lists all settings';
    return new CliError('invalid_settings', error.message, hint, { problems: error.problems });
  }
  if (error instanceof Error && error.name === 'AbortError') return describeError(INTERRUPTED);
  return new CliError(
    'unexpected',
    errorMessage(error),
    'this is a bug; report it with the command',
    {},
    { cause: error },
  );
}
