/** Where a run was broken off, the next one goes on: nothing is asked twice, nothing is left out. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { until } from '../transport/http-world.js';
import {
  failing,
  folder,
  held,
  hydraFor,
  paths,
  range,
  readInfo,
  segmentNames,
  workOff,
  world,
  type World,
} from './run-setting.js';

const small = { responsesPerFile: 10 };

/** A finished run of 35 requests in segments of 10, of which number 7 has failed. */
async function finishedRun(options: { compress?: 'gzip' } = {}): Promise<[World, string]> {
  const server = await world();
  server.answer = failing('/7');
  const directory = folder();
  await workOff(server, paths(0, 35), { directory, ...options }, small);
  server.answer = undefined;
  server.asked.length = 0;
  return [server, directory];
}

function segment(directory: string, index: number): string {
  return path.join(directory, segmentNames(directory).at(index) ?? 'none');
}

/** The ids in a segment that is not compressed. */
function idsIn(file: string): number[] {
  const text = fs.readFileSync(file, 'utf8');
  return [...text.matchAll(/^\{"id":(\d+),/gm)].map(([, id]) => Number(id));
}

/** Goes on, and sees to it that each request has one outcome in the end. Returns who was asked again. */
async function goOn(
  [server, directory]: [World, string],
  options: { retryFailures?: boolean; compress?: 'gzip' } = {},
): Promise<{ again: number[]; log: string[] }> {
  const { isComplete, done, failed, log } = await workOff(
    server,
    paths(0, 35),
    { directory, ...options },
    small,
  );
  const all = await held(directory);
  expect({ isComplete, sum: done + failed }).toEqual({ isComplete: true, sum: 35 });
  expect(all.ids).toEqual(range(0, 35));
  const right = paths(0, 35).map((one, id) =>
    all.failed.includes(id) ? 'HYDRA_HTTP_STATUS' : one,
  );
  expect(all.bodies).toEqual(right);
  expect(failed).toBe(all.failed.length);
  expect(readInfo(directory)).toMatchObject({ state: 'complete', totals: { done, failed } });
  const again = server.asked.map((one) => Number(one.slice('GET /'.length)));
  return { again: again.toSorted((a, b) => a - b), log };
}

describe('going on with a run', () => {
  it('asks nothing again that has an outcome, also a failure', async () => {
    const run = await finishedRun();
    expect((await goOn(run)).again).toEqual([]);
    expect((await held(run[1])).failed).toEqual([7]);
  });

  it('asks failures again with retryFailures: a mended one is no failure any more', async () => {
    const run = await finishedRun();
    expect((await goOn(run, { retryFailures: true })).again).toEqual([7]);
    expect((await held(run[1])).failed).toEqual([]);
    expect(readInfo(run[1])).toMatchObject({ totals: { done: 35, failed: 0 } });
    expect((await goOn(run, { retryFailures: true })).again).toEqual([7]);
  });

  it('counts one that fails again once, and readers get the latest', async () => {
    const [server, directory] = await finishedRun();
    server.answer = (request, response) => {
      response.writeHead(418, { 'content-type': 'application/json' });
      response.end('{}');
      return request.url !== '';
    };
    await goOn([server, directory], { retryFailures: true });
    const { outcomes, failed } = await held(directory);
    expect(failed).toEqual([7]);
    const seven = outcomes[7];
    expect(seven?.kind === 'failure' && seven.failure.error.facts.status).toBe(418);
    expect(readInfo(directory)).toMatchObject({ totals: { done: 34, failed: 1 } });
  });

  it('goes on after a graceful stop, and skips what is done', async () => {
    const server = await world();
    const directory = folder();
    const { hydra } = hydraFor(server.origin, { ...small, maxConcurrency: 3 });
    const stop = new AbortController();
    const run = hydra.run(paths(0, 35), { directory, signal: stop.signal });
    await until(() => run.progress.done >= 3);
    stop.abort();
    const { isComplete, done } = await run.done;
    expect(isComplete).toBe(done === 35);
    expect(server.asked).toHaveLength(done);
    server.asked.length = 0;
    expect((await goOn([server, directory])).again).toHaveLength(35 - done);
  });

  it('takes a source that has grown', async () => {
    const [server, directory] = await finishedRun();
    const summary = await workOff(server, paths(0, 50), { directory }, small);
    expect(summary).toMatchObject({ isComplete: true, skipped: 35, done: 49, failed: 1 });
    expect(server.asked).toHaveLength(15);
    expect((await held(directory)).ids).toEqual(range(0, 50));
  });

  it('reads compressed segments, and writes more of them', async () => {
    const run = await finishedRun({ compress: 'gzip' });
    expect(segmentNames(run[1]).every((name) => name.endsWith('.jsonl.gz'))).toBe(true);
    expect((await goOn(run, { compress: 'gzip' })).again).toEqual([]);
    fs.rmSync(path.join(run[1], 'done.bitmap'));
    expect((await goOn(run)).again).toEqual([]);
    expect((await goOn(run, { retryFailures: true, compress: 'gzip' })).again).toEqual([7]);
  });
});

describe('a done-set that is not as it was left', () => {
  const changes: [name: string, change: (file: string) => void][] = [
    ['gone', (file) => fs.rmSync(file)],
    ['empty', (file) => fs.truncateSync(file)],
    ['cut short', (file) => fs.truncateSync(file, 3)],
    ['cut by a byte', (file) => fs.truncateSync(file, fs.statSync(file).size - 1)],
    ['all ones', (file) => fs.writeFileSync(file, Buffer.alloc(fs.statSync(file).size, 255))],
    ['of another content', (file) => fs.writeFileSync(file, 'something else')],
  ];
  it.each(changes)('because it is %s is made anew from the segments', async (_, change) => {
    const server = await world();
    server.answer = failing('/7');
    const directory = folder();
    await workOff(server, paths(0, 20), { directory }, small);
    change(path.join(directory, 'done.bitmap'));
    server.asked.length = 0;
    const { again, log } = await goOn([server, directory]);
    expect(again).toEqual(range(20, 35));
    expect(log.join('\n')).toContain('all segments are looked through');
  });

  it('because it is of another run is not believed', async () => {
    const run = await finishedRun();
    const [, other] = await finishedRun();
    const server = run[0];
    const stopped = folder();
    await workOff(server, paths(0, 5), { directory: stopped }, small);
    const fuller = fs.readFileSync(path.join(other, 'done.bitmap'));
    fs.writeFileSync(path.join(stopped, 'done.bitmap'), fuller);
    server.asked.length = 0;
    await goOn([server, stopped]);
    expect(server.asked).toHaveLength(30);
  });
});

describe('segments that are not as they were left', () => {
  it('one that is gone is named, and its requests are asked again', async () => {
    const run = await finishedRun();
    const gone = segment(run[1], 1);
    const ids = idsIn(gone);
    fs.rmSync(gone);
    const { again, log } = await goOn(run);
    expect(again).toEqual(ids.toSorted((a, b) => a - b));
    expect(log.join('\n')).toContain(`The segment ${path.basename(gone)} is gone`);
  });

  it('one that is cut at any byte gives what is whole; the rest is asked again', async () => {
    const [server, directory] = await finishedRun();
    const kept = folder();
    fs.cpSync(directory, kept, { recursive: true });
    const { size } = fs.statSync(segment(directory, 1));
    for (const cut of [0, 1, 30, Math.floor(size / 2), size - 2, size - 1]) {
      const copy = folder();
      fs.cpSync(kept, copy, { recursive: true });
      const before = idsIn(segment(copy, 1));
      fs.truncateSync(segment(copy, 1), cut);
      const text = fs.readFileSync(segment(copy, 1), 'utf8');
      const whole = text.split('\n').filter((line) => line.endsWith('}}')).length;
      server.asked.length = 0;
      const { again } = await goOn([server, copy]);
      expect([cut, again]).toEqual([cut, before.slice(whole).toSorted((a, b) => a - b)]);
    }
  });

  it.each(['cut in the middle', 'changed in the middle'])(
    'a compressed one that is %s is named; what is lost is asked again',
    async (how) => {
      const run = await finishedRun({ compress: 'gzip' });
      const file = segment(run[1], 1);
      const bytes = fs.readFileSync(file);
      const middle = Math.floor(bytes.length / 2);
      if (how === 'cut in the middle') fs.truncateSync(file, middle);
      else
        fs.writeFileSync(
          file,
          Buffer.concat([bytes.subarray(0, middle), Buffer.alloc(middle + 5, 7)]),
        );
      const { again, log } = await goOn(run);
      expect(again.length).toBeGreaterThan(0);
      expect(again.length).toBeLessThanOrEqual(10);
      expect(log.join('\n')).toContain(path.basename(file));
      expect((await goOn(run)).again).toEqual(again);
    },
  );

  it('a line of garbage in the middle is named with file and line, and asked again', async () => {
    const run = await finishedRun();
    const file = segment(run[1], 1);
    const lines = fs.readFileSync(file, 'utf8').split('\n');
    const id = Number(/\d+/.exec(lines[3] ?? '')?.[0]);
    lines[3] = 'garbage';
    fs.writeFileSync(file, lines.join('\n'));
    expect((await held(run[1])).damages).toEqual([
      { file, line: 4, reason: 'it is no outcome of a request' },
    ]);
    const { again, log } = await goOn(run);
    expect(again).toEqual([id]);
    expect(log).toContain(`error Line 4 of ${file} is skipped: it is no outcome of a request`);
  });

  it('an outcome of an impossible number is damage, and takes no memory', async () => {
    const run = await finishedRun();
    const file = segment(run[1], 1);
    const lines = fs.readFileSync(file, 'utf8').split('\n');
    lines[2] = (lines[2] ?? '').replace(/^\{"id":\d+/, '{"id":90071992547409');
    fs.writeFileSync(file, lines.join('\n'));
    const { log } = await workOff(run[0], paths(0, 35), { directory: run[1] }, small);
    expect(log.join('\n')).toContain(`Line 3 of ${file} is skipped: its id, 90071992547409`);
    expect(run[0].asked).toHaveLength(1);
  });

  it.each(['.jsonl', '.jsonl.gz'])(
    'one of another API (%s) is named, and not counted',
    async (ending) => {
      const run = await finishedRun();
      const [, other] = await finishedRun();
      const bytes = fs.readFileSync(segment(other, 0));
      const file = path.join(run[1], `responses_90_1700000000${ending}`);
      fs.writeFileSync(file, ending === '.jsonl' ? bytes : zlib.gzipSync(bytes));
      const { again, log } = await goOn(run);
      expect(again).toEqual([]);
      expect(log.join('\n')).toContain(`Line 1 of ${file} is skipped: the file is not of this run`);
      expect((await held(run[1])).ids).toEqual(range(0, 35));
    },
  );

  it('an empty one, and drafts that a crash has left, are removed', async () => {
    const run = await finishedRun();
    const left = [
      'responses_91_1700000000.jsonl',
      'responses_1_1700000000.jsonl.gz.tmp',
      'run.json.tmp',
      'run.json.last.tmp',
      'done.bitmap.tmp',
    ];
    for (const name of left) fs.writeFileSync(path.join(run[1], name), '');
    fs.writeFileSync(path.join(run[1], 'mine.tmp'), 'of somebody else');
    expect((await goOn(run)).again).toEqual([]);
    const names = fs.readdirSync(run[1]);
    expect(left.filter((name) => names.includes(name))).toEqual([]);
    expect(names).toContain('mine.tmp');
  });

  it('a plain one beside its compressed one is removed', async () => {
    const run = await finishedRun({ compress: 'gzip' });
    const file = segment(run[1], 0);
    fs.writeFileSync(file.replace('.gz', ''), zlib.gunzipSync(fs.readFileSync(file)));
    expect((await goOn(run)).again).toEqual([]);
    expect(fs.existsSync(file.replace('.gz', ''))).toBe(false);
  });

  it('newer than run.json are looked through', async () => {
    const server = await world();
    const directory = folder();
    const old: Record<string, Buffer> = {};
    await workOff(server, paths(0, 5), { directory }, small);
    for (const name of ['run.json', 'done.bitmap'])
      old[name] = fs.readFileSync(path.join(directory, name));
    await workOff(server, paths(0, 35), { directory }, small);
    for (const which of [['run.json'], ['run.json', 'done.bitmap'], ['done.bitmap']]) {
      for (const name of which) fs.writeFileSync(path.join(directory, name), old[name] ?? '');
      server.asked.length = 0;
      expect([which, (await goOn([server, directory])).again]).toEqual([which, []]);
    }
  });
});

describe('failures.jsonl', () => {
  it('that is cut in the middle of a line goes on with whole lines', async () => {
    const server = await world();
    server.answer = failing('/7', '/8');
    const directory = folder();
    await workOff(server, paths(0, 35), { directory }, small);
    const file = path.join(directory, 'failures.jsonl');
    fs.truncateSync(file, fs.statSync(file).size - 10);
    server.asked.length = 0;
    const { again } = await goOn([server, directory]);
    expect(again).toHaveLength(1);
    expect((await held(directory)).failed).toEqual([7, 8]);
    const lines = fs.readFileSync(file, 'utf8').split('\n');
    expect(
      lines
        .filter((line) => line !== '')
        .map((line) => (JSON.parse(line) as { id: number }).id)
        .toSorted((a, b) => a - b),
    ).toEqual([7, 8]);
  });

  it('that is gone has its requests asked again', async () => {
    const run = await finishedRun();
    fs.rmSync(path.join(run[1], 'failures.jsonl'));
    expect((await goOn(run)).again).toEqual([7]);
  });

  it('with a line of garbage is read around it', async () => {
    const run = await finishedRun();
    const file = path.join(run[1], 'failures.jsonl');
    fs.writeFileSync(file, `garbage\n${fs.readFileSync(file, 'utf8')}`);
    const { again, log } = await goOn(run);
    expect(again).toEqual([]);
    expect(log).toContain(`error Line 1 of ${file} is skipped: it is no outcome of a request`);
  });
});

describe('requests.log', () => {
  it.each([
    ['gone', (file: string) => fs.rmSync(file)],
    ['cut within an entry', (file: string) => fs.truncateSync(file, 42)],
    ['empty', (file: string) => fs.truncateSync(file)],
  ])('that is %s is written again', async (_, change) => {
    const run = await finishedRun();
    const file = path.join(run[1], 'requests.log');
    const before = fs.readFileSync(file);
    change(file);
    expect((await goOn(run)).again).toEqual([]);
    expect(fs.readFileSync(file)).toEqual(before);
  });
});
