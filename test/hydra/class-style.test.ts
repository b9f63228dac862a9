/** A class of one API, as users of the Python predecessor write it. */
import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  ApiHydra,
  basicAuth,
  bearerToken,
  defineApi,
  type App,
  type Limit,
  type RequestSignature,
} from '../../src/index.js';
import { listenHttp } from '../transport/http-world.js';

interface World {
  readonly origin: string;
  readonly seen: { readonly url: string | undefined; readonly headers: IncomingHttpHeaders }[];
}

async function startWorld(): Promise<World> {
  const seen: World['seen'] = [];
  const { origin } = await listenHttp(({ url, headers }, response) => {
    seen.push({ url, headers });
    response.end('{}');
  });
  return { origin, seen };
}

const inMemory = { appsFile: false, store: false, logLevel: 'fatal' } as const;
const finishAfterTest = <T extends ApiHydra>(hydra: T): T => {
  onTestFinished(() => hydra.finish());
  return hydra;
};

describe('a class that extends ApiHydra', () => {
  it('says where its API is, what it allows and how it signs', async () => {
    const { origin, seen } = await startWorld();
    class MyHydra extends ApiHydra {
      protected override get baseUrl(): string {
        return `${origin}/v3`;
      }
      protected override get limits(): Limit[] {
        return [{ requests: 4, perMs: 1000 }];
      }
      protected override sign({ credentials }: App): RequestSignature {
        return { headers: { 'x-key': credentials['key'] ?? '' } };
      }
      user(login: string): Promise<unknown> {
        return this.get(`/users/${login}`).json();
      }
      get allowed(): number {
        return this.stats.allowedRate;
      }
    }
    const apps = [{ id: 'a', credentials: { key: 'k' } }];
    const hydra = finishAfterTest(new MyHydra({ ...inMemory, apps }));
    expect(await hydra.user('ada')).toEqual({});
    expect(seen).toMatchObject([{ url: '/v3/users/ada', headers: { 'x-key': 'k' } }]);
    expect(hydra.allowed).toBe(4);
  });

  it('may take a way to sign that is there, and find limits out', async () => {
    const { origin, seen } = await startWorld();
    class MyHydra extends ApiHydra {
      protected override get baseUrl(): string {
        return origin;
      }
      protected override get auth(): ReturnType<typeof basicAuth> {
        return basicAuth({ password: '' });
      }
    }
    const apps = [{ id: 'a', credentials: { username: 'u' } }];
    await finishAfterTest(new MyHydra({ ...inMemory, apps })).get('/x');
    expect(seen[0]?.headers.authorization).toBe(`Basic ${btoa('u:')}`);
  });

  it('is told at once of an app that cannot sign, and of a base URL that is none', () => {
    class NoUrl extends ApiHydra {
      protected override get baseUrl(): string {
        return 'api.example.com';
      }
    }
    expect(() => new NoUrl(inMemory)).toThrow(/Expected `baseUrl` to be an absolute/);
    class Keyed extends ApiHydra {
      protected override get baseUrl(): string {
        return 'https://api.example.com';
      }
      protected override get auth(): ReturnType<typeof bearerToken> {
        return bearerToken();
      }
    }
    const apps = [{ id: 'a', credentials: { key: 'k' } }];
    expect(() => new Keyed({ ...inMemory, apps })).toThrow(/credential `token`/);
  });

  it('is asked for an API when it says nothing of one', () => {
    expect(() => new ApiHydra(inMemory)).toThrow(/Expected `api` to be an API/);
  });

  it('gives way to the option `api`', async () => {
    const { origin, seen } = await startWorld();
    class MyHydra extends ApiHydra {
      protected override get baseUrl(): string {
        return 'https://api.example.com';
      }
    }
    const api = defineApi({ baseUrl: origin, limits: 'discover', auth: bearerToken() });
    const apps = [{ id: 'a', credentials: { token: 't' } }];
    await finishAfterTest(new MyHydra({ ...inMemory, api, apps })).get('/x');
    expect(seen).toHaveLength(1);
  });
});
