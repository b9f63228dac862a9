import { decadesOf, movedApart } from './decades.mjs';
import { draw, Plot } from './frame.mjs';

const COLOURS = {
  'p-throttle': 'var(--peer-2)',
  'p-queue': 'var(--peer-3)',
  Bottleneck: 'var(--peer-4)',
};
const colourOf = ({ name }) => COLOURS[name] ?? 'var(--ours)';
const HEIGHT = 380;
const BOTTOM = 40;
const TOP = 64;
/** Pixels from one label to the next. */
const LABEL_HEIGHT = 16;

/** Lines on logarithmic scales: flat is what one wants. */
export const appsPlot = ({ apps }) => growthPlot('CPU a request, by number of apps', apps);

export const waitingPlot = ({ waiting }) =>
  growthPlot('CPU a request, by number of waiting requests', waiting);

function growthPlot(title, contenders) {
  const points = contenders.flatMap(({ name, points: own }) =>
    own.map(({ size, microseconds }) => ({ name, size, microseconds })),
  );
  const sizes = contenders[0].points.map(({ size }) => size);
  const decades = decadesOf(points.map(({ microseconds }) => microseconds));
  const where = { x: 'size', y: 'microseconds', z: 'name' };
  return draw(title, 'Microseconds, both scales logarithmic: flat is better, and lower.', {
    height: HEIGHT,
    marginTop: TOP,
    marginLeft: 60,
    marginRight: 150,
    marginBottom: BOTTOM,
    x: { type: 'log', ticks: sizes, tickFormat: ',d', label: null },
    y: {
      type: 'log',
      domain: [decades[0], decades.at(-1)],
      ticks: decades,
      tickFormat: ',d',
      label: null,
      grid: true,
    },
    marks: [
      Plot.line(points, { ...where, stroke: colourOf, strokeWidth: 2.5 }),
      Plot.dot(points, { ...where, fill: colourOf, r: 4 }),
      ...labelMarks(contenders, decades.length - 1),
    ],
  });
}

/** Each line has its name at its end. */
function labelMarks(contenders, decades) {
  const gap = (LABEL_HEIGHT / (HEIGHT - TOP - BOTTOM)) * decades;
  const ends = contenders.map(({ name, points }) => {
    const { size, microseconds } = points.at(-1);
    return { name, size, decade: Math.log10(microseconds) };
  });
  const sizes = [...new Set(ends.map(({ size }) => size))];
  const labels = sizes.flatMap((size) =>
    movedApart(
      ends.filter((end) => end.size === size),
      gap,
    ),
  );
  const y = ({ decade }) => 10 ** decade;
  const options = { x: 'size', y, text: 'name', fill: colourOf, dx: 10, textAnchor: 'start' };
  return [Plot.text(labels, options)];
}
