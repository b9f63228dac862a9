import { expect, it } from 'vitest';
import { DeathRecord } from './death-record.js';

it('is not alarmed by a thread that dies now and then', () => {
  const deaths = new DeathRecord();
  for (let atMs = 0; atMs < 3_600_000; atMs += 16_000) expect(deaths.note(atMs)).toBe(false);
});

it('gives up when threads die again and again', () => {
  const deaths = new DeathRecord();
  const answers = [0, 10, 20, 30, 40].map((atMs) => deaths.note(atMs));
  expect(answers).toEqual([false, false, false, false, true]);
});
