/** The chart library as text, from where it is installed, to be put into the page. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';

const require = createRequire(import.meta.url);

/** uPlot's script and style sheet, and the licence that has to go with them. */
export interface UplotFiles {
  readonly script: string;
  readonly style: string;
  readonly licence: string;
}

/** Reads the installed uPlot. Throws what Node throws when it is not there. */
export function readUplot(): UplotFiles {
  const folder = path.dirname(require.resolve('uplot/package.json'));
  const read = (file: string): string => readFileSync(path.join(folder, file), 'utf8');
  return {
    script: read('dist/uPlot.iife.min.js'),
    style: read('dist/uPlot.min.css'),
    licence: read('LICENSE'),
  };
}
