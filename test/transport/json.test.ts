import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { listenHttp, makeTransport, request, send, sharedThreads } from './http-world.js';

const json = { 'content-type': 'application/json' };

describe('whether a body is JSON', () => {
  const transport = sharedThreads();

  it.each([
    ['declared', json, false, '{"a":1}', true],
    ['declared, damaged', json, false, '{"a":', false],
    ['expected', {}, true, '[1]', true],
    ['expected, another', { 'content-type': 'text/html' }, true, '<p>', false],
    ['neither', { 'content-type': 'text/plain' }, false, '{}', undefined],
    ['expected, empty', json, true, '', undefined],
  ])(
    'is found out by threads where it is %s',
    async (_what, headers, expectsJson, body, isJson) => {
      const { origin } = await listenHttp((_request, response) => {
        response.writeHead(200, { ...headers, 'content-encoding': 'gzip' }).end(gzipSync(body));
      });
      const result = await send(transport(), request(origin, { expectsJson }));
      expect(result.kind === 'response' ? result.isJson : 'no response').toBe(isJson);
    },
  );

  it('is not looked at in this thread, where only some want to know', async () => {
    const { origin } = await listenHttp((_request, response) => {
      response.writeHead(200, json).end('{}');
    });
    const result = await send(makeTransport(), request(origin, { expectsJson: true }));
    expect('isJson' in result).toBe(false);
  });
});
