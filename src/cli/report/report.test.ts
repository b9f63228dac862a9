import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { Script } from 'node:vm';
import { load, type CheerioAPI } from 'cheerio';
import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { HydraError, type HydraErrorCode } from '../../errors.js';
import type { Outcome } from '../../request/request.js';
import { HydraResponse, type ResponseParts } from '../../request/response.js';
import type { RunReader } from '../../run/read-run.js';
import type { RunInfo, RunSession } from '../../run/run-info.js';
import { collectReport } from './collect-report.js';
import { renderReport } from './render-report.js';
import type { ReportData } from './report-data.js';
import { summarize } from './summary.js';
import { writeReport } from './write-report.js';

const START_MS = Date.UTC(2026, 10, 24, 8, 0, 0);

function answer(id: number, parts: Partial<ResponseParts> = {}): Outcome {
  const response = new HydraResponse({
    id,
    method: 'GET',
    url: `https://api.example.com/v1/users/${id}`,
    status: 200,
    headers: {},
    attempts: 1,
    appId: 'one',
    durationMs: 80,
    endedAtMs: START_MS + id * 100,
    body: new Uint8Array(),
    ...parts,
  });
  return { kind: 'response', response };
}

function failed(
  id: number,
  code: HydraErrorCode = 'HYDRA_TIMEOUT',
  status?: number,
  url = `https://api.example.com/v1/users/${id}`,
): Outcome {
  const error = new HydraError(code, `It went wrong at ${url}.`, status ? { status } : {});
  const endedAtMs = START_MS + id * 100;
  return { kind: 'failure', failure: { id, method: 'GET', url, attempts: 3, endedAtMs, error } };
}

/** Without groups of its own, a session's apps have one limit, that of its allowed rate. */
function session(parts: Partial<RunSession> = {}): RunSession {
  const { apps = 2, allowedRate = 10 } = parts;
  const limits = [{ requests: allowedRate / Math.max(apps, 1), perMs: 1000 }];
  return {
    appGroups: [{ limits, apps }],
    startedAtMs: START_MS,
    endedAtMs: START_MS + 10_000,
    apps: 2,
    allowedRate: 10,
    succeeded: 90,
    failed: 0,
    attempts: 90,
    refusals: 0,
    retries: {},
    bytes: 1000,
    ...parts,
  };
}

function collect(
  outcomes: readonly Outcome[],
  sessions: readonly RunSession[] = [session()],
  parts: Partial<RunInfo> = {},
): Promise<ReportData> {
  const info: RunInfo = {
    version: 1,
    api: { name: 'example', baseUrl: 'https://api.example.com/v1' },
    state: 'complete',
    createdAtMs: START_MS,
    updatedAtMs: START_MS,
    options: {},
    source: { read: outcomes.length, isWhole: true },
    totals: { done: 0, failed: 0 },
    segments: [],
    sessions,
    ...parts,
  };
  const run: Pick<RunReader, 'info' | 'outcomes'> = {
    info,
    async *outcomes() {
      yield* outcomes;
    },
  };
  return collectReport(run);
}

/** The page, with figures as they are written: no `&nbsp;`. */
function pageOf(data: ReportData): CheerioAPI {
  return load(renderReport(data, { timeZone: 'UTC' }).replaceAll('\u00A0', ' '));
}

/** The texts of a table's rows in the section that is headed by `id`. */
function rowsOf(page: CheerioAPI, id: string, table = 0): string[][] {
  const rows = page(`section[aria-labelledby="${id}"] table`).eq(table).find('tbody tr');
  return rows.toArray().map((row) =>
    page(row)
      .find('th, td:not([aria-hidden])')
      .toArray()
      .map((cell) => page(cell).text().replaceAll(/\s+/g, ' ').trim()),
  );
}

function cards(page: CheerioAPI): Record<string, string> {
  return Object.fromEntries(
    page('.cards > div')
      .toArray()
      .map((card) => [page(card).find('dt').text(), page(card).find('.figure').text()]),
  );
}

const hundred = Array.from({ length: 100 }, (_, id) =>
  id < 90
    ? answer(id, {
        appId: id % 3 === 0 ? 'one' : 'two',
        durationMs: id + 1,
        attempts: 1 + (id % 2),
      })
    : failed(id, 'HYDRA_HTTP_STATUS', id < 97 ? 404 : 403),
);

