import { FrameReader, requestFrame, type Frame } from './frames.js';

function frame(kind: number, content: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(kind, 0);
  head.writeUInt32LE(content.length, 1);
  return Buffer.concat([head, content]);
}

function progress(phase: number, done: number, total: number, atMs: number): Buffer {
  const content = Buffer.alloc(20);
  [phase, done, total].forEach((value, index) => content.writeUInt32LE(value, 4 * index));
  content.writeDoubleLE(atMs, 12);
  return content;
}

const STREAM = Buffer.concat([
  frame(2, progress(3, 1, 4, 12.5)),
  frame(1, Buffer.from('part open: 1.0 ms')),
  frame(0, new Uint8Array()),
  frame(0, Buffer.from([1, 2, 3])),
]);
const FRAMES: Frame[] = [
  { kind: 'progress', progress: { phase: 'prove', fraction: 0.25, atMs: 12.5 } },
  { kind: 'log', line: 'part open: 1.0 ms' },
  { kind: 'response', bytes: new Uint8Array() },
  { kind: 'response', bytes: new Uint8Array([1, 2, 3]) },
];

describe('frames of the native kernel', () => {
  it.each([1, 2, 7, 1000])('are found in pieces of %d bytes', (size) => {
    const reader = new FrameReader();
    const found: Frame[] = [];
    for (let at = 0; at < STREAM.length; at += size) found.push(...reader.push(STREAM.subarray(at, at + size)));
    expect(found).toEqual(FRAMES);
  });

  it('are refused where they are of no known kind or layout', () => {
    expect(() => new FrameReader().push(frame(9, new Uint8Array()))).toThrow('a frame of kind 9');
    expect(() => new FrameReader().push(frame(2, new Uint8Array(4)))).toThrow('another layout');
    expect(() => new FrameReader().push(frame(2, progress(77, 0, 1, 0)))).toThrow('another layout');
  });

  it('begin with the length of a request', () => {
    expect([...requestFrame(new Uint8Array([7, 8]))]).toEqual([2, 0, 0, 0, 7, 8]);
  });
});
