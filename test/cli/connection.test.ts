import { chmodSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { standIn, temporaryFolder } from '../intra42/setting.js';
import {
  accountOf,
  apihydra,
  apihydraHere,
  apihydraOnTerminal,
  apihydraTyped,
  basesOf,
  hasTerminal,
  type Variables,
} from './command-line.js';

const otpSecret = 'JBSWY3DPEHPK3PXP';

function envFile(folder: string, variables: Variables, mode = 0o600): void {
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}="${value}"\n`);
  writeFileSync(path.join(folder, '.env'), `# The stand-in.\n${lines.join('')}`);
  chmodSync(path.join(folder, '.env'), mode);
}

describe('the 42 account', () => {
  it('is read from the environment', async () => {
    const intra = await standIn();
    const { code, stderr } = await apihydraHere(
      ['apps', 'set', '1'],
      temporaryFolder(),
      accountOf(intra),
    );
    expect(stderr).toContain('Made 1: there is 1 app.');
    expect(code).toBe(0);
    expect(intra.account.totals.signIns).toBe(1);
  });

  it('is read from .env in the working folder, where the environment does not say otherwise', async () => {
    const intra = await standIn({ otpSecret });
    const folder = temporaryFolder();
    const { INTRA_PASSWORD = '' } = accountOf(intra);
    envFile(folder, { INTRA_LOGIN: 'nobody', INTRA_PASSWORD, INTRA_OTP: otpSecret }, 0o644);
    const variables = { ...basesOf(intra), INTRA_LOGIN: intra.login, INTRA_PASSWORD: '' };
    const { code, stderr } = await apihydraHere(['apps', 'set', '1'], folder, variables);
    expect(code).toBe(0);
    expect(intra.apps).toHaveLength(1);
    expect(stderr).toContain(
      'The file .env holds INTRA_PASSWORD and INTRA_OTP and is open to others (mode 0644).',
    );
    for (const secret of [intra.password, otpSecret]) expect(stderr).not.toContain(secret);
  });

  it('is not needed when there is no need to sign in', async () => {
    const intra = await standIn();
    const folder = temporaryFolder();
    await apihydraHere(['apps', 'set', '1'], folder, accountOf(intra));
    const again = await apihydraHere(['apps', 'set', '1'], folder, basesOf(intra));
    expect(again).toMatchObject({ code: 0, stdout: '' });
    expect(again.stderr).toContain('Nothing to do: there is 1 app.');
    expect(intra.account.totals.signIns).toBe(1);
  });

  it('that cannot be asked for is an error that says which variables to set', async () => {
    const intra = await standIn();
    const variables = { ...basesOf(intra), INTRA_LOGIN: intra.login };
    const { code, stderr } = await apihydraHere(['apps', 'set', '1'], temporaryFolder(), variables);
    expect(code).toBe(1);
    expect(stderr).toContain(
      'apihydra: Expected INTRA_LOGIN and INTRA_PASSWORD in the environment or in the file .env',
    );
    expect(stderr).toContain('INTRA_PASSWORD is missing, and there is no terminal to ask at.');
    expect(intra.account.totals.pageRequests).toBe(0);
  });

  it('with a wrong password is an error that does not show it', async () => {
    const intra = await standIn();
    const variables = { ...accountOf(intra), INTRA_PASSWORD: 'hunter2-wrong' };
    const { code, stdout, stderr } = await apihydra(
      ['apps', 'set', '1', '--log-level', 'debug'],
      temporaryFolder(),
      variables,
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^apihydra: The sign-in was rejected: Invalid username or password\. Expected INTRA_LOGIN and INTRA_PASSWORD to be right\.$/m,
    );
    expect(stdout + stderr).not.toContain('hunter2');
  });

  it('with a second factor that is missing is an error that says which variable to set', async () => {
    const intra = await standIn({ otpSecret });
    const { code, stderr } = await apihydraHere(
      ['apps', 'set', '1'],
      temporaryFolder(),
      accountOf(intra),
    );
    expect(code).toBe(1);
    expect(stderr).toContain('apihydra: The sign-in wants a second factor. Expected INTRA_OTP');
  });

  it('takes six digits for a code, not for a secret', async () => {
    const intra = await standIn({ otpSecret });
    // No secret in base32 has these.
    const variables = { ...accountOf(intra), INTRA_OTP: '189018' };
    const { code, stderr } = await apihydraHere(['apps', 'set', '1'], temporaryFolder(), variables);
    expect(code).toBe(1);
    expect(stderr).toContain(
      'apihydra: The second factor was rejected: Invalid authenticator code',
    );
  });
});

