import { draw, Plot } from './frame.mjs';

/** One bar for each length of a run. */
export function memoryPlot({ points, answerBytes }) {
  const bars = points.map(({ size, peakMb }) => ({
    size: `${size.toLocaleString('en-US')} requests`,
    peakMb,
    label: `${Math.round(peakMb)} MB`,
  }));
  const where = { x: 'peakMb', y: 'size' };
  return draw(
    'Peak memory of a run',
    `Megabytes, answers of ${answerBytes} bytes: less is better, and the same for all lengths best.`,
    {
      height: 110 + points.length * 30,
      marginLeft: 150,
      marginRight: 80,
      marginBottom: 40,
      x: {
        label: null,
        grid: true,
        domain: [0, Math.max(200, ...points.map(({ peakMb }) => peakMb))],
      },
      y: { domain: bars.map(({ size }) => size), label: null, tickSize: 0 },
      marks: [
        Plot.barX(bars, { ...where, fill: 'var(--ours)', insetTop: 3, insetBottom: 3 }),
        Plot.text(bars, {
          ...where,
          text: 'label',
          dx: 6,
          textAnchor: 'start',
          fill: 'currentColor',
        }),
      ],
    },
  );
}
