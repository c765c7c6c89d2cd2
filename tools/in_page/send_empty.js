/* Empty the page's form of this number and send it past the browser's own checks; false if there is nothing to empty. */
number => {
  const form = [...document.querySelectorAll('form[method=post]')][number];
  if (!form || /logout|sessions.end|language/.test(form.action)) return false;
  const isField = each => !['hidden', 'submit'].includes(each.type)
    && !['BUTTON', 'FIELDSET'].includes(each.tagName);
  const fields = [...form.elements].filter(isField);
  for (const each of fields) {
    if (['checkbox', 'radio'].includes(each.type)) each.checked = false;
    else if (each.type !== 'file') each.value = '';
  }
  form.noValidate = true;
  const press = form.querySelector('button:not([type=button]), input[type=submit]');
  if (fields.length) form.requestSubmit(press);
  return fields.length > 0;
}
