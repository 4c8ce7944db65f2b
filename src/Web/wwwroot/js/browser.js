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

export function remember(key, text) {
  try { sessionStorage.setItem(key, text); } catch { /* full or forbidden: then it is not kept */ }
}

export function recall(key) {
  try { return sessionStorage.getItem(key); } catch { return null; }
}

export function forget(key) {
  try { sessionStorage.removeItem(key); } catch { /* forbidden: then there is nothing to drop */ }
}
