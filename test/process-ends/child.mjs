/**
 * A program that uses the built package, as a process of its own, and ends in the way it is told.
 * What it wants to say to the test goes to stdout, a line each, written before the next thing is done.
 */
import * as fs from 'node:fs';
import { ApiHydra, bearerToken, defineApi } from '../../dist/index.js';
import { systemClock } from '../../dist/clock.js';
import { saveAtProcessEnd } from '../../dist/process-ends.js?another-copy';

const { baseUrl, ending, count, options = {} } = JSON.parse(process.argv[2]);

const say = (line) => fs.writeSync(1, `${line}\n`);
const stayAlive = () => void setInterval(() => {}, 1e9);
const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const listeners = () =>
  ['SIGINT', 'SIGTERM', 'SIGHUP', 'exit']
    // Others, such as the log, listen to the exit, too.
    .map((name) => process.listeners(name).filter((one) => /^(onSignal|endAll)$/.test(one.name)))
    .map((ours) => ours.length)
    .join(' ');

/** What is in flight gets 5 s; here 2, so that the test need not wait for them. */
function shortenGrace() {
  const setTimer = systemClock.setTimer.bind(systemClock);
  systemClock.setTimer = (callback, delayMs) =>
    setTimer(callback, delayMs === 5000 ? 2000 : delayMs);
}

function makeHydra(more = {}) {
  const api = defineApi({
    baseUrl,
    limits: [{ requests: 100_000, perMs: 1000 }],
    auth: bearerToken(),
  });
  const apps = [{ id: 'a', credentials: { token: 't' } }];
  const given = { api, apps, appsFile: false, minRequestDelayMs: 0, ...options, ...more };
  return new ApiHydra(given);
}

/** Asks for `count` answers, and calls `then` as soon as the last has come: it is in memory only. */
function afterAnswers(hydra, then) {
  let left = count;
  for (let n = 0; n < count; n++)
    void hydra.get(`/now/${n}`).then(() => {
      left -= 1;
      if (left === 0) queueMicrotask(then);
    });
}

/** Outcomes on disk, as far as their lines are whole. */
function countOnDisk() {
  const files = fs.readdirSync('.').filter((name) => name.startsWith('.responses'));
  const text = files.map((name) => fs.readFileSync(name, 'utf8')).join('');
  return text.split('\n').filter((line) => line.startsWith('{"id"')).length;
}

/** Answers that are there, and `held` that the server holds back; then it goes on living. */
function waitWithHeld(hydra, held) {
  const pending = Array.from({ length: held }, (_, n) => hydra.get(`/held/${n}`));
  afterAnswers(hydra, () => say('ready'));
  stayAlive();
  return pending;
}

