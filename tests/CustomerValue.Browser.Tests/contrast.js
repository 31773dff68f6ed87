() => {
  const brush = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const read = text => {
    brush.clearRect(0, 0, 1, 1);
    brush.fillStyle = text;
    brush.fillRect(0, 0, 1, 1);
    const [red, green, blue, opacity] = brush.getImageData(0, 0, 1, 1).data;
    return { color: [red, green, blue], opacity: opacity / 255 };
  };
  const luminance = color => {
    const [red, green, blue] = color.map(value => value / 255).map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  // The ground below an element: the nearest one painted; of a chart, its paper.
  const ground = element => {
    const paper = element.closest('.js-plotly-plot')?.querySelector('.main-svg');
    if (element instanceof SVGElement && paper) return read(getComputedStyle(paper).backgroundColor).color;
    for (let node = element; node; node = node.parentElement) {
      const painted = read(getComputedStyle(node).backgroundColor);
      if (painted.opacity > 0.99) return painted.color;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const element of document.body.querySelectorAll('*')) {
    const own = [...element.childNodes].filter(node => node.nodeType === Node.TEXT_NODE).map(node => node.textContent.trim()).join('');
    if (own === '' || element.matches('script, style, .skip') || !element.checkVisibility()) continue;
    if (element.closest('.hm')) continue;                                                   // figures in cells of a heat map stand on the cells
    const style = getComputedStyle(element);
    const shown = contrast(read(element instanceof SVGElement ? style.fill : style.color).color, ground(element));
    if (shown < 4.5) found.push(`${element.tagName} "${own.slice(0, 40)}": ${shown.toFixed(2)}`);
  }
  return found;
}
