// Makes the directory of a run that has all but its last requests done, as the library would have left it.
import { closeSync, mkdirSync, openSync, statSync, writeFileSync, writeSync } from 'node:fs';
import * as path from 'node:path';
import { RequestLog } from '../../dist/run/request-log.js';

const PER_SEGMENT = 10_000;
/** Makes each body 100 bytes long, and its line 300. */
const FILLER = 'x'.repeat(75);
const AT_MS = Date.UTC(2030, 0, 1);

/** Makes it in `directory`, with `done` requests of `pathOf(id)`. */
export function makeDirectory(directory, { done, baseUrl, pathOf }) {
  mkdirSync(directory, { recursive: true });
  const segments = [];
  for (let first = 0; first < done; first += PER_SEGMENT) {
    const count = Math.min(PER_SEGMENT, done - first);
    segments.push(writeSegment(directory, segments.length + 1, first, count, baseUrl, pathOf));
  }
  writeLog(path.join(directory, 'requests.log'), done, pathOf);
  writeFileSync(path.join(directory, 'done.bitmap'), firstBits(done));
  const info = runInfo(done, segments, baseUrl);
  writeFileSync(path.join(directory, 'run.json'), JSON.stringify(info, null, 2));
}

function writeSegment(directory, part, firstId, count, baseUrl, pathOf) {
  const name = `responses_${part}_${Math.floor(AT_MS / 1000) + part}.jsonl`;
  const file = path.join(directory, name);
  const lines = Array.from({ length: count }, (_, index) =>
    lineOf(firstId + index, `${baseUrl}${pathOf(firstId + index)}`),
  );
  const fd = openSync(file, 'w', 0o600);
  writeSync(fd, lines.join(''));
  closeSync(fd);
  const { size: bytes } = statSync(file);
  return { file: name, count, firstId, lastId: firstId + count - 1, bytes, isOpen: false };
}

function lineOf(id, url) {
  return `{"id":${id},"method":"GET","url":"${url}","status":200,"attempts":1,"app":"0","at":"2030-01-01T00:00:00.000Z","ms":83,"headers":{"content-type":"application/json"},"body":{"id":${id},"text":"${FILLER}"}}\n`;
}

function writeLog(file, count, pathOf) {
  const log = new RequestLog(file);
  for (let id = 0; id < count; id++) {
    log.check(id, pathOf(id));
    if (id % PER_SEGMENT === 0) log.flush();
  }
  log.flush();
  log.close();
}

function firstBits(count) {
  const bits = new Uint8Array(Math.ceil(count / 8)).fill(0xff);
  if (count % 8 !== 0) bits[bits.length - 1] = 2 ** (count % 8) - 1;
  return bits;
}

function runInfo(done, segments, baseUrl) {
  return {
    version: 1,
    api: { name: new URL(baseUrl).host, baseUrl },
    state: 'running',
    createdAtMs: AT_MS,
    updatedAtMs: AT_MS,
    options: {},
    source: { read: done, isWhole: false },
    totals: { done, failed: 0 },
    segments,
    sessions: [],
  };
}
