/** What a row has in a column. */
import { toJsonText, type JsonValue } from './json-value.js';

/** JSON that is handed on as it stands. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A value before it is put in a cell. `undefined` where there is none. */
export type Value = JsonValue | Date | JsonText | undefined;

/** A value in a table: lists and objects are the text of their JSON. */
export type Cell = null | boolean | number | bigint | string | Date | JsonText;

/** The cell of a value. */
export function toCell(value: Value): Cell {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'object' || value instanceof Date || value instanceof JsonText) return value;
  return new JsonText(toJsonText(value));
}

/** A cell as JSON. */
export function cellToJson(cell: Cell): string {
  if (cell instanceof JsonText) return cell.text;
  if (typeof cell === 'bigint') return String(cell);
  return JSON.stringify(cell);
}

/** A cell as text without quotes; `null` stays. */
export function cellToText(cell: Cell): string | null {
  if (cell === null || typeof cell === 'string') return cell;
  return cell instanceof Date ? cell.toISOString() : cellToJson(cell);
}
