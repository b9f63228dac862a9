import { describe, expect, it } from 'vitest';
import { HydraError } from '../index.js';
import { AppWebsite } from './app-website.js';
import type { Page } from './pages/page.js';
import type { ShownApp } from './pages/shown-app.js';
import type { BrowserRequest } from './web/browser.js';
import { isPermanent, type Session } from './web/session.js';

const base = 'https://profile.example.com';
const LIST = '/oauth/applications';

const reply = (path: string, body: string, status = 200): Page => ({
  url: base + path,
  status,
  body,
});

/** A website with these apps, as names by id; `answer` takes a form, or leaves it to the website. */
function setting(
  apps: Record<string, string>,
  answer: (path: string, form: Record<string, string>) => Page | undefined | 'usual' = () =>
    'usual',
) {
  const names = new Map(Object.entries(apps));
  const asked: string[] = [];
  let token = 0;
  const list = () => {
    const data = JSON.stringify([...names.keys()].map((id) => ({ id })));
    return reply(
      LIST,
      `<meta name="csrf-token" content="t${token}"><div class="apps-root" data='${data}'></div>`,
    );
  };
  const app = (path: string): Page => {
    const name = names.get(path.split('/').at(-1) ?? '');
    if (name === undefined) return reply(path, '', 404);
    const credentials = '<div class="credential">u</div><div class="credential">s</div>';
    return reply(path, `<div class="application-info"><span>${name}</span></div>${credentials}`);
  };
  const take = (path: string, form: Record<string, string>): Page => {
    if (form['authenticity_token'] !== `t${token}`) return reply(path, '<h1>Rejected</h1>', 422);
    if (form['_method'] === 'delete') {
      names.delete(path.split('/').at(-1) ?? '');
      return list();
    }
    names.set('99', form['doorkeeper_application[name]'] ?? '');
    return reply(path, '{"id":99}', 201);
  };
  const session = {
    open: (path: string) => {
      asked.push(`GET ${path}`);
      return Promise.resolve(path === LIST ? list() : app(path));
    },
    send: (path: string, { form = {} }: BrowserRequest) => {
      asked.push(`POST ${path}`);
      const given = answer(path, form);
      return Promise.resolve(given === 'usual' ? take(path, form) : given);
    },
  } as unknown as Session;
  const website = new AppWebsite({
    session,
    signal: undefined,
    async persistently(_what, task) {
      for (;;) {
        try {
          return await task();
        } catch (error) {
          if (isPermanent(error)) throw error;
        }
      }
    },
  });
  return { website, names, asked, session, endSession: () => (token += 1) };
}

const nameOf = (shown: ShownApp) => shown.name();
const isOurs = (name: string) => name.startsWith('x_');
const posts = (asked: string[]) => asked.filter((line) => line.startsWith('POST'));

describe('creating', () => {
  it('asks for the list once, not for each app', async () => {
    const { website, asked } = setting({});
    await website.listIds();
    await website.create('x_1', new Set());
    expect(asked).toEqual([`GET ${LIST}`, `POST ${LIST}`, `GET ${LIST}/99`]);
  });

  it('takes a new token for its forms when the old one is not taken', async () => {
    const { website, asked, endSession } = setting({});
    await website.listIds();
    endSession();
    expect(await website.create('x_1', new Set())).toMatchObject({ id: '99' });
    expect(posts(asked)).toHaveLength(2);
  });

  it('takes a new token after it was turned away, and does not do so for ever', async () => {
    let turns = 1;
    const once = setting({}, () => (turns-- > 0 ? undefined : 'usual'));
    expect(await once.website.create('x_1', new Set())).toMatchObject({ id: '99' });
    const always = setting({}, () => undefined);
    await expect(always.website.create('x_1', new Set())).rejects.toMatchObject({
      code: 'HYDRA_PAGE_NOT_UNDERSTOOD',
    });
    expect(posts(always.asked)).toHaveLength(3);
  });

  it('gives the reason when a form is refused with a good token', async () => {
    const { website, asked } = setting({}, (path) => reply(path, '{"errors":["No more"]}', 422));
    await expect(website.create('x_1', new Set())).rejects.toMatchObject({
      code: 'HYDRA_APP_NOT_MADE',
      message: expect.stringContaining('No more') as string,
    });
    expect(posts(asked)).toHaveLength(2);
  });

  it('finds the app that was made though the answer was lost, and no other of that name', async () => {
    const { website, names, asked } = setting({ 5: 'x_1' }, () => {
      names.set('99', 'x_1');
      throw new HydraError('HYDRA_NETWORK', 'Lost.');
    });
    expect(await website.create('x_1', new Set(['5']))).toMatchObject({ id: '99' });
    expect(posts(asked)).toHaveLength(1);
  });
});

