/** Who signs in: from the settings, or asked for at the terminal, and only when it has to sign in. */
import { HydraError } from '../../errors.js';
import type { FtApiHydraOptions } from '../../intra42/index.js';
import { ask, isTerminal } from './ask.js';
import type { AccountVariable, Settings } from './settings.js';

type Credentials = Pick<FtApiHydraOptions, 'intraLogin' | 'intraPassword' | 'intraOtp'>;

/** Credentials that are found when they are needed. What was typed is kept, but for the code. */
export function credentialsFrom(settings: Settings): Credentials {
  const otp = settings('INTRA_OTP');
  return {
    intraLogin: found(
      settings,
      'INTRA_LOGIN',
      once(() => insist('Login of your 42 account:')),
    ),
    intraPassword: found(
      settings,
      'INTRA_PASSWORD',
      once(() => insist('Password of your 42 account:', true)),
    ),
    intraOtp: otp === undefined ? askForCode : secretOrCode(otp),
  };
}

function found(
  settings: Settings,
  name: AccountVariable,
  askFor: () => Promise<string>,
): () => Promise<string> {
  return async () => {
    const value = settings(name);
    if (value !== undefined) return value;
    if (isTerminal()) return await askFor();
    throw new HydraError(
      'HYDRA_INVALID_OPTION',
      `Expected INTRA_LOGIN and INTRA_PASSWORD in the environment or in the file .env, to sign in at the website. ${name} is missing, and there is no terminal to ask at.`,
      { name },
    );
  };
}

/** A secret is longer than the six digits of a code. */
function secretOrCode(otp: string): FtApiHydraOptions['intraOtp'] {
  return /^\d{6}$/.test(otp) ? () => otp : otp;
}

async function askForCode(): Promise<string> {
  if (isTerminal()) return await insist('Code of your second factor:', true);
  throw new HydraError(
    'HYDRA_OTP_REQUIRED',
    'The sign-in wants a second factor. Expected INTRA_OTP in the environment or in the file .env: its secret (base32), or a code of six digits.',
    { name: 'INTRA_OTP' },
  );
}

/** Asks until something is typed. */
async function insist(question: string, hidden = false): Promise<string> {
  for (;;) {
    const answer = await ask(question, hidden);
    if (answer !== '') return answer;
  }
}

/** Asks the first time, and remembers. */
function once(task: () => Promise<string>): () => Promise<string> {
  let answer: Promise<string> | undefined;
  return () => (answer ??= task());
}
