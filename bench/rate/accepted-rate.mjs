// What a server that limits received, as a share of what it allows.

/** Seconds after the first arrival that do not count: everybody may start as they like. */
const START_SECONDS = 2;

/**
 * Who sends in bursts would gain or lose a whole burst by where the seconds happen to begin. So it is
 * the mean over so many beginnings within one second.
 */
const BEGINNINGS = 10;

/** Seconds from the first arrival until {@link acceptedRate} can tell for `seconds`. */
export const secondsUntilJudged = (seconds) => START_SECONDS + seconds + 1;

/**
 * How much of what was allowed was used.
 *
 * @param arrivals - `{ atMs, accepted }` each, the earliest first.
 * @param seconds - whole seconds that count, from {@link START_SECONDS} after the first arrival.
 * @param allowedPerSecond - the sum of the limits of all apps.
 * @returns `share`, and over the whole time `arrived` and `refused`, and `refusedLater`: those of them
 * after {@link START_SECONDS}.
 */
export function acceptedRate(arrivals, seconds, allowedPerSecond) {
  const firstMs = arrivals[0]?.atMs ?? 0;
  const untilMs = firstMs + secondsUntilJudged(seconds) * 1000;
  const inTime = arrivals.filter(({ atMs }) => atMs < untilMs);
  const accepted = inTime.filter((one) => one.accepted).map(({ atMs }) => atMs - firstMs);
  const refused = inTime.filter((one) => !one.accepted).map(({ atMs }) => atMs - firstMs);
  let counted = 0;
  for (let beginning = 0; beginning < BEGINNINGS; beginning++) {
    const fromMs = (START_SECONDS + beginning / BEGINNINGS) * 1000;
    counted += accepted.filter((ms) => ms >= fromMs && ms < fromMs + seconds * 1000).length;
  }
  return {
    share: counted / BEGINNINGS / seconds / allowedPerSecond,
    arrived: inTime.length,
    refused: refused.length,
    refusedLater: refused.filter((ms) => ms >= START_SECONDS * 1000).length,
  };
}
