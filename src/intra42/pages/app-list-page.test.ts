import { describe, expect, it } from 'vitest';
import { readAppListPage } from './app-list-page.js';

const page = (head: string, body: string) => ({
  url: 'https://profile.example.com/oauth/applications?page=1',
  status: 200,
  body: `<html><head>${head}</head><body>${body}</body></html>`,
});
const meta = '<meta name="csrf-token" content="abc+/=">';
const root = (data: string) => `<div class="apps-root" data='${data}'></div>`;

describe('readAppListPage', () => {
  it('reads the ids out of the escaped JSON, whatever else is known of each, and the token', () => {
    const data =
      '[{&quot;id&quot;:7,&quot;name&quot;:&quot;it&#39;s&quot;},{&quot;id&quot;:&quot;9&quot;}]';
    expect(readAppListPage(page(meta, root(data)))).toEqual({
      ids: ['7', '9'],
      csrfToken: 'abc+/=',
    });
  });

  it('takes an empty list for what it is', () => {
    expect(readAppListPage(page(meta, root('[]'))).ids).toEqual([]);
  });

  it.each([
    ['no token', '', root('[]'), 'meta[name="csrf-token"]'],
    [
      'an empty token',
      '<meta name="csrf-token" content="">',
      root('[]'),
      'meta[name="csrf-token"]',
    ],
    ['no list', meta, '<div></div>', 'div.apps-root[data]'],
    ['a list that is no JSON', meta, root('[{'), 'a list of applications in div.apps-root[data]'],
    ['a list that is no list', meta, root('{}'), 'a list of applications in div.apps-root[data]'],
    ['an app without id', meta, root('[null]'), 'a list of applications in div.apps-root[data]'],
    [
      'an id that leads elsewhere',
      meta,
      root('[{&quot;id&quot;:&quot;../users&quot;}]'),
      'a list of applications in div.apps-root[data]',
    ],
  ])('%s is an error that names the element and the page', (_name, head, body, element) => {
    expect(() => readAppListPage(page(head, body))).toThrowError(
      expect.objectContaining({
        code: 'HYDRA_PAGE_NOT_UNDERSTOOD',
        message: `Expected ${element} in the page https://profile.example.com/oauth/applications (status 200), found none. The website may have changed.`,
      }) as Error,
    );
  });
});
