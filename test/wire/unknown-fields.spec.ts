// A peer of a later schema sends fields that this version does not know: they are kept and sent on, byte for byte.
import { ProverMessage } from '../../src/wire/generated/zisk_distributed_api.js';

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

// Written by hand: field number << 3 | wire type.
const HEARTBEAT_ACK = '0a 04 0a 02 70 31'; // heartbeat_ack (1) { prover_id (1): "p1" }
const WITH_UNKNOWN_INSIDE = '0a 0b 0a 02 70 31 f0 3f 96 01 fa 3f 00'; // and 1022: 150, 1023: ""
const UNKNOWN_AT_THE_END = 'c2 3e 03 61 62 63 cd 3e 01 02 03 04'; // 1000: "abc", 1001: fixed32

describe('fields that this version does not know', () => {
  it.each([
    ['beside a known one', `${HEARTBEAT_ACK} ${UNKNOWN_AT_THE_END}`],
    ['inside a known one', WITH_UNKNOWN_INSIDE],
    ['alone', UNKNOWN_AT_THE_END],
  ])('survive %s', (_where, hex) => {
    const message = ProverMessage.decode(bytes(hex));
    expect(Buffer.from(ProverMessage.encode(message).finish())).toEqual(bytes(hex));
  });

  it('change nothing of what is known', () => {
    const { payload } = ProverMessage.decode(bytes(`${HEARTBEAT_ACK} ${UNKNOWN_AT_THE_END}`));
    expect(payload).toMatchObject({ $case: 'heartbeatAck', value: { proverId: 'p1', heldGrants: [] } });
    expect(ProverMessage.decode(bytes(UNKNOWN_AT_THE_END)).payload).toBeUndefined();
  });
});
