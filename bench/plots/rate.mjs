import { percentText } from '../compare/percent-text.mjs';
import { draw, isOurs, Plot } from './frame.mjs';

/** Bars: how much of what is allowed each contender used, and how much was refused. */
export function ratePlot({ settings }) {
  const bars = settings.flatMap(({ apps, requests, contenders }) =>
    contenders.map(({ name, share, refusedShare }) => ({
      setting: `${apps} apps x ${requests}/s`,
      name,
      share,
      label: `${share.toFixed(3)}, ${percentText(refusedShare)} refused`,
    })),
  );
  const where = { fy: 'setting', y: 'name', x: 'share' };
  const order = settings[0].contenders.map(({ name }) => name);
  return draw(
    'Used of the allowed rate',
    'Share of the limit that the server accepted: more is better. Refused: less is better.',
    {
      height: 90 + settings.length * (order.length * 22 + 34),
      marginTop: 84,
      marginLeft: 150,
      marginRight: 140,
      marginBottom: 40,
      x: {
        domain: [0, 1],
        ticks: 6,
        tickFormat: (share) => share.toFixed(1),
        label: null,
        grid: true,
      },
      y: { domain: order, label: null, tickSize: 0 },
      fy: {
        domain: settings.map(({ apps, requests }) => `${apps} apps x ${requests}/s`),
        label: null,
        axis: null,
      },
      marks: [
        Plot.barX(bars, {
          ...where,
          fill: ({ name }) => (isOurs(name) ? 'var(--ours)' : 'var(--peer)'),
          insetTop: 2,
          insetBottom: 2,
        }),
        Plot.text(bars, {
          ...where,
          text: 'label',
          dx: 6,
          textAnchor: 'start',
          fill: 'currentColor',
        }),
        Plot.text(
          settings.map(({ apps, requests }) => `${apps} apps x ${requests}/s`),
          {
            fy: (setting) => setting,
            text: (setting) => setting,
            frameAnchor: 'top-left',
            textAnchor: 'start',
            dy: -14,
            dx: 0,
            fontWeight: 600,
            fill: 'currentColor',
          },
        ),
      ],
    },
  );
}