describe('deleting', () => {
  it('deletes an app of ours', async () => {
    const { website, names } = setting({ 5: 'x_1', 6: 'x_2' });
    expect(await website.delete('5', isOurs)).toBe(true);
    expect([...names.keys()]).toEqual(['6']);
  });

  it('leaves an app alone that has got another name', async () => {
    const { website, names, asked } = setting({ 5: 'precious' });
    expect(await website.delete('5', isOurs)).toBe(false);
    expect(names.has('5')).toBe(true);
    expect(posts(asked)).toEqual([]);
  });

  it('has nothing to do for an app that is gone', async () => {
    const { website, asked } = setting({});
    expect(await website.delete('5', isOurs)).toBe(true);
    expect(posts(asked)).toEqual([]);
  });

  it('does not go on for ever when the website forbids it', async () => {
    const { website, asked } = setting({ 5: 'x_1' }, (path) => reply(path, '', 403));
    await expect(website.delete('5', isOurs)).rejects.toMatchObject({
      code: 'HYDRA_PAGE_NOT_UNDERSTOOD',
      facts: { status: 403 },
    });
    expect(posts(asked)).toHaveLength(1);
  });

  it('does not go on for ever when the app stays', async () => {
    const { website, asked } = setting({ 5: 'x_1' }, (path) => reply(path, ''));
    await expect(website.delete('5', isOurs)).rejects.toMatchObject({
      code: 'HYDRA_PAGE_NOT_UNDERSTOOD',
    });
    expect(posts(asked)).toHaveLength(3);
  });
});

describe('reading', () => {
  it('leaves out what is gone, answered with 404 or led to the list', async () => {
    const { website, session } = setting({ 5: 'x_1', 6: 'x_2' });
    const open = session.open.bind(session);
    session.open = async (path) => await open(path.endsWith('/7') ? LIST : path);
    expect(await website.readAll(['5', '6', '7', '8'], nameOf)).toEqual(['x_1', 'x_2']);
  });

  it('an app that is in the list but leads elsewhere is not taken for gone', async () => {
    const { website, session } = setting({ 5: 'x_1' });
    const open = session.open.bind(session);
    session.open = async (path) => await open(path.endsWith('/5') ? LIST : path);
    await expect(website.read('5', nameOf)).rejects.toMatchObject({
      code: 'HYDRA_PAGE_NOT_UNDERSTOOD',
    });
  });

  it('asks for at most 4 pages at once, and for no more after one has failed', async () => {
    const { website, session } = setting({});
    let underWay = 0;
    let most = 0;
    let asked = 0;
    session.open = async (path) => {
      asked += 1;
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
      const body = '<div class="application-info"><span>x</span></div>';
      return reply(path, path.endsWith('/10') ? '' : body);
    };
    const ids = Array.from({ length: 100 }, (_, index) => String(index));
    await expect(website.readAll(ids, nameOf)).rejects.toMatchObject({
      code: 'HYDRA_PAGE_NOT_UNDERSTOOD',
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(most).toBe(4);
    expect(asked).toBeLessThan(20);
  });
});
