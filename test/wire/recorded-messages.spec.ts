// Every kind of message of the stream as stubs of another language encode it (test/python-worker/record.py writes the files),
// against field numbers written by hand here: neither side's generated code is taken on trust.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CoordinatorMessage, ProverMessage } from '../../src/wire/generated/zisk_distributed_api.js';
import { ROOT } from '../support/program.js';

const FOLDER = join(ROOT, 'test/wire/recorded');
const recorded = (name: string): Buffer =>
  Buffer.from(readFileSync(join(FOLDER, `${name}.hex`), 'ascii').trim(), 'hex');

type Value = number | bigint | Buffer;

/** Splits a message into its fields, in the order of the wire: number and raw value. */
function fieldsOf(bytes: Buffer): [number, Value][] {
  const fields: [number, Value][] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error('the message ends within a number');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const number = tag >> 3;
    if ((tag & 7) === 0) fields.push([number, varint()]);
    else {
      const length = Number(varint());
      fields.push([number, bytes.subarray(at, (at += length))]);
    }
  }
  return fields;
}

/** The values at a path of field numbers: numbers, or text. */
function at(bytes: Buffer, ...path: number[]): (bigint | string)[] {
  const [number, ...rest] = path;
  const found = fieldsOf(bytes).flatMap(([field, value]) => (field === number ? [value] : []));
  if (rest.length > 0) return found.flatMap((value) => at(value as Buffer, ...rest));
  return found.map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : BigInt(value)));
}

/** The numbers of a packed list at a path. */
function numbersAt(bytes: Buffer, ...path: number[]): bigint[] {
  const [packed] = at(bytes, ...path);
  const padded = Buffer.from(String(packed), 'latin1');
  const numbers: bigint[] = [];
  let value = 0n;
  let shift = 0n;
  for (const byte of padded) {
    value |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
    if (byte >= 0x80) continue;
    numbers.push(value);
    [value, shift] = [0n, 0n];
  }
  return numbers;
}

const COMMITMENT = [1n, 300n, 70000n, 2130706432n, 0n, 5n, 6n, 7n];

describe('what another language’s stubs encode', () => {
  it('has the field numbers of the published schema', () => {
    const ofCoordinator = (name: string, ...path: number[]) => at(recorded(`coordinator-${name}`), ...path);
    expect(ofCoordinator('heartbeat', 1, 1, 1)).toEqual([1790000000n]);
    expect(ofCoordinator('shutdown', 2, 1)).toEqual(['stop']);
    expect(ofCoordinator('shutdown', 2, 2)).toEqual([30n]);
    expect(ofCoordinator('register-response', 3, 1)).toEqual(['p1']);
    expect(ofCoordinator('register-response', 3, 2)).toEqual([1n]);
    expect(ofCoordinator('register-response', 3, 3)).toEqual(['welcome']);
    expect(ofCoordinator('register-response', 3, 4, 1)).toEqual([1790000000n]);
    expect(ofCoordinator('job-cancelled', 5, 1)).toEqual(['job-7']);
    expect(ofCoordinator('job-cancelled', 5, 2)).toEqual(['enough']);
  });

  it('has those of each task', () => {
    const contribution = recorded('coordinator-execute-contribution');
    expect(at(contribution, 4, 2)).toEqual(['job-7']);
    expect([1, 2, 3, 4, 6].map((field) => at(contribution, 4, 4, field))).toEqual([['b'], ['/in/x'], [1n], [2n], [4n]]);
    expect(numbersAt(contribution, 4, 4, 5)).toEqual([1n, 3n]);
    const prove = recorded('coordinator-execute-prove');
    expect(at(prove, 4, 3)).toEqual([1n]);
    expect([at(prove, 4, 5, 1, 1), at(prove, 4, 5, 1, 2)]).toEqual([[1n], [3n]]);
    expect(numbersAt(prove, 4, 5, 1, 3)).toEqual(COMMITMENT);
    const aggregate = recorded('coordinator-execute-aggregate');
    expect(at(aggregate, 4, 3)).toEqual([2n]);
    expect([2, 3, 5].map((field) => at(aggregate, 4, 6, field))).toEqual([[1n], [1n], [1n]]);
    expect(numbersAt(aggregate, 4, 6, 1, 1, 3)[0]).toBe(19n);
  });

  it('has those of what a prover says', () => {
    const ofProver = (name: string, ...path: number[]) => at(recorded(`prover-${name}`), ...path);
    expect(ofProver('heartbeat-ack', 1, 1)).toEqual(['p1']);
    expect([1, 2, 3].map((field) => ofProver('error', 2, field))).toEqual([['p1'], ['job-7'], ['no memory']]);
    expect([ofProver('register', 3, 1), ofProver('register', 3, 2, 1)]).toEqual([['p1'], [2n]]);
    expect(ofProver('reconnect', 4, 3)).toEqual(['job-7']);
    expect(numbersAt(recorded('prover-challenges'), 5, 6, 1, 3)).toEqual(COMMITMENT);
    expect([ofProver('proofs', 5, 3), ofProver('proofs', 5, 4)]).toEqual([[1n], [1n]]);
    expect([ofProver('proofs', 5, 7, 1, 1), ofProver('proofs', 5, 7, 1, 2)]).toEqual([[1n], [3n]]);
    expect(numbersAt(recorded('prover-final-proof'), 5, 8, 1, 1)[0]).toBe(15n);
    expect([1, 2, 3, 5].map((field) => ofProver('failure', 5, field))).toEqual([
      ['job-7'],
      ['p1'],
      [1n],
      ['out of memory'],
    ]);
  });

  it.each(readdirSync(FOLDER).map((file) => file.replace('.hex', '')))('%s is read and written the same', (name) => {
    const bytes = recorded(name);
    const Message = name.startsWith('coordinator-') ? CoordinatorMessage : ProverMessage;
    const message = Message.decode(bytes);
    expect(message.payload).toBeDefined();
    expect(new Map(Object.entries(message.payload?.value ?? {})).get('_unknownFields')).toEqual({});
    expect(Buffer.from(Message.encode(message as never).finish())).toEqual(bytes);
  });
});
