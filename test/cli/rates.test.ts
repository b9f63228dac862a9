import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../intra42/setting.js';
import { apihydra } from './command-line.js';

describe('apihydra demo', () => {
  it('collects every user without a refusal, writes them to a file and says what it took', async () => {
    const cwd = temporaryFolder();
    const ended = await apihydra(['demo', '--users', '96', '--apps', '4'], cwd);
    const { code, stdout, stderr } = ended;
    expect(stderr).toMatch(/^96\/96, [\d.]+\/s, 0 s left, \d+ retries$/m);
    expect(stdout).toMatch(/^users +96 of 96 there and right, in output\.json$/m);
    expect(stdout).toMatch(/^refusals +0$/m);
    expect(stdout).toMatch(/^rate +[\d.]+ of 32\.0 allowed a second \([\d.]+\)$/m);
    expect(code).toBe(0);
    const users = JSON.parse(readFileSync(path.join(cwd, 'output.json'), 'utf8')) as {
      login: string;
    }[];
    expect(new Set(users.map((user) => user.login)).size).toBe(96);
    expect(readdirSync(cwd)).toEqual(['output.json']);
  });
});
