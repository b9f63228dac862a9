import { describe, expect, it } from 'vitest';
import { defineApi } from '../api.js';
import { bearerToken } from '../auth/bearer-token.js';
import type { RequestOptions } from '../request/request.js';
import { attemptFrame, buildAttempt } from './build-attempt.js';
import { Job } from './job.js';

const api = defineApi({
  baseUrl: 'https://api.example.com/v2',
  limits: [{ requests: 2, perMs: 1000 }],
  auth: bearerToken(),
  responseType: 'json',
  headers: { 'X-Client': 'tests' },
});
const app = { id: 'a', credentials: { token: 'secret' } };
const signature = api.auth.authorize(app, undefined);
const frame = attemptFrame(api, 5000);

function job(options: RequestOptions = {}, method: 'GET' | 'POST' = 'GET'): Job {
  return new Job(0, method, 'https://api.example.com/v2/users?page=2', options, { put() {} });
}

describe('buildAttempt', () => {
  it('sends what the API, the request and the signature say', () => {
    const attempt = buildAttempt(job({ json: { a: 1 }, timeoutMs: 7 }, 'POST'), frame, signature);
    expect(attempt).toMatchObject({
      origin: 'https://api.example.com',
      path: '/v2/users?page=2',
      method: 'POST',
      body: '{"a":1}',
      timeoutMs: 7,
      headers: {
        accept: 'application/json',
        authorization: 'Bearer secret',
        'content-type': 'application/json',
        'x-client': 'tests',
      },
    });
  });

  it('lets no request replace its signature', () => {
    const attempt = buildAttempt(job({ headers: { Authorization: 'mine' } }), frame, signature);
    expect(attempt.headers['authorization']).toBe('Bearer secret');
  });

  it('lets no header of the API stand beside its signature, however it is written', () => {
    const own = attemptFrame(
      { ...api, headers: { Authorization: 'old', 'X-Client': 'tests' } },
      1000,
    );
    const { headers } = buildAttempt(job(), own, signature);
    expect(headers).toMatchObject({ authorization: 'Bearer secret', 'x-client': 'tests' });
    expect(Object.keys(headers).filter((name) => name !== name.toLowerCase())).toEqual([]);
  });

  it('keeps the headers of one request from the next', () => {
    buildAttempt(job({ headers: { 'x-own': '1' } }), frame, signature);
    const { headers } = buildAttempt(job(), frame, signature);
    expect(headers).not.toHaveProperty('x-own');
  });

  it('leaves a body behind that a redirect turned into GET', () => {
    const redirected = job({ json: 1 }, 'POST');
    redirected.redirect(redirected.url, 'GET');
    const attempt = buildAttempt(redirected, frame, signature);
    expect(attempt.body).toBeUndefined();
    expect(attempt.headers).not.toHaveProperty('content-type');
  });

  it('makes the headers of a signature that stays the same once', () => {
    const [first, second] = [0, 1].map(() => buildAttempt(job(), frame, signature).headers);
    expect(second).toBe(first);
    const ofAnother = api.auth.authorize({ ...app, credentials: { token: 'other' } }, undefined);
    expect(buildAttempt(job(), frame, ofAnother).headers['authorization']).toBe('Bearer other');
  });

  it('takes no signature for the same that may have changed', () => {
    const headers = { nonce: '1' };
    buildAttempt(job(), frame, { headers });
    headers.nonce = '2';
    expect(buildAttempt(job(), frame, { headers }).headers['nonce']).toBe('2');
  });
});
