'use strict';
(() => {
  const root = document.documentElement;
  const codes = [...document.querySelectorAll('details.code')];
  const code = document.getElementById('page-code');
  const theme = document.getElementById('page-theme');
  const dark = matchMedia('(prefers-color-scheme: dark)');

  const isOpen = () => codes.every(part => part.open);
  const showCode = () => code.setAttribute('aria-pressed', String(isOpen()));
  if (code) {
    code.hidden = false;
    code.onclick = () => {
      const open = !isOpen();
      for (const part of codes) part.open = open;
      showCode();
    };
    for (const part of codes) part.addEventListener('toggle', showCode);
    showCode();
  }

  const isDark = () => (root.dataset.theme ?? (dark.matches ? 'dark' : 'light')) === 'dark';
  const showTheme = () => {
    theme.setAttribute('aria-pressed', String(isDark()));
    dispatchEvent(new Event('page-theme'));
  };
  theme.hidden = false;
  theme.onclick = () => {
    const chosen = isDark() ? 'light' : 'dark';
    root.dataset.theme = chosen;
    try {
      localStorage.setItem('customervalue-theme', chosen);
    } catch {
      // Nothing can be kept here: the choice holds for this page.
    }
    showTheme();
  };
  dark.addEventListener('change', showTheme);
  showTheme();

  if (matchMedia('(max-width: 60rem)').matches) for (const part of document.querySelectorAll('nav details')) part.open = false;     // there it stands before the text

  const number = text => {
    const plain = text.replace(/[\s,%\u2009\u202f]/g, '').replace('\u2212', '-');
    return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
  };
  const order = new Intl.Collator(root.lang, { numeric: true });
  for (const table of document.querySelectorAll('.output table')) {
    const heads = table.tHead?.rows.length === 1 ? [...table.tHead.rows[0].cells] : [];
    const body = table.tBodies[0];
    if (!body || table.querySelector('[colspan], [rowspan]')) continue;
    heads.forEach((head, column) => {
      const text = row => row.cells[column]?.textContent.trim() ?? '';
      const texts = [...body.rows].map(text).filter(value => value !== '' && value !== 'NaN');
      const isNumber = texts.length > 0 && texts.every(value => !Number.isNaN(number(value)));
      const cells = [head, ...[...body.rows].map(row => row.cells[column]).filter(Boolean)];
      if (isNumber) for (const cell of cells) cell.classList.add('number');
      if (texts.every(value => value.length <= 24)) for (const cell of cells.slice(1)) cell.classList.add('short');
      else if (texts.some(value => value.length > 60)) for (const cell of cells) cell.classList.add('long');
      if (body.rows.length < 2) return;
      const button = document.createElement('button');
      button.type = 'button';
      button.append(...head.childNodes);
      head.append(button);
      head.scope = 'col';
      button.onclick = () => {
        const sign = head.getAttribute('aria-sort') === 'ascending' ? -1 : 1;
        for (const other of heads) other.removeAttribute('aria-sort');
        head.setAttribute('aria-sort', sign > 0 ? 'ascending' : 'descending');
        const isLast = value => value === '' || value === 'NaN';
        const compare = (a, b) => isLast(a) || isLast(b) ? isLast(a) - isLast(b) : sign * (isNumber ? number(a) - number(b) : order.compare(a, b));
        body.append(...[...body.rows].map(row => [text(row), row]).sort((a, b) => compare(a[0], b[0])).map(pair => pair[1]));
      };
    });
  }
})();
