import type { Output } from './output.js';

/** Small writes cost as much as large ones. */
const LONGEST = 64 * 1024;

/** Gathers text, and writes it in larger pieces. */
export class TextBatch {
  readonly #output: Output;
  #text = '';

  constructor(output: Output) {
    this.#output = output;
  }

  async add(text: string): Promise<void> {
    this.#text += text;
    if (this.#text.length >= LONGEST) await this.flush();
  }

  async flush(): Promise<void> {
    const text = this.#text;
    this.#text = '';
    if (text !== '') await this.#output.write(text);
  }
}
