import { StreamPool } from './stream-pool.js';

function pool() {
  const closed: number[] = [];
  let made = 0;
  const connections = new StreamPool(() => {
    const name = (made += 1);
    return { name, close: () => void closed.push(name) };
  });
  return { connections, closed };
}

const times = (count: number) => Array.from({ length: count });

it('opens a connection for every 24 streams', () => {
  const { connections } = pool();
  const names = times(50).map(() => connections.take().client.name);
  expect([names[0], names[23], names[24], names[47], names[48]]).toEqual([1, 1, 2, 2, 3]);
});

it('uses the place of a stream that is over, once, however often that is said', () => {
  const { connections } = pool();
  const streams = times(24).map(() => connections.take());
  streams[3]?.release();
  streams[3]?.release();
  expect([connections.take().client.name, connections.take().client.name]).toEqual([1, 2]);
});

it('closes them all', () => {
  const { connections, closed } = pool();
  times(30).forEach(() => connections.take());
  connections.close();
  expect([closed, connections.size]).toEqual([[1, 2], 0]);
});
