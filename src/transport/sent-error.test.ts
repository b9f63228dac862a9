import { describe, expect, it } from 'vitest';
import { putErrorTogether, takeErrorApart } from './sent-error.js';

const throughAThread = (error: unknown): Error =>
  putErrorTogether(structuredClone(takeErrorApart(error)));

describe('an error that goes to another thread', () => {
  it('keeps what says what went wrong, that of its cause, too', () => {
    const cause = Object.assign(new TypeError('refused'), {
      code: 'ECONNREFUSED',
      syscall: 'connect',
    });
    const error = throughAThread(new Error('proxy', { cause }));
    expect(error).toBeInstanceOf(Error);
    expect(error.message).toBe('proxy');
    expect(error.cause).toMatchObject({
      name: 'TypeError',
      message: 'refused',
      code: 'ECONNREFUSED',
      syscall: 'connect',
    });
  });

  it('has no code where there was none', () => {
    expect('code' in throughAThread(new Error('x'))).toBe(false);
  });

  it('may be anything that was thrown', () => {
    expect(throughAThread('text').message).toBe('text');
    expect(throughAThread(undefined).message).toBe('undefined');
  });

  it('may be its own cause', () => {
    const error: Error = new Error('round');
    error.cause = error;
    expect(throughAThread(error).message).toBe('round');
  });
});
