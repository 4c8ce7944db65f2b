// Token fields: what is typed is handed over as a change event and the field emptied here, at once. Emptying it from the server
// would take letters away that were typed in the meantime.
const separators = /[,;\s]/;
const field = event => event.target instanceof HTMLInputElement && 'tokens' in event.target.dataset ? event.target : null;

// While nobody would take it over, what was typed stays in the field.
const cut = () => document.documentElement.dataset.connection === 'down';

function hand(input) {
  if (cut()) return;
  if (input.value.trim()) input.dispatchEvent(new Event('change', { bubbles: true }));
  else input.value = '';
}

document.addEventListener('input', event => {
  const input = field(event);
  if (input && separators.test(input.value)) hand(input);
});

document.addEventListener('keydown', event => {
  const input = field(event);
  if (!input) return;
  if (event.key === 'Enter') {
    // With Ctrl the form is sent next, with what was typed here.
    if (!event.ctrlKey && !event.metaKey) event.preventDefault();
    hand(input);
  } else if (event.key === 'Backspace' && input.value === '') {
    [...input.parentElement.querySelectorAll('.token button')].at(-1)?.click();
  }
});

// After Blazor, which reads the value while the event is handled.
document.addEventListener('change', event => {
  const input = field(event);
  if (input && !cut()) queueMicrotask(() => { input.value = ''; });
});
