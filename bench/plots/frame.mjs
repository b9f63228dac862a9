// What all plots share: how they are rendered without a browser, their colours in light and in dark.
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/** Colours are variables, so that one file serves both: the viewer's preference chooses. */
const STYLE = `
.chart { --surface: #ffffff; --text: #1f2328; --muted: #59636e; --ours: #0969da; --ours-too: #54aeff;
  --peer: #afb8c1; --peer-2: #bc4c00; --peer-3: #1a7f37; --peer-4: #8250df; color: var(--text); }
@media (prefers-color-scheme: dark) {
  .chart { --surface: #0d1117; --text: #e6edf3; --muted: #9198a1; --ours: #4493f8; --ours-too: #1f6feb;
    --peer: #565d66; --peer-2: #f0883e; --peer-3: #3fb950; --peer-4: #ab7df8; }
}
.chart .title { font-size: 15px; font-weight: 600; }
.chart .words { fill: var(--muted); font-size: 12px; }`;

const WIDTH = 760;
const TOP = 64;
const { document } = parseHTML('<!doctype html><html><body></body></html>');

/**
 * Draws a plot.
 *
 * @param title - what it shows.
 * @param words - a line below the title: units, and which direction is better.
 * @param options - of Observable Plot.
 * @returns SVG as text.
 */
export function draw(title, words, options) {
  const svg = Plot.plot({
    document,
    className: 'chart',
    width: WIDTH,
    marginTop: TOP,
    style: { fontSize: '12px', fontFamily: 'system-ui, sans-serif' },
    ...options,
  });
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', `${title}. ${words}`);
  const first = svg.querySelector('g');
  svg.insertBefore(element('style', {}, STYLE), first);
  svg.insertBefore(
    element('rect', { width: '100%', height: '100%', fill: 'var(--surface)' }),
    first,
  );
  svg.insertBefore(
    element('text', { class: 'title', x: 12, y: 24, 'text-anchor': 'start' }, title),
    first,
  );
  svg.insertBefore(
    element('text', { class: 'words', x: 12, y: 43, 'text-anchor': 'start' }, words),
    first,
  );
  return `${svg.outerHTML}\n`;
}

/** Ours stand out. */
export const isOurs = (name) => name.startsWith('ApiHydra');

function element(name, attributes, text = '') {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

export { Plot };
