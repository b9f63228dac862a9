import { BasicCrawler, Configuration, log, LogLevel } from '@crawlee/basic';
import { CONCURRENCY } from '../../shared/load.mjs';
import { sender } from './sending.mjs';

export const crawlee = {
  name: 'Crawlee BasicCrawler',
  words: 'Storage in memory, a concurrency of 100 from the start, no session pool, kept running.',
  create({ origin }) {
    log.setLevel(LogLevel.ERROR);
    const send = sender(origin);
    let open = 0;
    let onAllDone;
    const crawler = new BasicCrawler(
      {
        keepAlive: true,
        minConcurrency: CONCURRENCY,
        maxConcurrency: CONCURRENCY,
        useSessionPool: false,
        async requestHandler({ request }) {
          await send(new URL(request.url).pathname);
          if (--open === 0) onAllDone();
        },
      },
      new Configuration({ persistStorage: false }),
    );
    let next = 0;
    return async (count) => {
      const allDone = new Promise((resolve) => (onAllDone = resolve));
      open = count;
      // An address that it has seen it does not ask again: each has a number of its own.
      const urls = Array.from({ length: count }, () => `${origin}/users/${next++}`);
      if (crawler.running) await crawler.addRequests(urls, { waitForAllRequestsToBeAdded: true });
      else void crawler.run(urls);
      await allDone;
    };
  },
};
