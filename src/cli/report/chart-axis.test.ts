import { describe, expect, it } from 'vitest';
import { layOut } from './chart-axis.js';

function point(second: number) {
  return { startMs: second * 1000, activeMs: 1000, succeeded: 1, failed: 0 };
}

function seconds(from: number, to: number) {
  return Array.from({ length: to - from }, (_, index) => point(from + index));
}

describe('layOut', () => {
  it('puts points in the middle of their bucket', () => {
    const { spans, pauses, positions } = layOut({ bucketMs: 1000, points: seconds(50, 53) });
    expect(positions).toEqual([0.5, 1.5, 2.5]);
    expect(spans).toEqual([{ from: 0, to: 3, startMs: 50_000 }]);
    expect(pauses).toEqual([]);
  });

  it('shows a short pause as long as it was', () => {
    const points = [...seconds(0, 60), ...seconds(62, 102)];
    const { spans, pauses } = layOut({ bucketMs: 1000, points });
    expect(pauses).toEqual([{ from: 60, to: 62, label: 'paused 2\u00A0s' }]);
    expect(spans).toEqual([
      { from: 0, to: 60, startMs: 0 },
      { from: 62, to: 102, startMs: 62_000 },
    ]);
  });

  it('cuts a long pause to a twentieth of the time at work', () => {
    const points = [...seconds(0, 60), ...seconds(86_460, 86_500)];
    const { spans, pauses, positions } = layOut({ bucketMs: 1000, points });
    expect(pauses).toEqual([{ from: 60, to: 65, label: 'paused 1\u00A0d' }]);
    expect(spans[1]).toEqual({ from: 65, to: 105, startMs: 86_460_000 });
    expect(positions[60]).toBe(65.5);
  });

  it('leaves most of the axis to the work, however many pauses there are', () => {
    const points = Array.from({ length: 100 }, (_, index) => point(index * 1000));
    const { spans } = layOut({ bucketMs: 1000, points });
    expect(spans).toHaveLength(100);
    expect(spans.at(-1)!.to).toBeLessThanOrEqual(150.001);
  });

  it('is empty for no points', () => {
    expect(layOut({ bucketMs: 1000, points: [] })).toEqual({
      spans: [],
      pauses: [],
      positions: [],
    });
  });
});
