import { Attention } from './clock.js';

describe('attentive time', () => {
  let realMs = 1000;
  const attention = new Attention(() => realMs);
  const pass = (ms: number, tickMs: number) => {
    for (let passed = 0; passed < ms; passed += tickMs) {
      realMs += tickMs;
      attention.tick();
    }
  };

  it('passes like real time while the event loop turns', () => {
    pass(10_000, 250);
    realMs += 100;
    expect(attention.nowMs()).toBe(10_100);
    realMs += 150;
    attention.tick();
    expect(attention.nowMs()).toBe(10_250);
  });

  it('counts a stall as half a second, before and after the tick that ends it', () => {
    const beforeMs = attention.nowMs();
    realMs += 40_000;
    expect(attention.nowMs()).toBe(beforeMs + 500);
    attention.tick();
    expect(attention.nowMs()).toBe(beforeMs + 500);
    pass(1000, 250);
    expect(attention.nowMs()).toBe(beforeMs + 1500);
  });
});
