'use strict';
(() => {
  // A colour as the browser understands it: red, green, blue from 0 to 255, and opacity; null where it is none.
  const brush = document.createElement('canvas').getContext('2d');
  const read = text => {
    brush.fillStyle = '#010203';
    brush.fillStyle = text;
    const plain = brush.fillStyle;
    if (plain === '#010203' && !/^#010203$/i.test(text)) return null;
    if (plain.startsWith('#')) return [1, 3, 5].map(at => parseInt(plain.slice(at, at + 2), 16)).concat(1);
    return plain.match(/[\d.]+/g).map(Number);
  };
  const write = ([red, green, blue, opacity]) => `rgba(${Math.round(red)},${Math.round(green)},${Math.round(blue)},${opacity})`;
  const mixed = (from, to, share) => [0, 1, 2].map(at => from[at] + (to[at] - from[at]) * share);
  const luminance = color => {
    const [red, green, blue] = color.map(value => value / 255).map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };

  // For a dark page: grey goes over to its opposite, other colours become as light as reading needs. Scales of colours keep theirs, as they mean numbers.
  const forDark = (figure, ground, ink) => {
    const color = text => {
      const found = read(text);
      if (!found || found[3] === 0) return text;
      const lightness = (0.299 * found[0] + 0.587 * found[1] + 0.114 * found[2]) / 255;
      if (Math.max(...found.slice(0, 3)) - Math.min(...found.slice(0, 3)) < 40) return write([...mixed(ink, ground, lightness), found[3]]);
      let shown = found.slice(0, 3);
      for (let share = 0; share < 1 && contrast(shown, ground) < 4.5; share += 0.05) shown = mixed(found, [255, 255, 255], share);
      return write([...shown, found[3]]);
    };
    const walk = (node, key) =>
      Array.isArray(node) ? node.map(item => walk(item, key))
        : node && typeof node === 'object' ? Object.fromEntries(Object.entries(node).map(([name, item]) => [name, walk(item, name)]))
          : typeof node !== 'string' ? node
            : key.endsWith('color') || key === 'colorway' ? color(node)
              : key === 'text' || key === 'name' ? node.replace(/(color:\s*)(#[0-9a-f]{3,8}|[a-z]+)/gi, (_, before, named) => before + color(named)) : node;
    const dark = walk(figure, '');
    const layout = dark.layout;
    const line = write([...mixed(ground, ink, 0.15), 1]);
    layout.paper_bgcolor ??= write([...ground, 1]);
    layout.plot_bgcolor ??= write([...ground, 1]);
    layout.font = { color: write([...ink, 1]), ...layout.font };
    for (const axis of new Set(['xaxis', 'yaxis', ...Object.keys(layout).filter(name => /^[xy]axis\d+$/.test(name))]))
      layout[axis] = { gridcolor: line, zerolinecolor: line, ...layout[axis]?.showline ? { linecolor: line } : {}, ...layout[axis] };
    return dark;
  };

  // A chart of ours in fewer pixels than it was laid out for: its texts are broken anew, and what stood beside the plot stands below it.
  const Enough = 640;
  const widthOf = (text, font) => {
    brush.font = font;
    return brush.measureText(text).width;
  };
  const joined = text => text.replace(/([\u2e80-\uffef])<br>(?=[\u2e80-\uffef])/g, '$1').replaceAll('<br>', ' ');
  const broken = (text, font, width, atMarks) => {
    const pieces = joined(text).split(atMarks ? /(?<=[\s_-])/ : /(?<=\s)|(?<=[\u2e80-\uffef])(?![\uff00-\uffef\u3000-\u303f])|(?=[\u2e80-\u2fff\u3040-\ufeff])/);
    const lines = [''];
    for (const piece of pieces) {
      const last = lines.length - 1;
      if (lines[last] === '' || widthOf((lines[last] + piece).trimEnd(), font) <= width) lines[last] += piece;
      else lines.push(piece);
    }
    return lines.map(line => line.trimEnd());
  };
  const rowsOf = (names, font, room) => {
    const wide = names.map(name => widthOf(name, font) + 50);
    return wide.length === 0 ? 0 : wide.reduce((sum, one) => sum + one) <= room ? 1 : Math.ceil(wide.length / Math.max(1, Math.floor(room / Math.max(...wide))));
  };
  const narrow = ({ data, layout }, width) => {
    const said = /^<b>(.*)<\/b><br><span style="([^"]*)">(.*)<\/span>$/s.exec(layout.title?.text ?? '');
    if (!said) return;                                                     // somebody else's, with a picture beside it
    const [, title, style, about] = said;
    const font = (size, weight = '') => `${weight} ${size}px ${layout.font.family}`;
    layout.yaxis.ticktext = layout.yaxis.ticktext?.map(text => {
      const [, bold, name] = /^(<b>)?(.*?)(?:<\/b>)?$/s.exec(text);
      const lines = broken(name, font(13, bold ? 'bold' : ''), width * 0.3, true).join('<br>');
      return bold ? `<b>${lines}</b>` : lines;
    });
    const ticks = layout.yaxis.ticktext?.flatMap(text => text.replace(/<\/?b>/g, '').split('<br>')) ?? ['10,000'];
    const room = width - 50 - Math.max(...ticks.map(text => widthOf(text, font(13, 'bold'))));
    const [heading, subtitle] = [broken(title, font(17, 'bold'), width - 24), broken(about, font(13), width - 24)];
    const names = data.filter(trace => trace.showlegend).map(trace => trace.name);
    const below = broken(layout.xaxis.title.text, font(13), room);
    const above = 22 * heading.length - 24 * title.split('<br>').length + 19 * (subtitle.length - about.split('<br>').length) + 20 * rowsOf(names, font(13), room) - 24 * rowsOf(names, font(13), 720);
    layout.height += above + 17 * (below.length - layout.xaxis.title.text.split('<br>').length);
    layout.margin = { ...layout.margin, l: 40, r: 12, t: layout.margin.t + above };
    layout.title = { ...layout.title, text: `<b>${heading.join('<br>')}</b><br><span style="${style}">${subtitle.join('<br>')}</span>`, font: { ...layout.title.font, size: 17 } };
    layout.xaxis.title = { ...layout.xaxis.title, text: below.join('<br>'), standoff: 6 };
    layout.yaxis.title.standoff = 6;
    for (const note of layout.annotations) note.text = broken(note.text, font(13), width * 0.28).join('<br>');
    for (const bar of data.flatMap(trace => [trace.colorbar, trace.marker?.colorbar]).filter(Boolean)) {
      Object.assign(bar, { orientation: 'h', x: 1, xanchor: 'right', yref: 'container', y: 0.01, yanchor: 'bottom', lenmode: 'pixels', len: width * 0.6 });
      bar.title = { ...bar.title, side: 'bottom', text: broken(bar.title.text.replace(/<br>&#160;$/, ''), font(12), width * 0.6).join('<br>') };
      layout.margin.b = 150;
    }
    if (layout.margin.b > 0) layout.height += 70;
  };

  const charts = [...document.querySelectorAll('.chart')].map(chart => {
    const figure = JSON.parse(chart.parentElement.querySelector('script').textContent);
    const layout = { ...figure.layout, autosize: true, uirevision: 'kept' };
    delete layout.width;
    return { chart, figure: { data: figure.data ?? [], layout }, config: { ...figure.config, responsive: true, displaylogo: false, plotlyServerURL: '' } };
  });
  const isDark = figure => {
    const paper = read(figure.layout.paper_bgcolor ?? '#fff');
    return paper !== null && luminance(paper) < 0.2;
  };
  const draw = one => {
    const { chart, config } = one;
    const figure = structuredClone(one.figure);
    one.width = Math.min(chart.clientWidth, Enough);
    const isNarrow = one.width < Enough && chart.parentElement.classList.contains('has-still');
    if (isNarrow) narrow(figure, one.width);
    if (isNarrow !== one.isNarrow) Plotly.purge(chart);                    // a bar of colours can't be turned in its place
    one.isNarrow = isNarrow;
    if (figure.layout.height > 0) chart.style.height = `${figure.layout.height}px`;
    const style = getComputedStyle(document.body);
    const [ground, ink] = [read(style.backgroundColor), read(style.color)].map(color => color.slice(0, 3));
    const shown = luminance(ground) < luminance(ink) && !isDark(figure) ? forDark(figure, ground, ink) : figure;
    return Plotly.react(chart, shown.data, shown.layout, isNarrow ? { ...config, displayModeBar: false } : config);   // its buttons would cover the title
  };
  for (const one of charts) {
    const { chart } = one;
    chart.hidden = false;
    draw(one).then(() => chart.parentElement.classList.add('drawn'), error => {
      chart.hidden = true;
      chart.after(error.message);
    });
  }
  addEventListener('page-theme', () => charts.forEach(draw));
  addEventListener('resize', () => charts.filter(({ chart, width }) => Math.min(chart.clientWidth, Enough) !== width).forEach(draw));

  // On paper a chart is its still picture; one without is drawn in the colours and the width of a page.
  const unstill = charts.filter(({ chart }) => !chart.parentElement.classList.contains('has-still'));
  addEventListener('beforeprint', () => unstill.forEach(({ chart, figure, config }) => {
    const shown = structuredClone(figure);
    Plotly.react(chart, shown.data, { ...shown.layout, autosize: false, width: 640 }, config);
  }));
  addEventListener('afterprint', () => unstill.forEach(draw));
})();
