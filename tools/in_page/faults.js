/* What looks wrong on the page: text cut off, text beyond the edge, letters of another language. */
language => {
  const found = [];
  const other = language === 'ar' ? /[A-Za-z]{3,}/ : /[\u0620-\u064A]{3,}/;
  const isShown = (element, box) => box.width > 1 && box.height > 1
    && element.checkVisibility({ visibilityProperty: true });
  for (const element of document.querySelectorAll('main *, header *, footer *')) {
    const own = [...element.childNodes].filter(node => node.nodeType === 3)
      .map(node => node.textContent).join('').trim();
    const box = element.getBoundingClientRect();
    if (!own || !isShown(element, box)) continue;
    const start = own.slice(0, 60);
    if (element.scrollWidth > element.clientWidth + 2
      && getComputedStyle(element).overflowX === 'hidden') found.push('cut: ' + start);
    if (box.right > innerWidth + 1 || box.left < -1) found.push('beyond the edge: ' + start);
    const apart = element.closest('bdi, code, [dir=ltr], [translate=no]');
    if (!apart && element.closest('[lang]').lang === language && other.test(own))
      found.push('other language: ' + start);
  }
  return [...new Set(found)].slice(0, 12);
}
