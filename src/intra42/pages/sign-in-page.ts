import { parsePage, required, type Page } from './page.js';

/** A form that can be sent back. */
export interface WebForm {
  /** Where it is sent, absolute. */
  readonly action: string;
  /** Its hidden fields. */
  readonly hidden: Readonly<Record<string, string>>;
}

/** What a page of the sign-in asks for. */
export type SignInPage =
  | { readonly kind: 'password'; readonly form: WebForm; readonly error: string | undefined }
  | {
      readonly kind: 'one-time-code';
      readonly form: WebForm;
      /** Name of the field for the code. */
      readonly field: string;
      readonly error: string | undefined;
    }
  /** Something else, such as an error page. */
  | { readonly kind: 'other'; readonly error: string | undefined };

/** Fields that hold a one-time code: stock Keycloak's first, then what others use. */
const CODE_FIELDS =
  'input[name="otp"], input[name="totp"], input[name="code"], input[name*="otp" i]';
const ERRORS = '#input-error, .kc-feedback-text, .alert-error, #kc-error-message';

/** True for a page that asks to sign in, wherever it came from. */
export function asksToSignIn(page: Page): boolean {
  const $ = parsePage(page);
  return $('form#kc-form-login, #kc-otp-login-form, #reset-password').length > 0;
}

/**
 * Reads a page of the sign-in.
 *
 * @throws HydraError `HYDRA_PAGE_NOT_UNDERSTOOD` for a form without an address.
 */
export function readSignInPage(page: Page): SignInPage {
  const $ = parsePage(page);
  const error = $(ERRORS).first().text().trim() || undefined;
  const readForm = (form: ReturnType<typeof $>, name: string): WebForm => {
    const action = required(absolute(form.attr('action'), page), `${name}[action]`, page);
    const hidden: Record<string, string> = {};
    for (const input of form.find('input[type="hidden"]').toArray()) {
      const field = $(input).attr('name');
      if (field !== undefined) hidden[field] = $(input).attr('value') ?? '';
    }
    return { action, hidden };
  };
  const loginForm = $('form#kc-form-login').first();
  if (loginForm.length > 0)
    return { kind: 'password', form: readForm(loginForm, 'form#kc-form-login'), error };
  const codeForm = $('form')
    .filter((_, form) => $(form).find(CODE_FIELDS).length > 0)
    .first();
  const field = codeForm.find(CODE_FIELDS).first().attr('name');
  if (field === undefined) return { kind: 'other', error };
  return {
    kind: 'one-time-code',
    form: readForm(codeForm, 'form#kc-otp-login-form'),
    field,
    error,
  };
}

function absolute(action: string | undefined, page: Page): string | undefined {
  const isAddress = action !== undefined && action !== '' && URL.canParse(action, page.url);
  return isAddress ? new URL(action, page.url).href : undefined;
}
