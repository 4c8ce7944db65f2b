// What pages need of the browser beside charts.
export function save(name, text) {
  const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(new Blob([text])), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without HTTPS there is no clipboard interface: the old way still works.
    const area = Object.assign(document.createElement('textarea'), { value: text, style: 'position:fixed;left:-9999px' });
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}

/** Puts the cursor to a line (from 1) of a text area, and the line into sight. */
export function selectLine(id, line) {
  const area = document.getElementById(id);
  const lines = area.value.split('\n');
  const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  area.scrollTop = (line - 4) * parseFloat(getComputedStyle(area).lineHeight);
}

export function remember(key, text) {
  try { sessionStorage.setItem(key, text); } catch { /* full or forbidden: then it is not kept */ }
}

export function recall(key) {
  try { return sessionStorage.getItem(key); } catch { return null; }
}

export function forget(key) {
  try { sessionStorage.removeItem(key); } catch { /* forbidden: then there is nothing to drop */ }
}

// Out of sight for a moment is not away: switching tabs back and forth must not load the page each time.
const hiddenAfter = 10_000;
let attended;

export function attend(target) {
  leave();
  let told = true;
  let timer;
  const tell = shown => {
    if (shown === told) return;
    told = shown;
    // While the connection is cut nothing can be told; the server knows by itself then.
    target.invokeMethodAsync('Shown', shown).catch(() => { told = !shown; });
  };
  const turned = () => {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(() => tell(false), hiddenAfter);
    else tell(true);
  };
  document.addEventListener('visibilitychange', turned);
  window.addEventListener('tracker:connected', turned);
  attended = () => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', turned);
    window.removeEventListener('tracker:connected', turned);
  };
  turned();
  window.dispatchEvent(new Event('tracker:alive'));
}

export function leave() {
  attended?.();
  attended = undefined;
}
