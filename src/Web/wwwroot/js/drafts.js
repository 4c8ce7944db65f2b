// What is typed into a field with data-draft stays with this tab until it is saved or dropped, also while there is no connection.
// On the window and before all others: while the connection is cut connection.js lets nobody below hear of it.
window.addEventListener('input', event => {
  const key = event.target.dataset?.draft;
  if (!key) return;
  try { sessionStorage.setItem(key, event.target.value); } catch { /* full or forbidden: then it is not kept */ }
}, true);
