// The box in which filters are typed: where the caret is, and which keys it takes, only the browser knows in time.
const store = 'filters';
const most = 8;

export function attach(input, box) {
  const open = () => input.getAttribute('aria-expanded') === 'true';
  const typed = () => box.invokeMethodAsync('Typed', input.value, input.selectionStart);
  const pressed = key => box.invokeMethodAsync('Pressed', key, input.value, input.selectionStart);

  input.addEventListener('input', typed);
  input.addEventListener('click', typed);
  input.addEventListener('blur', () => box.invokeMethodAsync('Left'));
  input.addEventListener('keyup', event => { if (['ArrowLeft', 'ArrowRight', 'Home', 'End'].includes(event.key)) typed(); });
  input.addEventListener('keydown', event => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const takes = event.key === 'Enter' || event.key === 'ArrowDown' || (open() && ['ArrowUp', 'Escape'].includes(event.key))
      || (event.key === 'Tab' && !event.shiftKey && input.dataset.tab === 'true');
    if (!takes) return;
    event.preventDefault();
    if (event.key === 'Escape') event.stopPropagation();
    pressed(event.key);
  });
  // A click on a completion must not take the focus away, which would close the list before the click arrives.
  input.parentElement.querySelector('[role=listbox]').addEventListener('mousedown', event => event.preventDefault());
}

export function put(input, text, caret) {
  input.value = text;
  if (document.activeElement === input) input.setSelectionRange(caret, caret);
}

// Only where the text is still the one for which it was meant.
export function take(input, before, after, caret) {
  if (input.value !== before) return false;
  input.value = after;
  input.focus();
  input.setSelectionRange(caret, caret);
  input.scrollLeft = input.scrollWidth;
  return true;
}

export function recent() {
  try { return JSON.parse(localStorage.getItem(store)) ?? []; } catch { return []; }
}

export function keep(filter) {
  try { localStorage.setItem(store, JSON.stringify([filter, ...recent().filter(other => other !== filter)].slice(0, most))); } catch { /* a private window: not kept */ }
}
