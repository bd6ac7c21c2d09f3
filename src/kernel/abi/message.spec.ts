import fc from 'fast-check';
import { Fields } from './fields.js';
import { decodeMessage, encodeMessage } from './message.js';

const text = (value: string) => new TextEncoder().encode(value);

/** A message with any header text, its length as given or as it is. */
function raw(header: string, body = new Uint8Array(), headLength = text(header).length): Uint8Array {
  const bytes = new Uint8Array(4 + text(header).length + body.length);
  new DataView(bytes.buffer).setUint32(0, headLength, true);
  bytes.set(text(header), 4);
  bytes.set(body, 4 + text(header).length);
  return bytes;
}

describe('messages of the binary interface', () => {
  it('come back as they were sent', () => {
    const blobs = fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 5 });
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.string()), blobs, (fields, sent) => {
        fc.pre(!('blobs' in fields));
        const { header, blobs: received } = decodeMessage(encodeMessage(fields, sent));
        expect(header).toEqual({ ...fields, blobs: sent.map(({ length }) => length) });
        expect(received.map((blob) => [...blob])).toEqual(sent.map((blob) => [...blob]));
      }),
    );
  });

  it.each([
    ['nothing', new Uint8Array(), 'it has 0 bytes'],
    ['a header that is cut off', raw('{}', undefined, 99), 'its header of 99 bytes is cut off'],
    ['a header that is no JSON', raw('{'), 'its header is no JSON text'],
    ['a header that is no object', raw('[]'), 'its header is no object'],
    ['blob lengths that are none', raw('{"blobs":[-1]}'), 'header.blobs is no list of lengths'],
    ['bytes that no blob covers', raw('{"blobs":[1]}', new Uint8Array(2)), 'its blobs have 1 bytes and 2 follow'],
  ])('refuses %s', (_what, bytes, why) => {
    expect(() => decodeMessage(bytes)).toThrow(expect.objectContaining({ code: 'protocol' }));
    expect(() => decodeMessage(bytes)).toThrow(why);
  });
});

describe('fields of a response', () => {
  const fields = new Fields({ a: 1, b: '7', c: -1, d: { e: 'x' }, f: [1, -1], g: [{ a: 2 }], h: { x: 3 } });

  it('are read by their type', () => {
    expect(fields.u32('a')).toBe(1);
    expect(fields.u64('b')).toBe(7n);
    expect(fields.object('d').choice('e', ['x', 'y'])).toBe('x');
    expect(fields.objects('g').map((element) => element.u32('a'))).toEqual([2]);
    expect(fields.counts('h')).toEqual({ x: 3 });
  });

  it.each([
    [() => fields.u32('c'), 'has -1 where response.c must be a 32-bit number'],
    [() => fields.u64('a'), 'has 1 where response.a must be a decimal text'],
    [() => fields.u32s('f'), 'has -1 where response.f.1 must be a 32-bit number'],
    [() => fields.objects('d'), 'where response.d must be a list'],
    [() => fields.text('none'), 'has nothing where response.none must be a text'],
    [() => fields.object('d').choice('e', ['y']), 'has "x" where response.d.e must be one of y'],
  ])('are refused with their path and value', (read, why) => {
    expect(read).toThrow(why);
  });
});
