import { describe, expect, it } from 'vitest';
import { formBody } from './form-body.js';

describe('formBody', () => {
  it('encodes what is special in an address', () => {
    const { contentType, body } = formBody({ password: 'a&b=c +ä' }, false);
    expect(contentType).toBe('application/x-www-form-urlencoded');
    expect(new URLSearchParams(body).get('password')).toBe('a&b=c +ä');
  });

  it('makes multipart forms that a standard parser reads', async () => {
    const { contentType, body } = formBody({ 'app[name]': 'x_1', 'app[scopes]': '' }, true);
    const response = new Response(body, { headers: { 'content-type': contentType } });
    expect([...(await response.formData())]).toEqual([
      ['app[name]', 'x_1'],
      ['app[scopes]', ''],
    ]);
  });
});
