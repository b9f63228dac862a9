/** Paths from a template and values: `/users/{login}`. */
import { HydraError } from '../../errors.js';
import { faultOfPath } from './request-path.js';

/** A template that was understood. */
export interface PathTemplate {
  /** The names in braces, each once, in order. */
  readonly names: readonly string[];
  /**
   * The path for some values, percent-encoded, so that each stays within its part of the path.
   *
   * @throws Error, with a sentence, for a value that would lead elsewhere (`..`).
   */
  fill(valueOf: (name: string) => string): string;
}

/**
 * Understands a template.
 *
 * @throws HydraError `HYDRA_INVALID_OPTION`.
 */
export function parseTemplate(template: string): PathTemplate {
  const fault = faultOfPath(template);
  if (fault !== undefined) throw wrong(fault);
  if (template.includes('#')) throw wrong('Expected no "#": what follows it is never sent.');
  // Literals stand at even places, names at odd ones.
  const parts = template.split(/\{([^{}]*)\}/);
  if (parts.some((part, index) => index % 2 === 0 && /[{}]/.test(part))) {
    throw wrong(
      'Expected each "{" to have its "}", with a name between. Write a brace that is meant as %7B or %7D.',
    );
  }
  const names = parts.filter((_, index) => index % 2 === 1).map((name) => name.trim());
  if (names.includes('')) throw wrong('Expected a name in the braces, got "{}".');
  if (names.length === 0) {
    throw wrong('Expected at least one name in braces, such as {login}, got none.');
  }
  return { names: [...new Set(names)], fill: (valueOf) => fill(parts, valueOf) };

  function wrong(what: string): HydraError {
    const message = `--template ${JSON.stringify(template)}: ${what}`;
    return new HydraError('HYDRA_INVALID_OPTION', message, { name: 'template' });
  }
}

function fill(parts: readonly string[], valueOf: (name: string) => string): string {
  let filled = '';
  for (const [index, part] of parts.entries()) {
    filled += index % 2 === 0 ? part : encodeURIComponent(valueOf(part.trim()));
  }
  // Such a segment, encoded or not, would be taken out of the URL with the one before it.
  const isDots = (filled.split('?', 1)[0] ?? '').split('/').some((part) => /^\.{1,2}$/.test(part));
  if (isDots) {
    throw new Error(`Expected values that name a part of the path, got ${JSON.stringify(filled)}.`);
  }
  return filled;
}
