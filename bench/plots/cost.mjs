import { decadesOf } from './decades.mjs';
import { draw, isOurs, Plot } from './frame.mjs';

/** Dots on a logarithmic scale: they are far apart. */
export function costPlot({ contenders }) {
  const [base] = contenders;
  const dots = contenders.map(({ name, microseconds, cpuRatio }) => ({
    name,
    microseconds,
    colour: isOurs(name) ? 'var(--ours)' : 'var(--muted)',
    label: `${microseconds.toFixed(0)} µs (${cpuRatio.toFixed(2)} x)`,
  }));
  const decades = decadesOf(contenders.map(({ microseconds }) => microseconds));
  const where = { x: 'microseconds', y: 'name' };
  return draw(
    'CPU a request',
    `Microseconds, logarithmic; in brackets next to ${base.name}. 100 at once, nothing refused: less is better.`,
    {
      height: 120 + contenders.length * 26,
      marginLeft: 160,
      marginRight: 120,
      marginBottom: 40,
      x: {
        type: 'log',
        domain: [decades[0], decades.at(-1)],
        ticks: decades,
        tickFormat: ',d',
        label: null,
        grid: true,
      },
      y: { domain: contenders.map(({ name }) => name), label: null, tickSize: 0 },
      marks: [
        Plot.ruleX([base.microseconds], { stroke: 'var(--muted)', strokeDasharray: '3,3' }),
        Plot.dot(dots, { ...where, r: 6, fill: 'colour' }),
        Plot.text(dots, {
          ...where,
          text: 'label',
          dx: 12,
          textAnchor: 'start',
          fill: 'currentColor',
          // Where a line passes behind, the words stay readable.
          stroke: 'var(--surface)',
          strokeWidth: 4,
        }),
      ],
    },
  );
}
