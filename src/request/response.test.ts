import { describe, expect, it } from 'vitest';
import { HydraResponse } from './response.js';

function response(body: string | Uint8Array, headers = {}): HydraResponse {
  return new HydraResponse({
    id: 3,
    method: 'GET',
    url: 'https://api.example.com/x',
    status: 200,
    headers,
    attempts: 1,
    appId: 'a',
    durationMs: 83,
    endedAtMs: 0,
    body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
  });
}

describe('HydraResponse', () => {
  it('gives its body as JSON, text and bytes, as often as one likes', () => {
    const answer = response('{"name":"ä"}');
    for (let i = 0; i < 2; i++) {
      expect(answer.json()).toEqual({ name: 'ä' });
      expect(answer.text()).toBe('{"name":"ä"}');
      expect(answer.bytes()).toEqual(new TextEncoder().encode('{"name":"ä"}'));
    }
  });

  it.each(['', '<html>', '{"a":'])('says clearly that %j is no JSON', (body) => {
    const answer = response(body, { 'content-type': 'text/html' });
    expect(() => answer.json()).toThrow(
      expect.objectContaining({
        code: 'HYDRA_BODY_NOT_JSON',
        message: `Expected the body of GET https://api.example.com/x to be JSON, got ${body.length} bytes of text/html.`,
        facts: { url: answer.url, status: 200 },
      }),
    );
  });
});
