/** How evenly the apps were used. */
import { barTable, type BarRow } from './bar-table.js';
import { count, counted, duration, shorten } from './format.js';
import { html, type Html } from './html.js';
import type { AppUse, ReportData } from './report-data.js';

/** So many apps get a bar each; of more, the spread is shown, and those at its ends. */
const MAX_BARS = 30;
const AT_ENDS = 5;
const CLASSES = 10;

/** Makes the section. `data.apps` has the most used app first. */
export function appSection({ apps, appsInUse }: ReportData): Html {
  const unused = Math.max(0, appsInUse - apps.length);
  return html`<section aria-labelledby="apps">
    <h2 id="apps">Use per app</h2>
    ${apps.length === 0 ? html`<p class="empty">No app has an answer.</p>` : html`<p class="note">${spread(apps, unused)}</p>`}
    ${apps.length === 0 ? undefined : apps.length <= MAX_BARS ? eachApp(apps) : manyApps(apps)}
  </section>`;
}

function spread(apps: readonly AppUse[], unused: number): string {
  const most = apps[0]?.answers ?? 0;
  const least = apps.at(-1)?.answers ?? 0;
  const middle = apps[Math.floor(apps.length / 2)]?.answers ?? 0;
  const others = unused === 0 ? '' : ` Another ${counted(unused, 'app')} had no answer.`;
  if (apps.length === 1) return `One app gave all ${count(most)} answers.${others}`;
  return `${counted(apps.length, 'app')}: the most used gave ${counted(most, 'answer')}, the middle one ${count(middle)}, the least used ${count(least)}.${others}`;
}

function eachApp(apps: readonly AppUse[]): Html {
  return appTable('Answers and mean latency of each app', apps, apps[0]?.answers);
}

function manyApps(apps: readonly AppUse[]): Html {
  const most = apps[0]?.answers;
  const rows = classesOf(apps);
  return html`${barTable({ caption: 'Apps by how many answers they gave', labelHead: 'Answers', valueHead: 'Apps', total: apps.length, rows })}
  ${appTable(`The ${AT_ENDS} most used`, apps.slice(0, AT_ENDS), most)}
  ${appTable(`The ${AT_ENDS} least used`, apps.slice(-AT_ENDS).toReversed(), most)}`;
}

function appTable(caption: string, apps: readonly AppUse[], most: number | undefined): Html {
  const rows = apps.map(({ appId, answers, meanMs }) => ({
    label: shorten(appId, 40),
    value: answers,
    cells: [duration(meanMs)],
  }));
  return barTable({
    caption,
    labelHead: 'App',
    valueHead: 'Answers',
    columns: ['Mean latency'],
    rows,
    most,
  });
}

/** Apps in classes of equal width by their answers. */
function classesOf(apps: readonly AppUse[]): BarRow[] {
  const most = apps[0]?.answers ?? 0;
  const least = apps.at(-1)?.answers ?? 0;
  const width = Math.max(1, Math.ceil((most - least + 1) / CLASSES));
  const size = Math.ceil((most - least + 1) / width);
  const counts = Array.from({ length: size }, () => 0);
  for (const { answers } of apps) {
    const index = Math.floor((answers - least) / width);
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts.map((value, index) => {
    const from = least + index * width;
    const to = Math.min(most, from + width - 1);
    return { label: from === to ? count(from) : `${count(from)} to ${count(to)}`, value };
  });
}