describe('on a terminal', () => {
  const asked = 'of your 42 account:';

  // The terminal is made by `script` of util-linux.
  it.skipIf(!hasTerminal)('asks for what is missing, and does not echo secrets', async () => {
    const intra = await standIn();
    const { code, stdout } = await apihydraOnTerminal(
      ['apps', 'set', '1'],
      temporaryFolder(),
      basesOf(intra),
      [
        [`Login ${asked}`, `${intra.login}\r`],
        [`Password ${asked}`, `${intra.password}\r`],
      ],
    );
    expect(code).toBe(0);
    expect(stdout).toContain('Made 1: there is 1 app.');
    expect(stdout).toContain(intra.login);
    for (const part of intra.password.split(' ')) expect(stdout).not.toContain(part);
    expect(intra.account.totals.signIns).toBe(1);
  });

  it('asks for the code only when one is wanted', async () => {
    const intra = await standIn({ otpSecret });
    const { code, stderr } = await apihydraTyped(
      ['apps', 'set', '1'],
      temporaryFolder(),
      accountOf(intra),
      [['Code of your second factor:', '135790\r']],
    );
    expect(code).toBe(1);
    expect(stderr).toContain('The second factor was rejected');
    expect(stderr).not.toContain('135790');
  });

  it.skipIf(!hasTerminal)('Ctrl+C ends it as a signal does, and nothing is sent', async () => {
    const intra = await standIn();
    const { code, stdout } = await apihydraOnTerminal(
      ['apps', 'set', '1'],
      temporaryFolder(),
      { ...basesOf(intra), INTRA_LOGIN: intra.login },
      [[`Password ${asked}`, '\u0003']],
    );
    expect(code).toBe(130);
    expect(stdout).not.toContain('Stopped at the question');
    expect(intra.account.totals.pageRequests).toBe(0);
  });

  it('Ctrl+D is an error, and nothing is sent', async () => {
    const intra = await standIn();
    const { code, stderr } = await apihydraTyped(
      ['apps', 'set', '1'],
      temporaryFolder(),
      { ...basesOf(intra), INTRA_LOGIN: intra.login },
      [[`Password ${asked}`, '\u0004']],
    );
    expect(code).toBe(1);
    expect(stderr).toContain('Stopped at the question');
    expect(intra.account.totals.pageRequests).toBe(0);
  });
});

describe('the options of a connection', () => {
  it('win over the variables', async () => {
    const intra = await standIn();
    const variables = {
      ...accountOf(intra),
      INTRA_API_BASE: 'http://127.0.0.1:1/v2',
      INTRA_PROFILE_BASE: 'http://127.0.0.1:1',
    };
    const { code } = await apihydraHere(
      ['apps', 'set', '1', '--api-base', intra.apiBase, '--profile-base', intra.profileBase],
      temporaryFolder(),
      variables,
    );
    expect(code).toBe(0);
    expect(intra.apps).toHaveLength(1);
  });

  it('are not taken from .env, so that no folder leads a password elsewhere', async () => {
    const [intra, folder] = [await standIn(), temporaryFolder()];
    envFile(folder, { INTRA_API_BASE: 'http://127.0.0.1:1', INTRA_PROFILE_BASE: 'not even one' });
    const { code } = await apihydraHere(['usage', '--api-base', intra.apiBase], folder);
    expect(code).toBe(0);
  });

  it('are named in errors by the words of the command line', async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'mine.json'), '{');
    const badFile = await apihydraHere(['usage', '--apps-file', 'mine.json'], folder);
    const badVariable = await apihydraHere(['usage'], folder, { INTRA_API_BASE: 'example.com' });
    const ofProfile = ['usage', '--profile-base', 'https://example.com/?a=1'];
    const badProfile = await apihydraHere(ofProfile, folder);
    expect(badFile.code).toBe(1);
    expect(badFile.stderr).toMatch(
      /mine\.json is no JSON, or is cut short.*name another with --apps-file\./,
    );
    expect(badVariable.code).toBe(1);
    expect(badVariable.stderr).toContain(
      'Expected INTRA_API_BASE to be an absolute http or https URL',
    );
    expect(badProfile.code).toBe(1);
    expect(badProfile.stderr).toContain('Expected --profile-base to be without credentials');
  });
});
