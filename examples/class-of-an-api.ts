// A class of one API, in the style of the Python ApiHydra: override where it is, what it allows, how it signs.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiHydra, type App, type Limit, type RequestSignature } from 'apihydra';

const server = createServer((request, response) => {
  response.end(JSON.stringify({ path: request.url, key: request.headers['x-key'] }));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

class LibraryHydra extends ApiHydra {
  protected override get baseUrl(): string {
    return `${origin}/v1`;
  }

  protected override get limits(): Limit[] {
    return [{ requests: 5, perMs: 1000 }];
  }

  protected override sign({ credentials }: App): RequestSignature {
    return { headers: { 'x-key': credentials['key'] ?? '' } };
  }

  book(id: number): Promise<{ path: string; key: string }> {
    return this.get(`/books/${id}`).json();
  }
}

const apps = ['first-key', 'second-key'].map((key) => ({ id: key, credentials: { key } }));
const hydra = new LibraryHydra({ apps, appsFile: false });
console.log(await Promise.all([1, 2, 3].map((id) => hydra.book(id))));
await hydra.finish();
server.close();
