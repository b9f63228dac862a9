/** The middle one of some numbers. */
export function median(numbers) {
  const sorted = [...numbers].toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