describe('collectReport', () => {
  it('counts every outcome once, in each of its figures', async () => {
    const outcome = fc
      .record({
        isFailure: fc.boolean(),
        status: fc.constantFrom(200, 201, 404, 500),
        appId: fc.constantFrom('a', 'b', 'c'),
        attempts: fc.integer({ min: 0, max: 200 }),
        durationMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
        endedAtMs: fc.integer({ min: START_MS, max: START_MS + 1e9 }),
      })
      .map(({ isFailure, ...parts }) =>
        isFailure ? failed(0, 'HYDRA_HTTP_STATUS', parts.status) : answer(0, parts),
      );
    await fc.assert(
      fc.asyncProperty(fc.array(outcome, { maxLength: 60 }), async (outcomes) => {
        const data = await collect(outcomes);
        const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
        const { succeeded, failed: failures } = data.requests;
        expect(succeeded + failures).toBe(outcomes.length);
        expect(sum(data.statuses.map((s) => s.requests))).toBe(outcomes.length);
        expect(sum(data.attempts.map((a) => a.requests))).toBe(outcomes.length);
        expect(sum(data.timeline.points.map((p) => p.succeeded))).toBe(succeeded);
        expect(sum(data.timeline.points.map((p) => p.failed))).toBe(failures);
        expect(sum(data.failures.map((f) => f.requests))).toBe(failures);
        expect(sum(data.apps.map((a) => a.answers))).toBe(succeeded);
        expect(sum(data.latency.bins.map((b) => b.count))).toBe(succeeded);
        expect(data.slowest).toHaveLength(Math.min(10, succeeded));
      }),
    );
  });

  it('keeps the slowest, the slowest first', async () => {
    const { slowest } = await collect(hundred);
    expect(slowest.map((s) => s.durationMs)).toEqual([90, 89, 88, 87, 86, 85, 84, 83, 82, 81]);
  });

  it('groups failures by reason, with the first as an example', async () => {
    const { failures } = await collect(hundred);
    expect(failures.map((f) => [f.code, f.status, f.requests, f.example.url])).toEqual([
      ['HYDRA_HTTP_STATUS', 404, 7, 'https://api.example.com/v1/users/90'],
      ['HYDRA_HTTP_STATUS', 403, 3, 'https://api.example.com/v1/users/97'],
    ]);
  });

  it('adds sessions up, without the pause between them', async () => {
    const second = { startedAtMs: START_MS + 60_000, endedAtMs: START_MS + 70_000 };
    const { traffic, retries } = await collect(hundred, [
      session({ ...second, allowedRate: 20, attempts: 150, retries: { body: 2, network: 1 } }),
      session({ refusals: 3, attempts: 103, retries: { network: 4 } }),
    ]);
    expect(traffic).toMatchObject({ activeMs: 20_000, pausedMs: 50_000, rate: 12.5, bytes: 2000 });
    expect(traffic).toMatchObject({ allowedRate: 15, retries: 7, refusals: 3 });
    expect(traffic.used).toBeCloseTo(250 / 300, 9);
    expect(retries).toEqual([
      { cause: 'network', times: 5 },
      { cause: 'body', times: 2 },
    ]);
  });

  it('measures against long windows, too', async () => {
    const limits = [
      { requests: 5, perMs: 1000 },
      { requests: 30, perMs: 3_600_000 },
    ];
    const { traffic, sessions } = await collect(hundred, [
      session({ attempts: 60, appGroups: [{ limits, apps: 2 }] }),
    ]);
    // 2 apps may send 30 each in the hour: all is used, although the second would admit 100.
    expect(traffic.used).toBe(1);
    expect(sessions[0]!.sustainedRate).toBeCloseTo(60 / 3600, 9);
  });
});

