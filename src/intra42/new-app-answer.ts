import { HydraError } from '../index.js';
import { notUnderstood, parsePage, type Page } from './pages/page.js';

/**
 * The id of an application that was just made, from the website's answer to the form: JSON, or the
 * page of the new application.
 *
 * @throws HydraError `HYDRA_APP_NOT_MADE` with the website's reason when it was not made;
 * `HYDRA_PAGE_NOT_UNDERSTOOD` when that is unclear.
 */
export function newAppId(name: string, answer: Page): string {
  if (answer.status >= 400) throw notMade(name, `status ${answer.status}, ${reasonIn(answer)}`);
  const id = idInJson(answer.body) ?? /\/oauth\/applications\/(\d+)$/.exec(answer.url)?.[1];
  if (id !== undefined) return id;
  const reason = parsePage(answer)(ALERT).first().text().trim();
  if (reason !== '') throw notMade(name, reasonIn(answer));
  throw notUnderstood('the id of the new app', answer);
}

/** The error for an application that the website did not make. */
export function notMade(name: string, reason: string): HydraError {
  return new HydraError(
    'HYDRA_APP_NOT_MADE',
    `The website did not make the app ${name}: ${reason}.`,
    { name },
  );
}

const ALERT = '.alert-danger, .alert-error, .alert, .error';

function idInJson(body: string): string | undefined {
  try {
    const { id } = JSON.parse(body) as { id?: unknown };
    return typeof id === 'number' || (typeof id === 'string' && id !== '') ? String(id) : undefined;
  } catch {
    return undefined;
  }
}

/** What the answer says, shortened. Of JSON only the errors: who knows what else is in it. */
function reasonIn({ body, ...page }: Page): string {
  const text = body.trimStart().startsWith('{')
    ? errorsInJson(body)
    : parsePage({ ...page, body })(`${ALERT}, h1`)
        .first()
        .text();
  return text.replace(/\s+/g, ' ').trim().slice(0, 200) || 'without a reason';
}

function errorsInJson(body: string): string {
  try {
    const { errors, error, message } = JSON.parse(body) as Record<string, unknown>;
    const reason = errors ?? error ?? message ?? '';
    return typeof reason === 'string' ? reason : JSON.stringify(reason);
  } catch {
    return '';
  }
}
