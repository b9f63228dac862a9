import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ToldBudgets, type ToldContext } from './told-budget.js';
import type { ToldWindow } from './told-window.js';

const context: ToldContext = {
  number: 10,
  uncounted: 0,
  sentAtMs: 1000,
  answeredAtMs: 1070,
  limits: [{ requests: 1200, perMs: 3_600_000 }],
  countSince: () => 10,
  remembered: 1200,
};

const window: ToldWindow = {
  name: 'X-RateLimit',
  requests: undefined,
  perMs: undefined,
  remaining: 0,
  resetMs: 5000,
};

describe('ToldBudgets', () => {
  it('hold nothing back before anything is told', () => {
    const budgets = new ToldBudgets();
    budgets.onSent(0);
    expect(budgets.heldUntilMs).toBe(-Infinity);
  });

  it('keep the app away until the reset once nothing is left', () => {
    const budgets = new ToldBudgets();
    budgets.onTold(window, context);
    expect(budgets.heldUntilMs).toBe(6070);
  });

  it('let what is left be sent, less what the server may not have counted', () => {
    const budgets = new ToldBudgets();
    budgets.onTold({ ...window, remaining: 5 }, { ...context, uncounted: 3 });
    for (const held of [-Infinity, 6070]) {
      budgets.onSent(1100);
      expect(budgets.heldUntilMs).toBe(held);
    }
  });

  it('forget what was told once the window has ended', () => {
    const budgets = new ToldBudgets();
    budgets.onTold({ ...window, remaining: 1 }, context);
    budgets.onSent(6070);
    expect(budgets.heldUntilMs).toBe(-Infinity);
  });

  it('do not follow what is left by our own count: our windows know better when there is room', () => {
    const budgets = new ToldBudgets();
    const hourly = { ...window, requests: 1200, perMs: 3_600_000, remaining: 1190 };
    expect(budgets.onTold(hourly, context)).toBe(false);
    const full = { ...hourly, remaining: 0 };
    expect(budgets.onTold(full, { ...context, countSince: () => 1200 })).toBe(false);
    expect(budgets.heldUntilMs).toBe(-Infinity);
  });

  it('follow it where the server has counted more than we have sent', () => {
    const budgets = new ToldBudgets();
    const hourly = { ...window, requests: 1200, perMs: 3_600_000, remaining: 1 };
    expect(budgets.onTold(hourly, context)).toBe(true);
    budgets.onSent(1100);
    expect(budgets.heldUntilMs).toBe(6070);
  });

  it('follow it where our own count does not reach back as far, and say nothing of others', () => {
    const budgets = new ToldBudgets();
    const daily = { ...window, requests: 5000, perMs: 86_400_000 };
    expect(budgets.onTold(daily, { ...context, countSince: () => 1200 })).toBe(false);
    expect(budgets.heldUntilMs).toBe(6070);
  });

  it('know a window by its requests where its length is not told', () => {
    const budgets = new ToldBudgets();
    const since: number[] = [];
    const countSince = (sinceMs: number): number => since.push(sinceMs);
    budgets.onTold({ ...window, requests: 1200, remaining: 1000 }, { ...context, countSince });
    expect(since).toEqual([1000 - 3_600_000]);
  });

  it('ask again after a minute, or after the window, where no reset is told', () => {
    const hourly = new ToldBudgets();
    hourly.onTold({ ...window, requests: 1200, perMs: 3_600_000, resetMs: undefined }, context);
    expect(hourly.heldUntilMs).toBe(61_070);
    const secondly = new ToldBudgets();
    const fewer = { ...context, countSince: () => 1 };
    secondly.onTold({ ...window, requests: 2, perMs: 1000, resetMs: undefined }, fewer);
    expect(secondly.heldUntilMs).toBe(2070);
  });

  it('never hold longer than a window is long', () => {
    const budgets = new ToldBudgets();
    const fewer = { ...context, countSince: () => 1 };
    budgets.onTold({ ...window, requests: 20, perMs: 500 }, fewer);
    expect(budgets.heldUntilMs).toBe(1570);
  });

  it('know nothing from what is left alone: it may be of any window', () => {
    const budgets = new ToldBudgets();
    expect(budgets.onTold({ ...window, resetMs: undefined }, context)).toBe(false);
    expect(budgets.heldUntilMs).toBe(-Infinity);
  });

  it('believe the answer to the latest request, whichever comes last', () => {
    const budgets = new ToldBudgets();
    budgets.onTold({ ...window, remaining: 8 }, { ...context, number: 12 });
    budgets.onTold(window, context);
    expect(budgets.heldUntilMs).toBe(-Infinity);
    budgets.onTold(window, { ...context, number: 13 });
    expect(budgets.heldUntilMs).toBe(6070);
  });

  it('keep several windows apart, and hold until the last of them', () => {
    const budgets = new ToldBudgets();
    budgets.onTold(window, context);
    budgets.onTold({ ...window, name: 'RateLimit "day"', resetMs: 90_000 }, context);
    expect(budgets.heldUntilMs).toBe(91_070);
    budgets.onTold({ ...window, name: 'RateLimit "day"', remaining: 3 }, context);
    expect(budgets.heldUntilMs).toBe(6070);
  });

  it('never let more be sent than a window has left, in whatever order requests and answers come', () => {
    const turn = fc.record({
      what: fc.constantFrom('send', 'arrive', 'answer'),
      which: fc.nat({ max: 3 }),
    });
    const turns = fc.array(turn, { maxLength: 120 });
    fc.assert(
      fc.property(turns, fc.integer({ min: 4, max: 20 }), (someTurns, quota) => {
        const budgets = new ToldBudgets();
        const onTheWay: number[] = [];
        const answers: { number: number; remaining: number }[] = [];
        let sent = 0;
        let counted = 0;
        let isTold = false;
        for (const { what, which } of someTurns) {
          // Before the first answer nobody knows; from then on nothing above the quota is sent.
          const maySend = budgets.heldUntilMs < 0 && (isTold || sent < 4);
          if (what === 'send' && maySend) {
            sent += 1;
            budgets.onSent(0);
            onTheWay.push(sent);
          }
          if (what === 'arrive') {
            const [number] = onTheWay.splice(which, 1);
            if (number !== undefined) answers.push({ number, remaining: quota - ++counted });
          }
          const [told] = what === 'answer' ? answers.splice(which, 1) : [];
          if (told === undefined) continue;
          isTold = true;
          const { number, remaining } = told;
          const underWay = onTheWay.length + answers.length;
          const uncounted = Math.max(sent - number, underWay);
          const one = { ...window, remaining: Math.max(0, remaining), resetMs: 1e6 };
          budgets.onTold(one, { ...context, number, uncounted });
        }
        expect(sent).toBeLessThanOrEqual(quota);
      }),
      { numRuns: 500 },
    );
  });
});
