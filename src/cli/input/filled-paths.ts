/** Makes the requests of a template: one for each row of values. */
import { nearestName } from '../../nearest-name.js';
import type { CsvRows } from './csv-rows.js';
import { inputError } from './input-error.js';
import type { PathTemplate } from './path-template.js';

/**
 * The paths of a template, one a row. The first row names the columns.
 *
 * @throws HydraError `HYDRA_INPUT_FILE`, naming line and column, for a value that is missing.
 */
export async function* fillPaths(
  name: string,
  blocks: AsyncIterable<CsvRows>,
  template: PathTemplate,
): AsyncGenerator<string> {
  let columns: Columns | undefined;
  let isEmpty = true;
  for await (const { rows, lineOf } of blocks) {
    for (const [index, cells] of rows.entries()) {
      let path: string;
      try {
        if (columns === undefined) {
          columns = findColumns(cells, template.names);
          continue;
        }
        path = fillPath(cells, template, columns);
      } catch (cause) {
        throw inputError(name, lineOf(index), (cause as Error).message, cause);
      }
      isEmpty = false;
      yield path;
    }
  }
  if (columns === undefined) {
    const wanted = template.names.join(', ');
    const what = `Expected a first line with the names of the columns (${wanted}), got nothing.`;
    throw inputError(name, undefined, what);
  }
  if (isEmpty) throw inputError(name, undefined, 'Expected at least one row of values, got none.');
}

interface Columns {
  readonly header: readonly string[];
  /** Where the template's names stand in it. */
  readonly indexes: ReadonlyMap<string, number>;
}

function findColumns(header: readonly string[], names: readonly string[]): Columns {
  for (const name of names) {
    if (!header.includes(name)) {
      const nearest = nearestName(name, header);
      const hint =
        nearest === undefined
          ? `The columns are: ${header.join(', ')}.`
          : `Is it \`${nearest}\` that is meant?`;
      throw new Error(`Expected a column \`${name}\`, got none. ${hint}`);
    }
    if (header.indexOf(name) !== header.lastIndexOf(name)) {
      throw new Error(`Expected one column \`${name}\`, got several.`);
    }
  }
  return { header, indexes: new Map(names.map((name) => [name, header.indexOf(name)])) };
}

function fillPath(
  cells: readonly string[],
  template: PathTemplate,
  { header, indexes }: Columns,
): string {
  if (cells.length < header.length) {
    throw new Error(`Expected a value for the column \`${header[cells.length]}\`, got none.`);
  }
  if (cells.length > header.length) {
    throw new Error(
      `Expected ${header.length} cells as in the first line, got ${cells.length}. A cell with a comma in it is put in quotes.`,
    );
  }
  return template.fill((name) => {
    const value = cells[indexes.get(name) ?? -1] ?? '';
    if (value !== '') return value;
    throw new Error(`Expected a value for the column \`${name}\`, got an empty cell.`);
  });
}
