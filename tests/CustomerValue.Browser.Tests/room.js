() => {
  const found = [];
  for (const chart of document.querySelectorAll('.has-still.drawn > .chart')) {
    const frame = chart.getBoundingClientRect();
    const texts = [...chart.querySelectorAll('svg text')].filter(text => text.textContent.trim() !== '' && !text.closest('.hm') && text.checkVisibility())
      .map(text => ({ said: text.textContent, box: text.getBoundingClientRect(), isTick: text.closest('.xtick, .ytick, .annotation') !== null }));
    for (const { said, box } of texts)
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
        found.push(`"${said}" goes beyond its chart: ${Math.round(box.left - frame.left)} to ${Math.round(box.right - frame.left)} of ${Math.round(frame.width)}`);
    const bars = [...chart.querySelectorAll('.cboutline')].map(bar => ({ said: 'the bar of colours', box: bar.getBoundingClientRect() }));
    const apart = [...texts.filter(text => !text.isTick), ...bars];
    apart.forEach((one, i) => apart.slice(i + 1).forEach(other => {
      const [wide, high] = [Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left), Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top)];
      if (wide > 2 && high > 3) found.push(`"${one.said}" stands over "${other.said}": ${Math.round(wide)} by ${Math.round(high)}`);
    }));
  }
  return found;
}