describe('renderReport', () => {
  it('shows the main figures', async () => {
    const sessions = [session({ attempts: 145, refusals: 3, retries: { 'http-500': 45 } })];
    const page = pageOf(await collect(hundred, sessions));
    expect(cards(page)).toEqual({
      Answered: '90',
      'Failed for good': '10',
      Duration: '10 s',
      'Allowed rate used': '142.0%',
      'Refused (429, 503)': '3',
      'Sent again': '45',
      'Median latency': '45 ms',
      'Data received': '1.00 kB',
    });
    expect(rowsOf(page, 'status')).toEqual([
      ['200 OK', '90', '90.0%'],
      ['404 Not Found failed for good', '7', '7.0%'],
      ['403 Forbidden failed for good', '3', '3.0%'],
    ]);
    expect(rowsOf(page, 'retries')).toEqual([['HTTP 500 Internal Server Error', '45', '100%']]);
    expect(rowsOf(page, 'attempts').map(([head, n]) => [head, n])).toEqual([
      ['1 (at once)', '45'],
      ['2', '45'],
      ['3', '10'],
    ]);
    expect(rowsOf(page, 'apps').map(([app, n]) => [app, n])).toEqual([
      ['two', '60'],
      ['one', '30'],
    ]);
    expect(rowsOf(page, 'failures')[0]![0]).toContain('HYDRA_HTTP_STATUS, 404 Not Found');
    expect(rowsOf(page, 'slowest')).toHaveLength(10);
  });

  it('has the figures of both charts in tables, for who has no script', async () => {
    const page = pageOf(await collect(hundred));
    const seconds = rowsOf(page, 'rate');
    expect(seconds).toHaveLength(10);
    expect(seconds[9]).toEqual(['24 Nov 2026, 08:00:09', '0', '10', '10.0']);
    expect(rowsOf(page, 'latency').at(-1)!.at(-1)).toBe('100%');
  });

  it('loads nothing, and lets only its own scripts run', async () => {
    const page = pageOf(await collect(hundred));
    expect(page('[src], a[href], form, iframe, object, embed').length).toBe(0);
    expect(
      page('link')
        .toArray()
        .map((link) => page(link).attr('href')),
    ).toEqual(['data:,']);
    expect(page('style').text()).not.toMatch(/url\(|@import/);
    const policy = page('meta[http-equiv="Content-Security-Policy"]').attr('content')!;
    expect(policy).toContain("default-src 'none'");
    const scripts = page('script:not([type])').toArray();
    expect(scripts).toHaveLength(2);
    for (const script of scripts) {
      const source = page(script).text();
      const hash = createHash('sha256').update(source).digest('base64');
      expect(policy).toContain(`'sha256-${hash}'`);
      // It is JavaScript: what is wrong in it would otherwise only show in a browser.
      expect(() => new Script(source)).not.toThrow();
    }
  });

  it('carries the licence of the chart library', async () => {
    expect(pageOf(await collect([]))('footer pre').text()).toContain('Leon Sorokin');
  });

  it('shows what comes from the run as text, whatever it is', async () => {
    const evil = '</script><script>alert(1)</script>"\'\u2028<img src=x onerror=alert(2)>';
    const outcomes = [
      answer(0, { url: evil, appId: evil }),
      failed(1, 'HYDRA_TIMEOUT', undefined, evil),
    ];
    const sessions = [session({ retries: { [evil]: 2 } })];
    const data = await collect(outcomes, sessions, { api: { name: evil, baseUrl: evil } });
    const page = pageOf(data);
    expect(page('script').length).toBe(3);
    expect(page('img, [onerror]').length).toBe(0);
    expect(page('h1').text()).toContain(evil);
    expect(rowsOf(page, 'failures')[0]![1]).toContain('</script><script>alert(1)</script>');
    expect(() => JSON.parse(page('#chart-data').text())).not.toThrow();
  });

  it('gives the rate chart a break where no session was at work', async () => {
    const outcomes = [answer(0), answer(1, { endedAtMs: START_MS + 60_500 })];
    const sessions = [
      session({ endedAtMs: START_MS + 3000 }),
      session({ startedAtMs: START_MS + 60_000, endedAtMs: START_MS + 62_000, allowedRate: 30 }),
    ];
    const { rate } = JSON.parse(pageOf(await collect(outcomes, sessions))('#chart-data').text());
    expect(rate.answered).toEqual([1, 0, 0, null, 1, 0]);
    expect(rate.allowed).toEqual([10, 10, 10, null, 30, 30]);
    expect(rate.x).toHaveLength(6);
    expect(rate.pauses).toHaveLength(1);
  });

  it('spreads many apps instead of naming each', async () => {
    const outcomes = Array.from({ length: 1000 }, (_, id) =>
      answer(id, { appId: `app${id < 300 ? id : id % 200}` }),
    );
    const page = pageOf(await collect(outcomes, [session({ apps: 310 })]));
    const section = page('section[aria-labelledby="apps"]');
    expect(section.find('.note').text()).toContain('Another 10 apps had no answer.');
    expect(rowsOf(page, 'apps')).toEqual([
      ['1', '100', '33.3%'],
      ['2', '0', '0%'],
      ['3', '0', '0%'],
      ['4', '100', '33.3%'],
      ['5', '100', '33.3%'],
    ]);
    expect(rowsOf(page, 'apps', 1)).toHaveLength(5);
    expect(rowsOf(page, 'apps', 2)).toHaveLength(5);
    // Bars of both tables are to the same scale; nothing has no bar.
    const widths = (table: number): (string | undefined)[] =>
      section
        .find('table')
        .eq(table)
        .find('.bar')
        .toArray()
        .map((bar) => page(bar).find('span').attr('style'));
    expect(widths(0)[1]).toBeUndefined();
    expect([widths(1)[0], widths(2)[0]]).toEqual(['width:100.00%', 'width:20.00%']);
  });

  it.each([
    ['no outcome', [], []],
    ['one outcome', [answer(0)], [session({ endedAtMs: START_MS + 1 })]],
    ['only failures', [failed(0), failed(1)], [session()]],
    ['a session of no time', [answer(0)], [session({ endedAtMs: START_MS })]],
    ['a clock that was set back', [answer(0)], [session({ endedAtMs: START_MS - 5000 })]],
    ['a session without apps', [failed(0)], [session({ apps: 0, allowedRate: 0, attempts: 0 })]],
  ] as const)('makes a page of a run with %s', async (_, outcomes, sessions) => {
    const page = pageOf(await collect(outcomes, sessions));
    expect(page('.cards > div').length).toBe(8);
    expect(page('main').text()).not.toMatch(/NaN|Infinity|undefined|null/);
    expect(page('#rate-chart').length).toBe(outcomes.length + sessions.length > 0 ? 1 : 0);
    const isAnswered = outcomes.some((outcome) => outcome.kind === 'response');
    expect(page('#latency-chart').length).toBe(isAnswered ? 1 : 0);
  });
});

describe('summarize', () => {
  const words = async (
    outcomes: readonly Outcome[],
    sessions: readonly RunSession[],
    parts: Partial<RunInfo> = {},
  ): Promise<string> =>
    summarize(await collect(outcomes, sessions, parts))
      .join(' ')
      .replaceAll('\u00A0', ' ');

  it('says in plain words how a run went', async () => {
    const second = { startedAtMs: START_MS + 3_610_000, endedAtMs: START_MS + 3_620_000 };
    const sessions = [session({ retries: { 'http-502': 2, timeout: 1 } }), session(second)];
    expect(await words(hundred, sessions)).toBe(
      '90 of 100 requests were answered; 10 failed for good (10.0%). It took 20 s in 2 sessions, with 1 h of pause between them, at 9.00 accepted requests a second: 90.0% of what 2 apps may send. The server refused none (429, 503); 3 were sent again (most often: HTTP 502).',
    );
  });

  it.each([
    ['nothing asked yet', [], { state: 'running' }, /^No request has an outcome yet\.$/],
    ['an empty source', [], { state: 'complete' }, /^There was nothing to ask\.$/],
    ['one answer', [answer(0)], {}, /^The one request was answered\./],
    ['one failure', [failed(0)], {}, /^The one request failed\./],
    ['only failures', [failed(0), failed(1)], {}, /^All 2 requests failed\./],
    [
      'a stop on the way',
      [answer(0), failed(1)],
      { state: 'stopped', source: { read: 50, isWhole: true } },
      /^The run is not finished: 2 requests of 50 have an outcome; 1 of them failed\./,
    ],
  ] as const)('finds words for %s', async (_, outcomes, parts, sentence) => {
    const sessions = outcomes.length === 0 ? [] : [session()];
    expect(await words(outcomes, sessions, parts)).toMatch(sentence);
  });
});

describe('writeReport', () => {
  it('replaces the file as a whole, and leaves nothing else behind', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'apihydra-report-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = path.join(folder, 'report.html');
    await writeReport(file, 'first');
    await writeReport(file, 'second');
    expect(await readFile(file, 'utf8')).toBe('second');
    await expect(writeReport(folder, 'a folder')).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
    expect(await readdir(path.dirname(folder))).not.toContainEqual(
      expect.stringMatching(`^${path.basename(folder)}\\..*tmp$`),
    );
    expect(await readdir(folder)).toEqual(['report.html']);
  });
});
