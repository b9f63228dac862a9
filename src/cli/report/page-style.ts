/** The page's style sheet: light and dark by what the reader prefers, light on paper. */

const LIGHT = `
  color-scheme: light;
  --page: #f5f6f8; --surface: #ffffff; --text: #1b2230; --muted: #586274; --line: #dfe3e9;
  --track: #eceff3; --accent: #2459c9; --accent-fill: #2459c91f; --bad: #b9342b; --good: #1c7a4c;
  --warn: #8a5a00; --allowed: #4c5668;`;

const DARK = `
  color-scheme: dark;
  --page: #0e1218; --surface: #161b23; --text: #e5e9ef; --muted: #9ba7b8; --line: #2a323e;
  --track: #232a35; --accent: #7fabff; --accent-fill: #7fabff26; --bad: #ff8178; --good: #5cc98f;
  --warn: #e3b457; --allowed: #b4becd;`;

/** The style sheet. */
export const pageStyle: string = `
:root {${LIGHT}
}
@media screen and (prefers-color-scheme: dark) {
  :root:not([data-print]) {${DARK}
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  -webkit-text-size-adjust: 100%;
}
main, footer { max-width: 1120px; margin: 0 auto; padding: 0 24px; }
header { padding: 36px 0 8px; }
h1 { margin: 0; font-size: 26px; line-height: 1.25; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { margin: 0; font-size: 17px; line-height: 1.3; }
h3 { margin: 24px 0 6px; font-size: 14px; }
p { margin: 0; }
.meta { display: flex; flex-wrap: wrap; gap: 4px 14px; align-items: center; margin-top: 8px; color: var(--muted); font-size: 14px; }
.meta span { overflow-wrap: anywhere; }
.state { font-weight: 600; }
.state::before { content: ""; display: inline-block; width: 9px; height: 9px; margin-right: 7px; border-radius: 50%; background: currentColor; }
.state-complete { color: var(--good); }
.state-stopped, .state-running { color: var(--warn); }
.lead { margin-top: 18px; font-size: 17px; line-height: 1.55; max-width: 90ch; text-wrap: pretty; }
.note, figcaption { color: var(--muted); font-size: 13.5px; text-wrap: pretty; }
.note { margin-top: 2px; }
.cards { display: grid; grid-template-columns: repeat(4, 1fr); gap: 1px; margin: 22px 0 16px; padding: 0; background: var(--line); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
.cards > div { background: var(--surface); padding: 14px 18px 13px; min-width: 0; }
.cards dt { color: var(--muted); font-size: 13px; }
.cards dd { margin: 0; font-size: 13px; color: var(--muted); overflow-wrap: anywhere; }
.cards dd.figure { color: var(--text); font-size: 23px; line-height: 1.35; font-weight: 600; letter-spacing: -0.01em; font-variant-numeric: tabular-nums; }
.cards dd.bad { color: var(--bad); }
section { background: var(--surface); border: 1px solid var(--line); border-radius: 10px; padding: 18px 20px 20px; margin: 0 0 16px; min-width: 0; }
.columns { columns: 2; column-gap: 16px; margin-bottom: 16px; }
.columns > section { break-inside: avoid; }
.columns > section:last-child { margin-bottom: 0; }
figure { margin: 14px 0 0; }
figcaption { margin-top: 6px; }
.key { display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 12px 0 0; padding: 0; list-style: none; font-size: 13.5px; color: var(--muted); }
.key li { display: flex; align-items: center; gap: 7px; }
.key i { width: 20px; border-top: 2px solid; }
.key .answered { height: 10px; border-color: var(--accent); background: var(--accent-fill); }
.key .failed { border-color: var(--bad); }
.key .allowed { border-color: var(--allowed); border-top-style: dashed; }
.key .sustained { border-color: var(--warn); border-top-style: dotted; }
.chart { position: relative; margin-top: 8px; height: 280px; }
html:not(.js) .chart, html:not(.js) .key, html:not(.js) .with-js { display: none; }
.tip { position: absolute; z-index: 2; top: 8px; pointer-events: none; display: none; padding: 7px 10px; border: 1px solid var(--line); border-radius: 6px; background: var(--surface); color: var(--text); font-size: 12.5px; line-height: 1.45; white-space: nowrap; font-variant-numeric: tabular-nums; box-shadow: 0 2px 8px #0002; }
.tip div { display: flex; justify-content: space-between; gap: 18px; }
.tip div:first-child { font-weight: 600; }
.tip span + span { text-align: right; }
.percentiles { display: flex; flex-wrap: wrap; gap: 8px 32px; margin: 12px 0 0; }
.percentiles dt { color: var(--muted); font-size: 13px; }
.percentiles dd { margin: 0; font-size: 18px; font-weight: 600; font-variant-numeric: tabular-nums; }
table { width: 100%; border-collapse: collapse; font-size: 14px; margin-top: 10px; }
caption { text-align: left; color: var(--muted); font-size: 13.5px; padding: 0 0 4px; }
th { text-align: left; font-weight: 500; color: var(--muted); font-size: 13px; vertical-align: bottom; }
td, th { padding: 6px 16px 6px 0; border-bottom: 1px solid var(--line); }
td { vertical-align: top; }
tr > :last-child { padding-right: 0; }
tbody tr:last-child > * { border-bottom: 0; }
tbody th { color: var(--text); font-size: 14px; font-weight: 400; overflow-wrap: anywhere; vertical-align: top; }
.when { white-space: nowrap; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.bars { table-layout: fixed; }
.bars + .bars { margin-top: 24px; }
.bars .number { width: 88px; }
.bars .share { width: 66px; }
.bars .bar-cell { width: 34%; }
.bar { display: block; margin-top: 6px; height: 10px; border-radius: 2px; background: var(--track); overflow: hidden; }
.bar > span { display: block; height: 100%; min-width: 2px; background: var(--accent); }
.bar > .bad { background: repeating-linear-gradient(-45deg, var(--bad) 0 4px, color-mix(in srgb, var(--bad) 55%, var(--surface)) 4px 7px); }
.sub { display: block; color: var(--muted); font-size: 13px; overflow-wrap: anywhere; }
.bad-text { color: var(--bad); }
code { font: 13px/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.wide { overflow-x: auto; }
.wide table { min-width: 640px; }
details { margin-top: 14px; font-size: 14px; }
summary { cursor: pointer; color: var(--accent); width: fit-content; }
summary:focus-visible, .scroll:focus-visible, .wide:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 3px; }
.scroll { max-height: 420px; overflow: auto; margin-top: 6px; }
.scroll thead th { position: sticky; top: 0; background: var(--surface); }
.empty { color: var(--muted); margin-top: 10px; }
footer { padding-top: 6px; padding-bottom: 40px; color: var(--muted); font-size: 13px; }
footer pre { white-space: pre-wrap; font-size: 12px; }
footer details { margin-top: 6px; font-size: 13px; }
@media (max-width: 860px) {
  .columns { columns: 1; }
  .cards { grid-template-columns: 1fr 1fr; }
}
@media (max-width: 520px) {
  main, footer { padding-left: 14px; padding-right: 14px; }
  header { padding-top: 22px; }
  section { padding: 15px 14px 16px; }
  .cards > div { padding: 11px 13px; }
  .cards dd.figure { font-size: 19px; }
  .lead { font-size: 16px; }
  .chart { height: 230px; }
  .percentiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(92px, 1fr)); gap: 6px 12px; }
  .bars .number { width: 74px; }
  .bars .share { width: 58px; }
  .bars .bar-cell { width: 22%; }
  td, th { padding-right: 10px; }
}
@media (hover: none) {
  .with-mouse { display: none; }
}
@media print {
  body { background: none; font-size: 12px; }
  main, footer { max-width: none; padding: 0; }
  header { padding-top: 0; }
  section, .cards { border-color: #ccc; }
  .cards { grid-template-columns: repeat(4, 1fr); }
  .cards, tr, section:has(.chart) { break-inside: avoid; }
  h2 { break-after: avoid; }
  details:not([open]), .with-js, .tip { display: none; }
  .bar, .bar > span, .state::before { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  .wide, .scroll { overflow: visible; max-height: none; }
  .wide table { min-width: 0; font-size: 11px; }
  .wide td, .wide th { padding-right: 8px; font-size: inherit; }
  .wide code, .wide .sub { font-size: inherit; }
}
`;
