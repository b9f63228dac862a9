import { describe, expect, it } from 'vitest';
import { newAppId } from './new-app-answer.js';

const answer = (status: number, body: string, path = '/oauth/applications') => ({
  url: `https://profile.example.com${path}`,
  status,
  body,
});

describe('newAppId', () => {
  it.each([
    ['a number in JSON', answer(201, '{"id":7,"secret":"s"}')],
    ['a string in JSON', answer(200, '{"id":"7"}')],
    ['the page of the new app', answer(200, '<h1>x_1</h1>', '/oauth/applications/7')],
  ])('finds %s', (_name, page) => {
    expect(newAppId('x_1', page)).toBe('7');
  });

  it.each([
    [
      'JSON errors',
      answer(422, '{"errors":["Name is\\n taken"]}'),
      'status 422, ["Name is\\n taken"]',
    ],
    [
      'a page with status 422',
      answer(422, '<div class="alert">Too\n many</div>'),
      'status 422, Too many',
    ],
    ['a page with status 200', answer(200, '<div class="alert alert-danger">No</div>'), 'No'],
    ['nothing', answer(403, ''), 'status 403, without a reason'],
  ])('gives the reason in %s', (_name, page, reason) => {
    expect(() => newAppId('x_1', page)).toThrowError(
      expect.objectContaining({
        code: 'HYDRA_APP_NOT_MADE',
        message: `The website did not make the app x_1: ${reason}.`,
      }) as Error,
    );
  });

  it('quotes nothing of JSON but its errors', () => {
    expect(() => newAppId('x_1', answer(400, '{"secret":"s-s4t2ud-1"}'))).not.toThrowError(
      /s4t2ud/,
    );
  });

  it('does not pretend to understand a page without either', () => {
    expect(() => newAppId('x_1', answer(200, '<h1>Welcome</h1>'))).toThrowError(
      expect.objectContaining({ code: 'HYDRA_PAGE_NOT_UNDERSTOOD' }) as Error,
    );
  });
});
