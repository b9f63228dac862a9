// A run that is killed again and again, goes on each time, and is then left to complete.
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import * as path from 'node:path';
import { seededRandom } from '../../dist/random.js';
import { collectErrors, message, start, stop } from '../shared/process.mjs';
import { beatsAfter } from './beats.mjs';
import * as checks from './checks.mjs';
import { moment, pickMoment } from './moments.mjs';
import { askedAgain, readWitness } from './notes.mjs';
import { SegmentReader } from './segment-reader.mjs';

const here = (name) => new URL(name, import.meta.url);
/** Requests a second of the round that is left to complete. */
const UNLIMITED = 100_000;

/** Kills a run `kills` times. Throws as soon as anything is lost, wrong or asked again needlessly. */
export class KillRounds {
  #folder;
  #kills;
  #requests;
  /** How many more requests each round may read, so that the run cannot complete before its last kill. */
  #each;
  #random;
  #port;
  #reader;
  /** In which round each request's outcome counted as recorded. */
  #recordedIn = new Map();
  /** How long after its arrival each outcome counted as recorded. */
  #recordedAfterMs = [];
  #killedAt = [];
  /** When the beats of each round began. */
  #beats = [];
  #moments = new Map();
  #errors = new Set();

  constructor({ folder, kills, each, seed }) {
    this.#folder = folder;
    this.#kills = kills;
    this.#requests = (kills + 1) * each;
    this.#each = each;
    this.#random = seededRandom(seed);
    mkdirSync(this.#directory);
    this.#reader = new SegmentReader(this.#directory);
  }

  get #directory() {
    return path.join(this.#folder, 'run');
  }

  /** @param onRound - is told of each kill. */
  async run(onRound) {
    const server = start(here('faulty-server.mjs'), { seed: 1 + this.#random() * 2 ** 31 });
    try {
      this.#port = await message(server);
      for (let round = 0; this.#killedAt.length < this.#kills; round++) {
        await this.#killOnce(round);
        onRound(this.#killedAt.length);
      }
      const summary = await this.#complete();
      const file = path.join(this.#folder, 'server.notes');
      server.send(file);
      await message(server);
      return await this.#judge(summary, file);
    } finally {
      await stop(server);
    }
  }

  /** The number of a round is that of its kill. */
  async #killOnce(round) {
    const compress = round % 2 === 1 ? 'gzip' : false;
    const planned = pickMoment(this.#random, compress !== false);
    const child = this.#startChild(round, compress, this.#each);
    const errors = collectErrors(child);
    const gone = Promise.all([once(child, 'exit'), once(child.stderr, 'close')]);
    const isMet = await moment(planned, child, this.#directory);
    const killedAt = Date.now();
    child.kill('SIGKILL');
    await gone;
    if (!isMet || child.signalCode !== 'SIGKILL') {
      throw new Error(
        `Round ${round} was complete (exit code ${child.exitCode}) or stuck before its kill. ${errors()}`,
      );
    }
    this.#killedAt.push(killedAt);
    this.#moments.set(planned.name, (this.#moments.get(planned.name) ?? 0) + 1);
    this.#noteErrors(errors());
    this.#takeWitness(round);
    checks.checkRecorded(this.#recordedIn.keys(), this.#reader.read());
  }

  async #complete() {
    const round = this.#killedAt.length;
    const child = this.#startChild(round, false, UNLIMITED);
    const errors = collectErrors(child);
    let summary;
    child.on('message', (content) => {
      if (typeof content === 'object') summary = content;
    });
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`The last round ended with ${code}: ${errors()}`);
    this.#noteErrors(errors());
    this.#takeWitness(round);
    return summary;
  }

  async #judge(summary, notesFile) {
    checks.checkSummary(summary, this.#requests);
    const onDisk = this.#reader.read();
    checks.checkRecorded(this.#recordedIn.keys(), onDisk);
    checks.checkAllOnDisk(onDisk, this.#requests);
    await checks.checkReadBack(this.#directory, this.#requests);
    const again = askedAgain(notesFile);
    checks.checkAskedAgain(again, this.#recordedIn, this.#beats);
    return this.#report(again);
  }

  #report(again) {
    const age = ({ killedIn, answeredAt }) => this.#killedAt[killedIn] - answeredAt;
    const beats = ({ killedIn, answeredAt }) => beatsAfter(this.#beats[killedIn], answeredAt);
    return {
      kills: this.#killedAt.length,
      moments: Object.fromEntries(this.#moments),
      requests: this.#requests,
      askedTwice: again.length,
      askedTwiceAgeMs: spread(again.map(age)),
      askedTwiceAgeBeats: spread(again.map(beats)),
      recordedAfterMs: spread(this.#recordedAfterMs),
      lost: 0,
      wrong: 0,
      log: [...this.#errors],
    };
  }

  #startChild(round, compress, perSecond) {
    return start(here('running-child.mjs'), {
      directory: this.#directory,
      port: this.#port,
      round,
      requests: this.#requests,
      readable: Math.min(this.#requests, (round + 1) * this.#each),
      compress,
      perSecond,
      noteEveryMs: 100,
      witnessFile: this.#witnessFile(round),
    });
  }

  #witnessFile(round) {
    return path.join(this.#folder, `recorded-${round}`);
  }

  #takeWitness(round) {
    const { recorded, beats } = readWitness(this.#witnessFile(round));
    for (const { id, lateMs } of recorded) {
      this.#recordedIn.set(id, round);
      this.#recordedAfterMs.push(lateMs);
    }
    this.#beats.push(beats);
  }

  /** What was logged, each kind of line once. */
  #noteErrors(text) {
    for (const line of text.split('\n')) {
      if (line !== '') this.#errors.add(line.replaceAll(/\d+/g, 'N'));
    }
  }
}

function spread(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const at = (part) => sorted[Math.floor((sorted.length - 1) * part)] ?? 0;
  return { median: at(0.5), p99: at(0.99), most: at(1) };
}
