/** A store in folders of its own, with a log that is kept. */
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../src/clock.js';
import type { Logger } from '../../src/logger.js';
import { outcomeId, type Outcome } from '../../src/request/request.js';
import { decodeLine } from '../../src/store/outcome-line.js';
import { SegmentStore, type SegmentStoreParts } from '../../src/store/segment-store.js';
import { parseTemplate } from '../../src/store/segment-template.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';

/** What is kept of a store's doings. */
export interface StoreSetting {
  readonly clock: VirtualClock;
  /** The template's folder; made already. */
  readonly folder: string;
  /** The second-best place; made already. */
  readonly temporaryFolder: string;
  /** What it said, each with its level before it. */
  readonly log: string[];
  /** The ids that it was told were recorded, as they were told. */
  readonly recorded: number[][];
  /** How many times each was called. */
  readonly calls: { drained: number; lost: number; beforeWriting: number };
  /** Makes a store that writes `r_<part>_<seconds><ending>`. */
  open(ending?: string, parts?: Partial<SegmentStoreParts>, clock?: Clock): SegmentStore;
  /** Names of the files in the template's folder. */
  names(): string[];
  /** A file of the template's folder as text. */
  read(name: string): string;
  /** Lets real writes go on until `condition` holds. */
  until(condition: () => boolean): Promise<void>;
  remove(): void;
}

/** Enough for a slow machine. */
const MOST_TURNS = 10_000;

export function storeSetting(): StoreSetting {
  const root = fs.mkdtempSync(join(tmpdir(), 'apihydra-store-'));
  const [folder, temporaryFolder] = [join(root, 'proper'), join(root, 'temporary')];
  fs.mkdirSync(folder);
  fs.mkdirSync(temporaryFolder);
  const clock = new VirtualClock();
  const log: string[] = [];
  const recorded: number[][] = [];
  const calls = { drained: 0, lost: 0, beforeWriting: 0 };
  const stores: SegmentStore[] = [];
  return {
    clock,
    folder,
    temporaryFolder,
    log,
    recorded,
    calls,
    open(ending = '.jsonl', parts = {}, otherClock = clock) {
      const store = new SegmentStore({
        template: parseTemplate(join(folder, `r_%s_%s${ending}`)),
        outcomesPerSegment: 10_000,
        durability: 'os',
        clock: otherClock,
        logger: keepingLogger(log),
        temporaryFolder,
        temporaryPrefix: 'apihydra_',
        firstPart: 1,
        beforeWriting: () => void (calls.beforeWriting += 1),
        onRecorded: (ids) => void recorded.push([...ids]),
        onLost: () => void (calls.lost += 1),
        onDrained: () => void (calls.drained += 1),
        ...parts,
      });
      stores.push(store);
      return store;
    },
    names: () => fs.readdirSync(folder).toSorted(),
    read: (name) => fs.readFileSync(join(folder, name), 'utf8'),
    async until(condition) {
      for (let turns = 0; !condition(); turns++) {
        if (turns === MOST_TURNS) throw new Error('It does not come to that.');
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    },
    remove() {
      for (const store of stores) store.clear();
      fs.rmSync(root, { recursive: true, force: true });
    },
  };
}

function keepingLogger(log: string[]): Logger {
  const keep =
    (level: string) =>
    (message: string): void =>
      void log.push(`${level}: ${message}`);
  return {
    debug: keep('debug'),
    info: keep('info'),
    warn: keep('warn'),
    error: keep('error'),
    fatal: keep('fatal'),
  };
}

/** The ids of what a store gives back, in its order. */
export async function idsOf(outcomes: AsyncIterable<Outcome>): Promise<number[]> {
  const ids: number[] = [];
  for await (const outcome of outcomes) ids.push(outcomeId(outcome));
  return ids;
}

/** All ids that stand in a JSON segment, in the order of the file, each as often as it is there. */
export function idsInFile(file: string): number[] {
  const lines = fs.readFileSync(file, 'utf8').split('\n');
  return lines
    .map((line) => line.replace(/,$/, ''))
    .filter((line) => !['', '[', ']'].includes(line))
    .map((line) => outcomeId(decodeLine(Buffer.from(line))));
}

/** The whole numbers from `from` on, `to` left out. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
