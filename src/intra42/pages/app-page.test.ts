import { describe, expect, it } from 'vitest';
import { readAppName, readAppPage } from './app-page.js';
import { readAppUsage } from './app-usage.js';

const html = `<div class="header"><div class="row">
<div class="application-info"> <span> ApiHydra_1 </span> <span>by somebody</span></div></div>
<code>http://127.0.0.1:80</code></div>
<div class="row">
<div class="copy" data-copy="[data-app-uid-7]" data-clipboard-text="u-full"></div><div class="credential">u-text</div>
<div class="copy" data-copy="[data-app-secret-7]" data-clipboard-text="s-full"></div><div class="credential">s-text</div>
<div class="rotation-actions">Expires on 05/12/2026</div>
<div class="credential"> s-next </div><div class="rotation-actions">from 01/01/2027 on</div></div>
<div class="application-desc"><label class="label label-primary">public</label> <label class="label label-primary">projects</label></div>
<div class="application-desc">At most <code>8</code> a second</div>
<div class="row"><h4>Last hour</h4><div><span>1,034</span><span></span> / 1 800</div>
<h4>a</h4><div>1</div><h4>b</h4><div>2</div><h4>c</h4><div>300000</div><h4>d</h4><div>4</div><h4>e</h4><div>5</div></div>`;

const page = (body: string) => ({
  url: 'https://profile.example.com/oauth/applications/7',
  status: 200,
  body,
});
const without = (...parts: string[]) =>
  page(parts.reduce((left, part) => left.replaceAll(part, ''), html));

describe('readAppPage', () => {
  it('reads every value', () => {
    expect(readAppPage(page(html), '7')).toEqual({
      uid: 'u-full',
      secret: 's-full',
      nextSecret: 's-next',
      name: 'ApiHydra_1',
      secretExpiresAtMs: Date.UTC(2026, 11, 5),
      nextSecretExpiresAtMs: Date.UTC(2027, 0, 1),
      redirectUri: 'http://127.0.0.1:80',
      scopes: ['public', 'projects'],
      maxPerSecond: 8,
      usage: {
        requestsLastHour: 1034,
        maxPerHour: 1800,
        activeTokens: 1,
        activeUsers: 2,
        totalRequests: 300_000,
        generatedTokens: 4,
        uniqueUsers: 5,
      },
    });
  });

  it('takes uid and secret from the text when the buttons hold none', () => {
    expect(readAppPage(without('data-clipboard-text="s-full"', 'u-full'), '7')).toMatchObject({
      uid: 'u-text',
      secret: 's-text',
    });
  });

  it('has no next secret when the page shows a dash', () => {
    const dash = page(html.replace(' s-next ', ' - '));
    expect(readAppPage(dash, '7').nextSecret).toBeUndefined();
  });

  it('needs nothing but name, uid and secret', () => {
    const bare = page(`<div class="application-info"><span>x</span></div>
<div class="credential">u</div><div class="credential">s</div>`);
    const found = readAppPage(bare, '7');
    expect(found).toMatchObject({ name: 'x', uid: 'u', secret: 's', scopes: [] });
    expect(found.maxPerSecond).toBeUndefined();
    expect(found.usage.maxPerHour).toBeUndefined();
    expect(found.secretExpiresAtMs).toBeUndefined();
  });

  it.each([
    ['div.application-info span', ['application-info']],
    ['div.copy[data-copy="[data-app-uid-7]"]', ['data-app-uid-7', 'credential']],
    ['div.copy[data-copy="[data-app-secret-7]"]', ['data-app-secret-7', 'credential']],
  ])('without %s is an error that names it', (element, parts) => {
    expect(() => readAppPage(without(...parts), '7')).toThrowError(
      expect.objectContaining({
        code: 'HYDRA_PAGE_NOT_UNDERSTOOD',
        facts: { name: element, url: page('').url, status: 200 },
      }) as Error,
    );
  });

  it('names no secret in its errors', () => {
    expect(() => readAppPage(without('application-info'), '7')).not.toThrowError(/s-full|s-next/);
  });
});

describe('readAppName', () => {
  it('reads the name of an app whose secrets are not shown', () => {
    expect(readAppName(page('<div class="application-info"><span>theirs</span></div>'))).toBe(
      'theirs',
    );
  });
});

describe('readAppUsage', () => {
  it('reads what is asked for', () => {
    expect(readAppUsage(page(html), ['maxPerHour', 'totalRequests'])).toEqual({
      maxPerHour: 1800,
      totalRequests: 300_000,
    });
  });

  it('minds only what is asked for', () => {
    const changed = without('<span>1,034</span>');
    expect(readAppUsage(changed, ['totalRequests'])).toEqual({ totalRequests: 300_000 });
    expect(() => readAppUsage(changed, ['requestsLastHour'])).toThrowError(
      expect.objectContaining({
        code: 'HYDRA_PAGE_NOT_UNDERSTOOD',
        message: expect.stringContaining('requestsLastHour') as string,
      }) as Error,
    );
  });

  it('takes a count of none for none, not for a missing one', () => {
    const none = page(html.replace('300000', '0'));
    expect(readAppUsage(none, ['totalRequests'])).toEqual({ totalRequests: 0 });
  });
});
