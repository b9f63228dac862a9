/** The part of the page's script that draws the latency histogram. See chart-script.ts. */
export const latencyChartScript: string = String.raw`
  // ---- Latency. Its x is the logarithm of milliseconds. ----
  function latencySplits(u, axisIndex, min, max) {
    var splits = [], room = Math.max(2, (u.width - 60) / 60);
    if (max - min > 1) {
      var factors = (max - min) * 3 <= room ? [1, 2, 5] : [1];
      for (var power = Math.floor(min); power <= max; power++) {
        factors.forEach(function (f) { splits.push(power + Math.log10(f)); });
      }
    } else {
      var from = Math.pow(10, min), to = Math.pow(10, max);
      var rough = (to - from) / Math.min(8, room), size = Math.pow(10, Math.floor(Math.log10(rough)));
      var step = [1, 2, 5, 10].map(function (f) { return f * size; }).find(function (s) { return s >= rough; });
      for (var ms = Math.ceil(from / step) * step; ms <= to; ms += step) splits.push(Math.log10(ms));
    }
    return splits.filter(function (x) { return x >= min && x <= max; });
  }
  // Percentiles of the same length share a label.
  function joined(marks) {
    return marks.reduce(function (all, mark) {
      var last = all[all.length - 1];
      if (last && length(last.ms) === length(mark.ms)) last.label += ', ' + mark.label;
      else all.push({ label: mark.label, ms: mark.ms });
      return all;
    }, []);
  }
  function drawMarks(u, marks, floor) {
    var c = u.ctx, ratio = devicePixelRatio, ends = [];
    c.font = font('600').replace('12px', 12 * ratio + 'px');
    c.textBaseline = 'top'; c.textAlign = 'left';
    var placed = joined(marks).map(function (mark) {
      var x = u.valToPos(Math.log10(mark.ms), 'x', true);
      var text = mark.label + ' ' + length(mark.ms), width = c.measureText(text).width;
      var isLeft = x + width + 8 * ratio > u.bbox.left + u.bbox.width;
      var start = isLeft ? x - width - 5 * ratio : x + 5 * ratio;
      var row = ends.findIndex(function (end) { return start > end + 6 * ratio; });
      if (row < 0) row = ends.length;
      ends[row] = Math.max(x, start + width);
      return { text: text, x: x, start: start, width: width, top: u.bbox.top + row * 18 * ratio };
    });
    c.fillStyle = colour('text');
    placed.forEach(function (p) { c.fillRect(p.x - 0.5 * ratio, p.top, ratio, floor - p.top); });
    // A label covers the line of another.
    placed.forEach(function (p) {
      c.fillStyle = colour('surface');
      c.fillRect(p.start - 2 * ratio, p.top, p.width + 4 * ratio, 15 * ratio);
      c.fillStyle = colour('text');
      c.fillText(p.text, p.start, p.top);
    });
  }
  function drawBins(latency) {
    return function (u) {
      var c = u.ctx, ratio = devicePixelRatio, floor = u.valToPos(0, 'y', true);
      c.save();
      c.fillStyle = colour('accent');
      latency.counts.forEach(function (count, i) {
        if (count === 0) return;
        var from = u.valToPos(Math.log10(latency.edgesMs[i]), 'x', true);
        var to = u.valToPos(Math.log10(latency.edgesMs[i + 1]), 'x', true);
        // However few they are, they show.
        var height = Math.max(1.5 * ratio, floor - u.valToPos(count, 'y', true));
        c.fillRect(from + 0.5 * ratio, floor - height, Math.max(1, to - from - ratio), height);
      });
      drawMarks(u, latency.marks, floor);
      c.restore();
    };
  }
  var COUNTS = [];
  for (var unit = 1; unit <= 1e9; unit *= 10) COUNTS.push(unit, 2 * unit, 5 * unit);
  function drawLatency(place, latency) {
    var edges = latency.edgesMs.map(Math.log10);
    var x = latency.counts.map(function (count, i) { return (edges[i] + edges[i + 1]) / 2; });
    var total = latency.counts.reduce(function (sum, count) { return sum + count; }, 0);
    var most = Math.max.apply(null, latency.counts);
    // A few bins of nearly the same length would fill the chart.
    var first = edges[0], last = edges[edges.length - 1], margin = Math.max(0, 0.06 - (last - first) / 2);
    return new uPlot({
      width: place.clientWidth, height: place.clientHeight, padding: [4, 12, 0, 0],
      scales: {
        x: { time: false, range: function () { return [first - margin, last + margin]; } },
        y: { range: function () { return [0, most * 1.22]; } }
      },
      series: [{}, { paths: function () { return null; }, points: { show: false } }],
      axes: [
        axis({ splits: latencySplits, size: 34, values: function (u, splits) {
          return splits.map(function (v) { return length(Math.pow(10, v)); });
        } }),
        Object.assign(yAxis(figure), { incrs: COUNTS })
      ],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
      hooks: { draw: [drawBins(latency)] },
      plugins: [tip(function (u) {
        var at = u.posToVal(u.cursor.left, 'x');
        var i = edges.findIndex(function (edge, n) { return at >= edge && at < edges[n + 1]; });
        if (i < 0) return undefined;
        var count = latency.counts[i];
        return [
          [length(latency.edgesMs[i]) + ' – ' + length(latency.edgesMs[i + 1])],
          ['answers', count.toLocaleString('en-US')], ['share', figure((count / total) * 100) + '%']
        ];
      })]
    }, [x, latency.counts], place);
  }
`;
