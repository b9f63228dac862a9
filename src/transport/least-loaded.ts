/**
 * The place of the least of some loads, the first of several: so all of them together never need more
 * connections than one would, which has all the load.
 */
export function leastLoaded(loads: readonly number[]): number {
  let least = 0;
  for (let place = 1; place < loads.length; place++) {
    if ((loads[place] ?? Infinity) < (loads[least] ?? Infinity)) least = place;
  }
  return least;
}
