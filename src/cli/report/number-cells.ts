/** Cells of tables that hold figures: to the right, digits below each other. */
import { html, type Html } from './html.js';

/** Heads of columns. */
export function numberHeads(texts: readonly string[]): Html[] {
  return texts.map((text) => html`<th scope="col" class="number">${text}</th>`);
}

/** Cells of one row. */
export function numberCells(texts: readonly string[]): Html[] {
  return texts.map((text) => html`<td class="number">${text}</td>`);
}
