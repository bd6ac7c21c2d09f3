// A tiny WebAssembly module with the kernel's binary interface and one behaviour per operation, for what a real
// kernel does too rarely to test with: hangs, traps, runs out of memory, answers nonsense.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import wabt from 'wabt';
import { encodeMessage } from '../../src/kernel/abi/message.js';
import { ROOT, scratchFolder } from './program.js';

/** Built entry of the kernel's threads: a thread cannot run TypeScript. */
export const KERNEL_THREAD_ENTRY = pathToFileURL(join(ROOT, 'dist/kernel/threads/kernel.worker.js'));

const INFO = {
  ok: true,
  version: '1.2.3',
  proofParameters: 'fake',
  proofFormat: 1,
  tablesRevision: 1,
  sourceDigest: 'ab',
  minSegmentCycles: 256,
  maxSegmentCycles: 1024,
  securityBits: 100.5,
};
const REFUSAL = {
  ok: false,
  error: {
    code: 'verification_failed',
    message: 'segment 2 starts elsewhere',
    details: { rule: 'pc', expected: 4, got: 8 },
  },
};
const PANIC = "panicked at 'index out of bounds'";
const EXHAUSTED = 'memory allocation of 1073741824 bytes failed';

const INFO_AT = 1024;
const REFUSAL_AT = 2048;
const PANIC_AT = 3072;
const EXHAUSTED_AT = 3200;
/** The first letter of the operation: after the length and `{"op":"`. */
const LETTER_AT = 4 + '{"op":"'.length;

const data = (offset: number, bytes: Uint8Array) =>
  `(data (i32.const ${offset}) "${[...bytes].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('')}")`;
const packed = (offset: number, { length }: Uint8Array) => `(i64.const ${(BigInt(offset) << 32n) | BigInt(length)})`;
const when = (letter: string, ...body: string[]) =>
  `(if (i32.eq (local.get $letter) (i32.const ${letter.charCodeAt(0)})) (then ${body.join(' ')}))`;

function source(): string {
  const info = encodeMessage(INFO, []);
  const refusal = encodeMessage(REFUSAL, []);
  const panic = new TextEncoder().encode(PANIC);
  const exhausted = new TextEncoder().encode(EXHAUSTED);
  return `(module
    (import "env" "pl_progress" (func $progress (param i32 i32 i32)))
    (import "env" "pl_log" (func $log (param i32 i32)))
    (import "env" "pl_now" (func $now (result f64)))
    (memory (export "memory") 4 4)
    (global $top (mut i32) (i32.const 4096))
    ${data(INFO_AT, info)} ${data(REFUSAL_AT, refusal)} ${data(PANIC_AT, panic)} ${data(EXHAUSTED_AT, exhausted)}
    (func (export "pl_alloc") (param $length i32) (result i32)
      (if (i32.gt_u (i32.add (global.get $top) (local.get $length)) (i32.const 262144)) (then (return (i32.const 0))))
      (global.get $top)
      (global.set $top (i32.add (global.get $top) (local.get $length))))
    ;; Everything is given back at once: the host frees the request last.
    (func (export "pl_free") (param $pointer i32) (param i32) (global.set $top (i32.const 4096)))
    (func (export "pl_call") (param $request i32) (param $length i32) (result i64)
      (local $letter i32)
      (local.set $letter (i32.load8_u offset=${LETTER_AT} (local.get $request)))
      ${when('i', '(return', packed(INFO_AT, info), ')')}
      ${when('s', '(loop $forever (br $forever))')}
      ${when('p', `(call $log (i32.const ${PANIC_AT}) (i32.const ${panic.length}))`, '(unreachable)')}
      ${when('a', `(call $log (i32.const ${EXHAUSTED_AT}) (i32.const ${exhausted.length}))`, '(unreachable)')}
      ${when(
        'v',
        '(call $progress (i32.const 5) (i32.const 0) (i32.const 4))',
        '(call $progress (i32.const 5) (i32.const 4) (i32.const 4))',
        `(return ${packed(REFUSAL_AT, refusal)})`,
      )}
      (i64.const 0x7fffffff7fffffff)))`;
}

/** Writes the module and returns its path. Operations by their first letter:
 * info: answers; setup: never returns; plan, prove: panics; aggregate: runs out of memory;
 * verify: reports progress, then refuses; others: points outside its memory. */
export async function fakeKernelBinary(): Promise<string> {
  const { parseWat } = await wabt();
  const { buffer } = parseWat('fake.wat', source()).toBinary({});
  const path = join(scratchFolder(), 'fake.wasm');
  writeFileSync(path, buffer);
  return path;
}
