import { expect, it } from 'vitest';
import { sideBySide } from './side-by-side.js';

/** Work that ends when it is told to. */
function byHand() {
  const begun = new Map<string, PromiseWithResolvers<string>>();
  const work = (item: string): Promise<string> => {
    const end = withResolvers();
    begun.set(item, end);
    return end.promise;
  };
  return { begun, work };
}

interface PromiseWithResolvers<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: Error) => void;
}

function withResolvers(): PromiseWithResolvers<string> {
  let end: Omit<PromiseWithResolvers<string>, 'promise'> | undefined;
  const promise = new Promise<string>((resolve, reject) => (end = { resolve, reject }));
  if (end === undefined) throw new Error('Expected an executor that is called at once.');
  return { promise, ...end };
}

/** Until all that is ready to go on has done so. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('has no more under way than it may, and gives the results in the order of the items', async () => {
  const { begun, work } = byHand();
  const done = sideBySide(['a', 'b', 'c', 'd'], 2, work);
  expect([...begun.keys()]).toEqual(['a', 'b']);
  begun.get('b')?.resolve('B');
  await settled();
  expect([...begun.keys()]).toEqual(['a', 'b', 'c']);
  begun.get('c')?.resolve('C');
  await settled();
  begun.get('d')?.resolve('D');
  begun.get('a')?.resolve('A');
  expect(await done).toEqual(['A', 'B', 'C', 'D']);
});

it('begins nothing after a failure, and ends once what had begun has', async () => {
  const { begun, work } = byHand();
  let hasEnded = false;
  const done = sideBySide(['a', 'b', 'c'], 2, work).finally(() => (hasEnded = true));
  const failure = done.catch((error: unknown) => error);
  begun.get('a')?.reject(new Error('no a'));
  await settled();
  expect(hasEnded).toBe(false);
  begun.get('b')?.resolve('B');
  expect(await failure).toEqual(new Error('no a'));
  expect([...begun.keys()]).toEqual(['a', 'b']);
});

it('is done at once with nothing', async () => {
  expect(await sideBySide([], 8, () => Promise.reject(new Error('never')))).toEqual([]);
});
