// The results as Markdown. Pure: what `results.json` holds goes in, text comes out.
import { percentText } from './percent-text.mjs';

/** @param results - by part; parts that are missing are left out. */
export function table(results) {
  const { rate, cost, growth, memory, micro } = results;
  const sections = [
    rate && rateSection(rate),
    cost && costSection(cost),
    growth && growthSection(growth),
    memory && memorySection(memory),
    micro && microSection(micro),
  ];
  return sections.filter(Boolean).join('\n');
}

function rateSection(rate) {
  const { settings, jitter, limiter, rateRounds, rateSeconds, margin } = rate;
  const rows = settings[0].contenders.map(({ name }, index) => [
    name,
    ...settings.map(({ contenders }) => rateCell(contenders[index])),
  ]);
  return section(
    'Rate: share of what is allowed / refused / refused after the first two seconds',
    `${limiter}, jitter 0 to ${jitter} ms, ${rateSeconds} s each, ${timesText(rateRounds)}. ` +
      `Margin of those who are told one: ${margin} ms.`,
    rate,
    ['', ...settings.map(({ apps, requests }) => `${apps} apps x ${requests}/s`)],
    rows,
    settings[0].contenders,
  );
}

function rateCell({ share, refusedShare, refusedLaterShare }) {
  return `${share.toFixed(3)} / ${percentText(refusedShare)} / ${percentText(refusedLaterShare)}`;
}

function costSection(cost) {
  const { contenders, costRounds, costSeconds, answerBytes } = cost;
  const [base] = contenders;
  return section(
    'Cost: CPU a request, requests a second',
    `100 connections, answers of ${answerBytes} bytes, no refusals, ${costSeconds} s each, ` +
      `${timesText(costRounds)}; the ratios are medians of those within each round.`,
    cost,
    ['', 'CPU a request', `next to ${base.name}`, 'requests a second', `next to ${base.name}`],
    contenders.map(({ name, microseconds, cpuRatio, perSecond, throughputRatio }) => [
      name,
      `${microseconds.toFixed(1)} µs`,
      cpuRatio.toFixed(2),
      count(perSecond),
      throughputRatio.toFixed(2),
    ]),
    contenders,
  );
}

function growthSection(growth) {
  const by = [
    ['apps', 'Growth: CPU a request by number of apps'],
    ['waiting', 'Growth: CPU a request by number of waiting requests'],
  ];
  return by.map(([key, title]) => growthTable(growth, growth[key], title)).join('\n');
}

function growthTable(growth, contenders, title) {
  const sizes = contenders[0].points.map(({ size }) => size);
  return section(
    title,
    `${growth.growthSeconds} s each, or until all that wait are answered, ${timesText(growth.growthRounds)}.`,
    growth,
    ['', ...sizes.map(count)],
    contenders.map(({ name, points }) => [
      name,
      ...sizes.map((size) => growthCell(points.find((point) => point.size === size))),
    ]),
    contenders,
  );
}

const growthCell = (point) => (point === undefined ? '-' : `${point.microseconds.toFixed(1)} µs`);

function memorySection(memory) {
  return section(
    'Memory: peak of a run',
    `Answers of ${memory.answerBytes} bytes, recorded in a run's directory, measured once.`,
    memory,
    ['requests', 'peak', 'requests a second'],
    memory.points.map(({ size, peakMb, perSecond }) => [
      count(size),
      `${Math.round(peakMb)} MB`,
      count(perSecond),
    ]),
  );
}

function microSection(micro) {
  return section(
    'Parts of the scheduler',
    'Without network; the median of one step.',
    micro,
    ['step', 'time'],
    micro.parts.map(({ name, nanoseconds }) => [name, `${Math.round(nanoseconds)} ns`]),
  );
}

function section(title, words, { machine }, head, rows, contenders = []) {
  const { node, cores, processor, loadBefore, date } = machine;
  const where = `Node ${node}, ${cores} cores (${processor}), load ${loadBefore} before, ${date}.`;
  const settings = contenders.map(({ name, words: own }) => `- ${name}: ${own}`);
  const list = settings.length === 0 ? [] : [...settings, ''];
  return [
    `### ${title}`,
    '',
    `${words} ${where}`,
    '',
    ...markdownTable(head, rows),
    '',
    ...list,
  ].join('\n');
}

/** A table whose columns are as wide as what is in them. */
export function markdownTable(head, rows) {
  const widths = head.map((cell, column) =>
    Math.max(3, cell.length, ...rows.map((row) => row[column].length)),
  );
  const line = (cells) => `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}

/** A whole number with commas. */
const count = (number) => Math.round(number).toLocaleString('en-US');

const timesText = (rounds) => (rounds === 1 ? 'once' : `median of ${rounds} rounds`);