const endings = {
  'runs out of work': () => afterAnswers(makeHydra(), () => {}),
  throws: () =>
    afterAnswers(makeHydra(), () => {
      throw new Error('boom');
    }),
  rejects: () => afterAnswers(makeHydra(), () => void Promise.reject(new Error('boom'))),
  exits: () => afterAnswers(makeHydra(), () => process.exit(3)),
  'exits in an exit handler': () => {
    process.on('exit', () => process.exit(4));
    afterAnswers(makeHydra(), () => process.exit(3));
  },
  'throws in an exit handler': () => {
    process.on('exit', () => {
      throw new Error('boom');
    });
    afterAnswers(makeHydra(), () => process.exit(3));
  },
  'exits in the middle of a write': async () => {
    process.on('exit', () => say('exiting'));
    const hydra = makeHydra();
    await hydra.get('/now/first');
    // Its write has ended.
    while (countOnDisk() < 1) await later(1);
    // The only thread that writes files waits until somebody opens the other end: later than that, the
    // write comes after the exit handlers.
    fs.open('pipe', () => {});
    void hydra.get('/large').then(() => process.exit(3));
  },
  waits: () => void waitWithHeld(makeHydra(), 0),
  'waits with one held': () => void waitWithHeld(makeHydra(), 1),
  'waits with two held': () => void waitWithHeld(makeHydra(), 2),
  'waits with two held, in short seconds': () => {
    shortenGrace();
    waitWithHeld(makeHydra(), 2);
  },
  'is signalled twice at once': () => {
    process.once('SIGUSR2', () => {
      for (let times = 0; times < 2; times++) process.kill(process.pid, 'SIGINT');
    });
    waitWithHeld(makeHydra(), 2);
  },
  'is busy': () => {
    afterAnswers(makeHydra(), () => {
      say('ready');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    });
    stayAlive();
  },
  'asks more while it stops': async () => {
    const hydra = makeHydra();
    const [first] = waitWithHeld(hydra, 2);
    await first;
    hydra.get('/now/late').catch(() => say('rejected'));
    await later(100);
    say('asked');
  },
  'makes another hydra while it stops': async () => {
    const [first] = waitWithHeld(makeHydra(), 2);
    await first;
    makeHydra({ responsesFilePathTemplate: './.responses_other_%s_%s.json' }).get('/now/late');
    await later(100);
    say('asked');
  },
  'finishes one of two hydras while it stops': async () => {
    const hydra = makeHydra({ responsesFilePathTemplate: './.responses_other_%s_%s.json' });
    await hydra.get('/now/other');
    const [first] = waitWithHeld(makeHydra(), 2);
    await first;
    await hydra.finish();
    say('finished');
  },
  'throws while it stops': async () => {
    const [first] = waitWithHeld(makeHydra(), 2);
    await first;
    queueMicrotask(() => {
      throw new Error('boom');
    });
  },
  'has its own handler': () => {
    process.on('SIGINT', () => {
      say(`own handler, ${countOnDisk()} on disk`);
      setTimeout(() => process.exit(7), 50);
    });
    const hydra = makeHydra();
    afterAnswers(hydra, () => process.kill(process.pid, 'SIGINT'));
    stayAlive();
  },
  'has its own handler for once': () => {
    const onSignal = async () => {
      say(`own handler, ${countOnDisk()} on disk`);
      await hydra.get('/now/after');
      process.exit(7);
    };
    process.once('SIGINT', () => void onSignal());
    const hydra = makeHydra();
    afterAnswers(hydra, () => process.kill(process.pid, 'SIGINT'));
    stayAlive();
  },
  'has a handler that leaves it to others': () => {
    // As the package signal-exit does it, which counts its listeners where others can see it.
    globalThis[Symbol.for('signal-exit emitter')] = { count: 1 };
    process.on('SIGINT', () => {
      if (process.listenerCount('SIGINT') === 1) process.exit(8);
    });
    waitWithHeld(makeHydra(), 0);
  },
  'has another copy of the package': () => {
    saveAtProcessEnd({
      saveSync: () => say('other saved'),
      windDown: () => Promise.resolve(),
      endSync: () => say('other ended'),
      describeSaved: () => 'other described',
    });
    waitWithHeld(makeHydra(), 0);
  },
  'has two hydras': () => {
    const [first, second] = ['a', 'b'].map((name) =>
      makeHydra({ responsesFilePathTemplate: `./.responses_${name}_%s_%s.json` }),
    );
    afterAnswers(first, () => afterAnswers(second, () => say('ready')));
    stayAlive();
  },
  'is killed': () => {
    const hydra = makeHydra();
    let left = Math.min(count, 200);
    for (let n = 0; n < count; n++)
      void hydra.get(`/now/${n}`).then(async ({ id }) => {
        // A write begins within 50 ms. Several turns, so that it has also ended when they are all late.
        for (let turn = 0; turn < 5; turn++) await later(20);
        say(`old ${id}`);
        left -= 1;
        if (left === 0) process.kill(process.pid, 'SIGKILL');
      });
  },
  'has finished': async () => {
    say(listeners());
    const hydra = makeHydra();
    afterAnswers(hydra, async () => {
      say(listeners());
      await hydra.finish();
      say(listeners());
      say('ready');
    });
    stayAlive();
  },
  'has asked nothing': () => {
    makeHydra();
    say(listeners());
    say('ready');
    stayAlive();
  },
  'stores nothing': () => {
    afterAnswers(makeHydra({ store: false }), () => {
      say(listeners());
      say('ready');
    });
    stayAlive();
  },
  'writes to stdout': () => {
    afterAnswers(makeHydra(), () => {
      say('ready');
      setInterval(() => process.stdout.write('still there\n'), 10);
    });
  },
};

await endings[ending]();
