import { expect, it } from 'vitest';
import { chooseApi } from './choose-api.js';

/** Chooses by what is typed, and says what was asked. */
async function choose(...typed: string[]): Promise<{ chosen: string; asked: string[] }> {
  const asked: string[] = [];
  const chosen = await chooseApi((question) => {
    asked.push(question);
    const line = typed.shift();
    return line === undefined ? Promise.reject(new Error('closed')) : Promise.resolve(line);
  });
  return { chosen, asked };
}

it('asks for an API by the names of those that there are', async () => {
  const { chosen, asked } = await choose(' github ');
  expect(chosen).toBe('github');
  expect(asked).toEqual([expect.stringMatching(/^Which API \(own, 42, .*stripe\) \[own\]:$/)]);
});

it("takes nothing for one's own", async () => {
  expect((await choose('')).chosen).toBe('own');
});

it('asks again for what is none of them, and says which is meant where that can be told', async () => {
  const { chosen, asked } = await choose('githab', 'xyzzy-and-more', '42');
  expect(chosen).toBe('42');
  expect(asked.map((question) => question.replace(/Which API .*/, ''))).toEqual([
    '',
    'Did you mean github? ',
    'There is none of this name. ',
  ]);
});

it('ends where the terminal is closed', async () => {
  await expect(choose('githab')).rejects.toThrow('closed');
});
