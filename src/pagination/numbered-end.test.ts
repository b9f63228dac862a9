import { describe, expect, it } from 'vitest';
import { madePage } from '../../test/pagination/made-page.js';
import { HydraError } from '../errors.js';
import { NumberedEnd } from './numbered-end.js';
import type { NumberedRoute } from './page-route.js';
import type { Page } from './page.js';

const route: NumberedRoute = {
  kind: 'numbered',
  size: 2,
  skipped: 0,
  at: (index) => ({ url: `http://x/${index}` }),
  pagesTold: ({ pages }) => pages,
};

function page(index: number, items: readonly unknown[], told: Partial<Page> = {}): Page {
  return madePage({ index, items, url: `http://x/${index}`, ...told });
}

function status(code: number): HydraError {
  return new HydraError('HYDRA_HTTP_STATUS', `Answered with status ${code}.`, { status: code });
}

function endAfter(...pages: readonly Page[]): NumberedEnd {
  const end = new NumberedEnd(route, { untilEmpty: false, style: 'page' });
  for (const one of pages) expect(end.saw(one)).toBe('go-on');
  return end;
}

const full = [page(0, [1, 2]), page(1, [3, 4])] as const;
const short = [page(0, [1, 2]), page(1, [3])] as const;

describe('a page that fails', () => {
  it.each([400, 404, 416, 422])('is behind the end by %d where the one before is short', (code) => {
    const end = endAfter(...short);
    expect(end.failed(2, status(code))).toBe(true);
    expect(end).toMatchObject({ bound: 2, behind: 2, assumed: undefined });
  });

  it.each([400, 404, 416])(
    'is taken to be behind it by %d where the one before is full',
    (code) => {
      const end = endAfter(...full);
      expect(end.failed(2, status(code))).toBe(true);
      expect(end).toMatchObject({ bound: 2, behind: 2, assumed: { index: 2, status: code } });
    },
  );

  it.each([401, 403, 408, 410, 429, 500, 503])('is a failure by %d', (code) => {
    expect(endAfter(...short).failed(2, status(code))).toBe(false);
    expect(endAfter(...full).failed(2, status(code))).toBe(false);
  });

  it('is a failure by 422 behind a full page, and by what is no status', () => {
    expect(endAfter(...full).failed(2, status(422))).toBe(false);
    const noList = new HydraError('HYDRA_PAGINATION', 'No list.', { url: 'http://x/2' });
    expect(endAfter(...short).failed(2, noList)).toBe(false);
    expect(endAfter(...short).failed(2, new Error('404'))).toBe(false);
  });

  it.each([{ pages: 9 }, { isLast: false }, { more: true }])(
    'is a failure where the one before tells of it: %j',
    (told) => {
      expect(endAfter(page(0, [1, 2], told)).failed(1, status(404))).toBe(false);
    },
  );

  it('is a failure by 400 where the parameter was only guessed', () => {
    const end = new NumberedEnd(route, { untilEmpty: false, style: 'auto' });
    end.saw(page(0, [1, 2]));
    expect(end.failed(1, status(400))).toBe(false);
    end.saw(page(1, [3, 4]));
    expect(end.failed(2, status(400))).toBe(true);
  });

  it('has its error thrown by a page with items behind it, and is passed over by one without', () => {
    const error = status(404);
    const end = endAfter(...short);
    end.failed(2, error);
    expect(() => end.saw(page(3, [7]))).toThrow(error);
    expect(end.saw(page(3, []))).toBe('end');
  });
});

describe('a page that repeats the one before', () => {
  it('is behind the end, which is assumed where that was full', () => {
    const end = endAfter(...full);
    expect(end.saw(page(2, [3, 4]))).toBe('repeats');
    expect(end).toMatchObject({ behind: 2, assumed: { index: 2, status: undefined } });
    const ofShort = endAfter(...short);
    expect(ofShort.saw(page(2, [3]))).toBe('repeats');
    expect(ofShort).toMatchObject({ behind: 2, assumed: undefined });
  });

  it.each([{ pages: 9 }, { isLast: false }, { more: true }])(
    'is one of the list where more is told: %j',
    (told) => {
      expect(endAfter(page(0, [1, 2]), page(1, [3, 4], told)).saw(page(2, [3, 4]))).toBe('go-on');
    },
  );
});
