import { describe, expect, it } from 'vitest';
import { lineLogger, logLevels, logLine } from './logger.js';

describe('lineLogger', () => {
  it.each(logLevels.map((level, index) => [level, logLevels.slice(index)] as const))(
    'of level %s writes %j',
    (level, expected) => {
      const written: string[] = [];
      const logger = lineLogger(level, (own, message) => {
        expect(message).toBe(`about ${own}`);
        written.push(own);
      });
      logger.debug('about debug');
      logger.info('about info');
      logger.warn('about warning');
      logger.error('about error');
      logger.fatal('about fatal');
      expect(written).toEqual(expected);
    },
  );
});

describe('logLine', () => {
  const at = new Date(2026, 0, 2, 3, 4, 5, 6).getTime();

  it('has the local time, the level and the message', () => {
    expect(logLine('warning', 'so it is', at, false)).toBe('[03:04:05.006] WARN: so it is');
  });

  it.each([
    ['debug', 34],
    ['info', 32],
    ['warning', 33],
    ['error', 31],
    ['fatal', 41],
  ] as const)('paints %s on a terminal', (level, colour) => {
    const label = level === 'warning' ? 'WARN' : level.toUpperCase();
    expect(logLine(level, 'x', at, true)).toBe(
      `[03:04:05.006] \u001b[${colour}m${label}\u001b[0m: \u001b[36mx\u001b[0m`,
    );
  });
});
