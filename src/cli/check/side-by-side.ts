/**
 * Does `work` on the items in their order, at most `atOnce` of them at once.
 *
 * Rejects with the first failure, once all that had begun has ended; after it, nothing more is begun.
 *
 * @returns the results in the order of the items.
 */
export async function sideBySide<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const left = items.entries();
  let hasFailed = false;
  const lane = async (): Promise<void> => {
    for (const [index, item] of left) {
      if (hasFailed) return;
      try {
        results[index] = await work(item);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: atOnce }, lane));
  const failure = lanes.find((ended) => ended.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  return results;
}
