import * as fc from 'fast-check';
import { load } from 'cheerio';
import { describe, expect, it } from 'vitest';
import { html, inlineJson } from './html.js';

const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('</script><script>x', '<!--', '\u2028', '"onload="', '&lt;', ']]>'),
);

describe('html', () => {
  it('gives a text back as it was, from an element and from an attribute', () => {
    fc.assert(
      fc.property(texts, (text) => {
        // A parser takes these for others, in any page.
        const shown = text.replaceAll(/[\0\r]/g, ' ');
        const page = load(html`<p title="${shown}">${shown}</p>`.toString(), null, false);
        expect(page('p').text()).toBe(shown);
        expect(page('p').attr('title')).toBe(shown);
        expect(page('*').length).toBe(1);
      }),
    );
  });

  it('leaves HTML in HTML alone, and nothing of what is not there', () => {
    expect(html`<p>${html`<b>${'<'}</b>`}${undefined}${[1, 'a']}</p>`.toString()).toBe(
      '<p><b>&lt;</b>1a</p>',
    );
  });

  it('takes an object that looks like HTML for no HTML', () => {
    const forged = { toString: () => '<b>' };
    expect(() => html`${forged as never}`).toThrow(TypeError);
  });
});

describe('inlineJson', () => {
  it('gives a value back as it was, and never ends its element', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const json = inlineJson({ text }).toString();
        expect(json).not.toMatch(/[<>&\u2028\u2029]/);
        expect(JSON.parse(json)).toEqual({ text });
      }),
    );
  });
});
