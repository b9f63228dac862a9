import { describe, expect, it } from 'vitest';
import { defineFtApi, toApp } from './ft-api.js';
import { readAppPage } from './pages/app-page.js';

const perSecond = (requests: number) => ({ requests, perMs: 1000 });
const perHour = (requests: number) => ({ requests, perMs: 3_600_000 });
const desc =
  '<div class="application-desc"></div><div class="application-desc"><code>8</code></div>';
const hour =
  '<div class="row"></div><div class="row"></div><div class="row"><h4></h4><div><span>0</span><span></span>/ 1800</div></div>';

function appWith(rest: string): ReturnType<typeof toApp> {
  const body = `<div class="application-info"><span>x_1</span></div><div class="credential">u</div><div class="credential">s</div>${rest}`;
  return toApp('7', readAppPage({ url: 'https://x.example/7', status: 200, body }, '7'));
}

describe('toApp', () => {
  it('has the id of the website, and what an app signs with', () => {
    expect(appWith('')).toMatchObject({
      id: '7',
      name: 'x_1',
      credentials: { clientId: 'u', clientSecret: 's' },
    });
  });

  it.each([
    ['both limits that the page names', desc + hour, [perSecond(8), perHour(1800)]],
    ['the usual second where it names the hour alone', hour, [perSecond(2), perHour(1800)]],
    ['the usual hour where it names the second alone', desc, [perSecond(8), perHour(1200)]],
    ['the usual ones where it names none', '', [perSecond(2), perHour(1200)]],
  ])('is limited by %s', (_name, rest, limits) => {
    expect(appWith(rest).limits).toEqual(limits);
  });
});

describe('defineFtApi', () => {
  it('is limited to 2 a second and 1200 an hour, and speaks JSON', () => {
    const api = defineFtApi('https://api.example.com/v2', () => Promise.resolve(undefined));
    expect(api).toMatchObject({
      name: '42',
      baseUrl: 'https://api.example.com/v2',
      limits: [perSecond(2), perHour(1200)],
      responseType: 'json',
    });
  });
});
