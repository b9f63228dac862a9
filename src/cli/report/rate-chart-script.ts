/** The part of the page's script that draws the rate over time. See chart-script.ts. */
export const rateChartScript: string = String.raw`
  // ---- Rate over time. Its x is seconds of the axis, on which long pauses are cut short. ----
  var STEPS = [1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800, 1209600, 2592000, 7776000];

  function timeAt(rate, x) {
    var span = rate.spans.filter(function (s) { return x >= s.from; }).pop() || rate.spans[0];
    return span.startMs + (x - span.from) * 1000;
  }
  // What the zone's clock shows, as if it were UTC: so that ticks stand on its full hours and days.
  function zoned(rate, ms) {
    var parts = {};
    zoned.format = zoned.format || new Intl.DateTimeFormat('en-US', {
      timeZone: rate.timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric',
      hour: 'numeric', minute: 'numeric', second: 'numeric'
    });
    zoned.format.formatToParts(ms).forEach(function (p) { parts[p.type] = +p.value; });
    return Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second);
  }
  function timeSplits(rate) {
    return function (u, axisIndex, min, max) {
      var wanted = (max - min) / Math.max(1, (u.width - 60) / 75);
      var step = STEPS.find(function (s) { return s >= wanted; }) || Math.ceil(wanted / 7776000) * 7776000;
      var splits = [];
      function add(x) {
        var last = splits[splits.length - 1];
        var hasRoom = last === undefined || x - last >= wanted * 0.7;
        if (x >= min && x <= max && hasRoom) splits.push(x);
      }
      rate.hasSeconds = step < 60;
      rate.spans.forEach(function (span) {
        var offset = zoned(rate, span.startMs) - Math.floor(span.startMs / 1000) * 1000;
        var first = Math.ceil((span.startMs + offset) / (step * 1000)) * step * 1000 - offset;
        for (var ms = first, x; (x = span.from + (ms - span.startMs) / 1000) <= span.to; ms += step * 1000) {
          add(x);
        }
        // A short session has no round time in it; where there is room, its start is shown.
        if (!splits.some(function (x) { return x >= span.from; })) add(span.from);
      });
      return splits;
    };
  }
  function timeLabels(rate) {
    return function (u, splits) {
      var day = '';
      return splits.map(function (x) {
        var iso = new Date(zoned(rate, timeAt(rate, x))).toISOString();
        var date = new Date(iso).toLocaleDateString('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' });
        var label = iso.slice(11, rate.hasSeconds ? 19 : 16) + (date === day ? '' : '\n' + date);
        day = date;
        return label;
      });
    };
  }
  function drawPauses(rate) {
    return function (u) {
      var c = u.ctx, box = u.bbox, ratio = devicePixelRatio;
      c.save();
      c.beginPath(); c.rect(box.left, box.top, box.width, box.height); c.clip();
      rate.pauses.forEach(function (pause) {
        var from = u.valToPos(pause.from, 'x', true), to = u.valToPos(pause.to, 'x', true);
        c.fillStyle = colour('track');
        c.fillRect(from, box.top, to - from, box.height);
        if (to - from < 16 * ratio) return;
        c.save();
        c.translate((from + to) / 2, box.top + box.height / 2);
        c.rotate(-Math.PI / 2);
        c.fillStyle = colour('muted'); c.textAlign = 'center'; c.textBaseline = 'middle';
        c.font = font('').replace('12px', 12 * ratio + 'px');
        c.fillText(pause.label, 0, 0);
        c.restore();
      });
      c.restore();
    };
  }
  function rateTip(rate) {
    return tip(function (u) {
      var i = u.cursor.idx;
      if (i === null || i === undefined || rate.answered[i] === null) return undefined;
      var start = zoned(rate, timeAt(rate, rate.x[i]) - rate.bucketSeconds * 500);
      var date = new Date(start).toLocaleDateString('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' });
      function clock(ms) { return new Date(ms).toISOString().slice(11, 19); }
      var lines = [
        [date + ', ' + clock(start) + ' – ' + clock(start + rate.bucketSeconds * 1000)],
        ['answered', perSecond(rate.answered[i])], ['failed for good', perSecond(rate.failed[i])]
      ];
      if (rate.allowed[i] !== null) lines.push(['allowed', perSecond(rate.allowed[i])]);
      if (rate.sustained && rate.sustained[i] !== null) lines.push(['allowed in the long run', perSecond(rate.sustained[i])]);
      return lines;
    });
  }
  function drawRate(place, rate) {
    // A line of one point would not show.
    var points = { show: rate.x.length === 1, size: 6 };
    var last = rate.spans[rate.spans.length - 1].to;
    var series = [
      {},
      { stroke: colour('accent'), width: 1.75, fill: colour('accent-fill'), points: points },
      { stroke: colour('bad'), width: 2, points: points },
      { stroke: colour('allowed'), width: 1.5, dash: [7, 5], points: points }
    ];
    var data = [rate.x, rate.answered, rate.failed, rate.allowed];
    if (rate.sustained) {
      series.push({ stroke: colour('warn'), width: 1.5, dash: [2, 4], points: points });
      data.push(rate.sustained);
    }
    return new uPlot({
      width: place.clientWidth, height: place.clientHeight, padding: [10, 12, 0, 0],
      scales: {
        x: { time: false, range: function (u, min, max) { return u.isZoomed ? [min, max] : [0, last]; } },
        y: { range: function (u, min, max) { return [0, (max || 1) * 1.08]; } }
      },
      series: series,
      axes: [axis({ splits: timeSplits(rate), values: timeLabels(rate), size: 46 }), yAxis(perSecond)],
      legend: { show: false },
      cursor: { y: false, drag: { x: true, y: false }, points: { size: 7 } },
      hooks: {
        drawClear: [drawPauses(rate)],
        setSelect: [function (u) { u.isZoomed = true; }],
        init: [function (u) { u.over.addEventListener('dblclick', function () { u.isZoomed = false; }, true); }]
      },
      plugins: [rateTip(rate)]
    }, data, place);
  }
`;
