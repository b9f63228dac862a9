import { nearestName } from '../../nearest-name.js';
import { OWN_API, templateNames } from './template.js';

/**
 * Asks which API a configuration is for, until it is one that there is. Nothing typed means one's own.
 *
 * @param ask - puts a question to whoever sits at the terminal, and returns the line that is typed.
 */
export async function chooseApi(ask: (question: string) => Promise<string>): Promise<string> {
  const names = templateNames();
  const question = `Which API (${names.join(', ')}) [${OWN_API}]:`;
  let hint = '';
  for (;;) {
    const answer = (await ask(`${hint}${question}`)).trim() || OWN_API;
    if (names.includes(answer)) return answer;
    const near = nearestName(answer, names);
    hint = near === undefined ? 'There is none of this name. ' : `Did you mean ${near}? `;
  }
}
