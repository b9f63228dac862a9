/** The order of a round: each round begins with another one, so that nobody always follows the same. */
export function orderOfRound(names, round) {
  const first = round % names.length;
  return [...names.slice(first), ...names.slice(0, first)];
}

/**
 * Does something for each name in each round, interleaved, so that a machine that is busy for a while is
 * so for all.
 *
 * @returns what came out, an array for each name, a round after the other.
 */
export async function inTurns(rounds, names, work) {
  const taken = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of orderOfRound(names, round)) taken[name].push(await work(name, round));
  }
  return taken;
}
