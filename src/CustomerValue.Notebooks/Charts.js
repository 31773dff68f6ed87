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
  const draw = ({ chart, figure, config }) => {
    const style = getComputedStyle(document.body);
    const [ground, ink] = [read(style.backgroundColor), read(style.color)].map(color => color.slice(0, 3));
    const shown = luminance(ground) < luminance(ink) && !isDark(figure) ? forDark(figure, ground, ink) : structuredClone(figure);
    return Plotly.react(chart, shown.data, shown.layout, config);
  };
  for (const one of charts) {
    const { chart, figure } = one;
    chart.hidden = false;
    if (figure.layout.height > 0) chart.style.height = `${figure.layout.height}px`;
    draw(one).then(() => chart.parentElement.classList.add('drawn'), error => {
      chart.hidden = true;
      chart.after(error.message);
    });
  }
  addEventListener('page-theme', () => charts.forEach(draw));

  // On paper a chart is its still picture; one without is drawn in the colours and the width of a page.
  const unstill = charts.filter(({ chart }) => !chart.parentElement.classList.contains('has-still'));
  addEventListener('beforeprint', () => unstill.forEach(({ chart, figure, config }) => {
    const shown = structuredClone(figure);
    Plotly.react(chart, shown.data, { ...shown.layout, autosize: false, width: 640 }, config);
  }));
  addEventListener('afterprint', () => unstill.forEach(draw));
})();
