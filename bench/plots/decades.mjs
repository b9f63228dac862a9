/** The powers of ten from just below the least number to just above the largest. */
export function decadesOf(numbers) {
  const first = Math.floor(Math.log10(Math.min(...numbers)));
  const last = Math.max(first + 1, Math.ceil(Math.log10(Math.max(...numbers))));
  return Array.from({ length: last - first + 1 }, (_, step) => 10 ** (first + step));
}

/**
 * Moves labels apart that would overlap, upwards, the lowest first.
 *
 * @param labels - objects with a `decade`, which is the logarithm of where each would stand.
 * @param gap - least distance between two, in decades.
 */
export function movedApart(labels, gap) {
  let lowest = -Infinity;
  return labels
    .toSorted((a, b) => a.decade - b.decade)
    .map((label) => {
      lowest = Math.max(label.decade, lowest + gap);
      return Object.assign({}, label, { decade: lowest });
    });
}
