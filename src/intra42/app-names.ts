/** The number in the name of one of our apps; those without one come last. */
export function appNumber(name: string, prefix: string): number {
  const number = name.slice(prefix.length);
  return /^\d+$/.test(number) ? Number(number) : Infinity;
}

/** The next `howMany` names of our own, smallest unused numbers first. */
export function unusedNames(taken: readonly string[], prefix: string, howMany: number): string[] {
  const used = new Set(taken);
  const names: string[] = [];
  for (let number = 1; names.length < howMany; number++) {
    if (!used.has(`${prefix}${number}`)) names.push(`${prefix}${number}`);
  }
  return names;
}
