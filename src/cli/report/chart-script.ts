/**
 * The page's own script: draws the two charts with uPlot. It runs in the reader's browser, so it is
 * kept as text; it gets numbers from the page's JSON and writes text only as text.
 */
import { latencyChartScript } from './latency-chart-script.js';
import { rateChartScript } from './rate-chart-script.js';

/** The script. */
export const chartScript: string = String.raw`
'use strict';
(function () {
  var root = document.documentElement;
  var charts = JSON.parse(document.getElementById('chart-data').textContent);
  var plots = [];
  root.classList.add('js');

  function colour(name) { return getComputedStyle(root).getPropertyValue('--' + name).trim(); }
  function figure(value) {
    return value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 });
  }
  function length(ms) {
    if (ms < 10) return +ms.toPrecision(2) + ' ms';
    if (ms < 1000) return Math.round(ms) + ' ms';
    if (ms < 60000) return +(ms / 1000).toPrecision(3) + ' s';
    return +(ms / 60000).toPrecision(3) + ' min';
  }
  function font(weight) { return weight + ' 12px system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif'; }
  function axis(options) {
    return Object.assign({
      stroke: colour('muted'), font: font(''), grid: { stroke: colour('line'), width: 1 },
      ticks: { stroke: colour('line'), width: 1, size: 5 }
    }, options);
  }
  function perSecond(value) { return figure(value) + '/s'; }
  function yAxis(label) {
    return axis({
      size: function (u, values) {
        return 16 + 7 * Math.max.apply(null, (values || ['0']).map(function (v) { return v.length; }));
      },
      values: function (u, splits) { return splits.map(function (v) { return v === null ? '' : label(v); }); }
    });
  }

  // A box that follows the cursor. linesAt gives its lines, each of one or two texts.
  function tip(linesAt) {
    var box;
    return { hooks: {
      init: function (u) { box = document.createElement('div'); box.className = 'tip'; u.over.appendChild(box); },
      setCursor: function (u) {
        var left = u.cursor.left;
        var lines = left >= 0 ? linesAt(u) : undefined;
        box.style.display = lines === undefined ? 'none' : 'block';
        if (lines === undefined) return;
        box.replaceChildren.apply(box, lines.map(function (texts) {
          var line = document.createElement('div');
          texts.forEach(function (text) { line.appendChild(document.createElement('span')).textContent = text; });
          return line;
        }));
        var after = left + 14;
        box.style.left = (after + box.offsetWidth > u.over.clientWidth ? Math.max(0, left - 14 - box.offsetWidth) : after) + 'px';
      }
    } };
  }

${rateChartScript}
${latencyChartScript}
  // ---- All ----
  function drawAll() {
    plots.forEach(function (plot) { plot.destroy(); });
    plots = [];
    [['rate-chart', charts.rate, drawRate], ['latency-chart', charts.latency, drawLatency]].forEach(function (chart) {
      var place = document.getElementById(chart[0]);
      if (place && chart[1]) plots.push(chart[2](place, chart[1]));
    });
  }
  // On paper, charts are as wide as the paper and light.
  function printed(isPrinted) {
    return function () {
      root.toggleAttribute('data-print', isPrinted);
      document.querySelectorAll('.chart').forEach(function (place) {
        place.style.width = isPrinted ? '660px' : '';
        place.style.height = isPrinted ? '220px' : '';
      });
      drawAll();
    };
  }
  drawAll();
  addEventListener('resize', function () {
    plots.forEach(function (plot) {
      var place = plot.root.parentNode;
      plot.setSize({ width: place.clientWidth, height: place.clientHeight });
    });
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
  addEventListener('beforeprint', printed(true));
  addEventListener('afterprint', printed(false));
})();
`;
