/** A table whose rows carry a bar: figures for everybody, a picture for who looks. */
import { count, share } from './format.js';
import { html, type Html } from './html.js';
import { numberCells, numberHeads } from './number-cells.js';

/** One row. */
export interface BarRow {
  readonly label: string;
  /** Words below the label. */
  readonly sub?: string | undefined;
  readonly value: number;
  /** Drawn in another colour and hatched. The label has to say it too. */
  readonly isBad?: boolean | undefined;
  /** Further cells, as many as there are `columns`. */
  readonly cells?: readonly string[] | undefined;
}

/** What the table says of its rows. */
export interface BarTable {
  readonly caption: string;
  readonly labelHead: string;
  readonly valueHead: string;
  /** Heads of further cells. */
  readonly columns?: readonly string[] | undefined;
  /** What the shares are of. Left out: no shares are shown. */
  readonly total?: number | undefined;
  readonly rows: readonly BarRow[];
  /**
   * What a full bar stands for: give it where tables are to be compared.
   *
   * @defaultValue the largest value
   */
  readonly most?: number | undefined;
}

/** Makes the table. */
export function barTable(table: BarTable): Html {
  const { caption, labelHead, valueHead, columns = [], total, rows } = table;
  const most = table.most ?? Math.max(...rows.map(({ value }) => value));
  return html`<table class="bars">
    <caption>
      ${caption}
    </caption>
    <thead>
      <tr>
        <th scope="col">${labelHead}</th>
        <td class="bar-cell" aria-hidden="true"></td>
        ${numberHeads([valueHead])}
        ${total === undefined ? undefined : html`<th scope="col" class="number share">Share</th>`}
        ${numberHeads(columns)}
      </tr>
    </thead>
    <tbody>
      ${rows.map((row) => barRow(row, most, total))}
    </tbody>
  </table>`;
}

function barRow(row: BarRow, most: number, total: number | undefined): Html {
  const { label, sub, value, isBad = false, cells = [] } = row;
  const width = ((value / most) * 100).toFixed(2);
  // Anything shows, however little it is; nothing does not.
  const bar =
    value === 0
      ? undefined
      : html`<span class="${isBad ? 'bad' : 'good'}" style="width:${width}%"></span>`;
  return html`<tr>
    <th scope="row">
      ${label} ${sub === undefined ? undefined : html`<span class="sub">${sub}</span>`}
    </th>
    <td class="bar-cell" aria-hidden="true">
      <span class="bar">${bar}</span>
    </td>
    ${numberCells([count(value), ...(total === undefined ? [] : [share(value, total)]), ...cells])}
  </tr>`;
}
