/** The promise of the store: whatever happens to its files and folders, each outcome is there, once. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Outcome } from '../../src/request/request.js';
import type { SegmentStore } from '../../src/store/segment-store.js';
import { facts, failure, notForJson, response } from './outcomes.js';
import { idsInFile, storeSetting, type StoreSetting } from './store-setting.js';

/** What happens to a store, or around it. */
type Event =
  | { readonly kind: 'put'; readonly what: 'response' | 'failure' | 'text'; readonly count: number }
  | { readonly kind: 'flush' | 'start-flush' | 'flush-sync' | 'turn' | 'read' | 'clear' }
  | { readonly kind: 'wait'; readonly forMs: number }
  | { readonly kind: 'remove-file'; readonly which: number }
  | { readonly kind: 'remove-folder' | 'take-folder' | 'restore'; readonly place: Place };

type Place = 'proper' | 'temporary';

const place = fc.constantFrom<Place>('proper', 'temporary');
const what = fc.constantFrom(
  'response' as const,
  'response' as const,
  'failure' as const,
  'text' as const,
);
const simple = fc.constantFrom('flush', 'start-flush', 'flush-sync', 'turn', 'turn', 'read');
const happening: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('put' as const),
      what,
      count: fc.integer({ min: 1, max: 6 }),
    }),
  },
  { weight: 4, arbitrary: simple.map((kind) => ({ kind })) },
  { weight: 1, arbitrary: fc.constant<Event>({ kind: 'clear' }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      forMs: fc.constantFrom(1, 40, 1000, 5000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('remove-file' as const), which: fc.nat(3) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'remove-folder' as const,
        'take-folder' as const,
        'restore' as const,
        'restore' as const,
      ),
      place,
    }),
  },
);

class World {
  readonly setting: StoreSetting = storeSetting();
  readonly store: SegmentStore;
  /** What was read, each time. */
  readonly readings: unknown[] = [];
  /** What should have been read. */
  readonly expected: unknown[] = [];
  /** What was put since it was cleared, by id. */
  readonly #expected: Map<number, Outcome> = new Map<number, Outcome>();
  readonly #pending: Promise<void>[] = [];
  #nextId = 0;

  constructor(ending: string, outcomesPerSegment: number) {
    this.store = this.setting.open(ending, { outcomesPerSegment });
  }

  async carryOut(one: Event): Promise<void> {
    switch (one.kind) {
      case 'put':
        for (let index = 0; index < one.count; index++) this.#put(one.what);
        return;
      case 'flush':
        return this.store.flush();
      case 'start-flush':
        this.#pending.push(this.store.flush());
        return;
      case 'flush-sync':
        return this.store.flushSync();
      case 'turn':
        await new Promise((resolve) => setImmediate(resolve));
        return;
      case 'read':
        // A segment that was taken away cannot be read.
        if (this.#isAllThere()) await this.read();
        return;
      case 'clear':
        this.#expected.clear();
        return this.store.clear();
      case 'wait':
        return this.setting.clock.advance(one.forMs);
      case 'remove-file': {
        const open = this.#openFiles();
        if (open.length > 0) fs.rmSync(open[one.which % open.length] as string, { force: true });
        return;
      }
      case 'remove-folder':
        // What is ended and removed by hand is gone: that is no fault of the store.
        if (this.#mayBeRemoved(one.place)) fs.rmSync(this.#folder(one.place), { recursive: true });
        return;
      case 'take-folder':
        this.#move(this.#folder(one.place), `${this.#folder(one.place)}-taken`);
        return;
      case 'restore':
        return this.#restore(one.place);
    }
  }

  restoreAll(): void {
    this.#restore('proper');
    this.#restore('temporary');
  }

  async settle(): Promise<void> {
    await Promise.all(this.#pending);
  }

  /** Compares what is read back with what was put. */
  async read(): Promise<void> {
    const found: Outcome[] = [];
    for await (const outcome of this.store.outcomes()) found.push(outcome);
    const ids = [...this.#expected.keys()].toSorted((a, b) => a - b);
    this.readings.push(found.map(asRead));
    this.expected.push(ids.map((id) => asRead(this.#expected.get(id) as Outcome)));
  }

  /** Ids in the files that can be read without the store, each as often as it is there. */
  idsInFiles(): number[] {
    const plain = this.store.files().filter((file) => /\.jsonl?$/.test(file));
    for (const file of plain) if (file.endsWith('.json')) JSON.parse(fs.readFileSync(file, 'utf8'));
    return plain.flatMap(idsInFile);
  }

  #put(kind: 'response' | 'failure' | 'text'): void {
    // Answers come home in another order than they were asked for.
    const id = this.#nextId++ ^ 5;
    const outcome = { response, failure, text: notForJson }[kind](id);
    this.#expected.set(id, outcome);
    this.store.put(outcome);
  }

  #folder(of: Place): string {
    return of === 'proper' ? this.setting.folder : this.setting.temporaryFolder;
  }

  #segments(): readonly { readonly path: string; readonly isOpen: boolean }[] {
    return this.store.segments();
  }

  #openFiles(): string[] {
    return this.#segments().flatMap(({ path, isOpen }) => (isOpen ? [path] : []));
  }

  #mayBeRemoved(of: Place): boolean {
    const folder = this.#folder(of);
    const inIt = this.#segments().filter(({ path }) => path.startsWith(join(folder, '/')));
    return fs.existsSync(folder) && inIt.every(({ isOpen }) => isOpen);
  }

  #isAllThere(): boolean {
    return this.#segments().every(({ path, isOpen }) => isOpen || fs.existsSync(path));
  }

  #move(from: string, to: string): void {
    if (fs.existsSync(from) && !fs.existsSync(to)) fs.renameSync(from, to);
  }

  #restore(of: Place): void {
    const folder = this.#folder(of);
    if (fs.existsSync(folder)) return;
    if (fs.existsSync(`${folder}-taken`)) fs.renameSync(`${folder}-taken`, folder);
    else fs.mkdirSync(folder);
  }
}

/** What was kept as text has lost what keeps it from being JSON. */
function asRead(outcome: Outcome): unknown {
  const all = facts(outcome);
  if (outcome.kind === 'failure') return all;
  const headers = Object.entries(outcome.response.headers).map(([name, value]) => [
    name,
    String(value),
  ]);
  return { ...(all as object), headers };
}

it.each(['.json', '.jsonl', '.json.gz'])(
  'whatever happens, each outcome that was put is read back once, in the order of asking (%s)',
  async (ending) => {
    const perSegment = fc.constantFrom(1, 4, 1000);
    const events = fc.array(happening, { maxLength: 40, size: 'max' });
    await fc.assert(
      fc.asyncProperty(events, perSegment, fc.boolean(), async (all, count, isRestoredFirst) => {
        const world = new World(ending, count);
        try {
          for (const one of all) await world.carryOut(one);
          if (isRestoredFirst) world.restoreAll();
          await world.store.close();
          world.restoreAll();
          await world.settle();
          await world.read();
          expect(world.readings).toEqual(world.expected);
          for (const ids of [world.idsInFiles(), world.setting.recorded.flat()])
            expect(new Set(ids).size).toBe(ids.length);
        } finally {
          world.setting.remove();
        }
      }),
      { numRuns: 50 },
    );
  },
);
