// What must hold after each kill, and at the end. Each throws with what was found instead.
import { readRun } from '../../dist/index.js';
import { beatsAfter } from './beats.mjs';
import { bodyOf, mustFail } from './expected.mjs';

/**
 * An answer is read, a write that is under way ends, the timer and the write of its own follow: each
 * takes a beat at most.
 */
const MOST_BEATS = 3;

/** What counted as recorded is on disk, and right. */
export function checkRecorded(witnessed, onDisk) {
  for (const id of witnessed) {
    expect(onDisk.has(id), `Request ${id} was recorded before a kill and is not on disk`);
  }
  checkOutcomes(onDisk);
}

function checkOutcomes(onDisk) {
  for (const [id, outcomes] of onDisk) {
    expect(outcomes.length === 1, `Request ${id} has ${outcomes.length} outcomes on disk`);
    expect(outcomes[0].isRight, `Request ${id} has a wrong outcome on disk`);
  }
}

/**
 * Only what was under way, or just come, was asked again.
 *
 * @param recordedIn - in which round the outcome of each request counted as recorded.
 * @param beats - when the beats of each round began.
 */
export function checkAskedAgain(again, recordedIn, beats) {
  for (const { id, killedIn, askedIn, answeredAt } of again) {
    const wasRecorded = recordedIn.get(id) < askedIn;
    expect(!wasRecorded, `Request ${id} was recorded before round ${askedIn}, and asked in it`);
    const passed = beatsAfter(beats[killedIn], answeredAt);
    expect(
      passed <= MOST_BEATS,
      `Request ${id} was asked again in round ${askedIn}, though answered ${passed} beats before the kill`,
    );
  }
}

/** Each request has one outcome, as the files tell. */
export function checkAllOnDisk(onDisk, requests) {
  for (let id = 0; id < requests; id++) expect(onDisk.has(id), `Request ${id} is not on disk`);
  expect(onDisk.size === requests, `${onDisk.size} outcomes are on disk, not ${requests}`);
  checkOutcomes(onDisk);
}

/** Each request has one outcome, as the library reads them. */
export async function checkReadBack(directory, requests) {
  const damages = [];
  const reader = await readRun(directory, { onDamage: (damage) => damages.push(damage) });
  let next = 0;
  for await (const outcome of reader.outcomes()) {
    const { id } = outcome.kind === 'response' ? outcome.response : outcome.failure;
    expect(id === next, `readRun gave request ${id} where ${next} was due`);
    const isRight =
      outcome.kind === 'failure' ? mustFail(id) : outcome.response.text() === bodyOf(id);
    expect(isRight, `readRun gave a wrong outcome for request ${id}`);
    next += 1;
  }
  expect(next === requests, `readRun gave ${next} outcomes, not ${requests}`);
  expect(damages.length === 0, `readRun found damage: ${JSON.stringify(damages)}`);
}

/** How the run says that it ended. */
export function checkSummary(summary, requests) {
  const { isComplete, done, failed } = summary;
  const mustHaveFailed = Array.from({ length: requests }, (_, id) => id).filter(mustFail).length;
  const isRight = isComplete && failed === mustHaveFailed && done + failed === requests;
  expect(isRight, `The run ended with ${JSON.stringify(summary)}`);
}

function expect(isTrue, message) {
  if (!isTrue) throw new Error(message);
}
