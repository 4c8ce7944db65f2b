// The connection to the server. While it is cut the page says so and since when, and tries again for as long as it takes. A server that
// still has the page's circuit continues it, without a reload; one that was restarted gets the same address again, with what was typed.
(() => {
  const root = document.documentElement;
  const heartbeat = 15_000;
  const settling = 800;
  const waits = [0, 500, 1000, 2000, 3000];
  // Of the page as it is now: links change it without loading this script again.
  const typedKey = () => 'typed:' + location.pathname;
  const scrollKey = () => 'scroll:' + location.pathname;
  const typedFields = 'input[id]:not([type=password]):not([type=file]), textarea[id], select[id]';
  const store = {
    get(key) { try { return sessionStorage.getItem(key); } catch { return null; } },
    set(key, text) { try { sessionStorage.setItem(key, text); } catch { /* full or forbidden: then it is not kept */ } },
    drop(key) { try { sessionStorage.removeItem(key); } catch { /* forbidden: then there is nothing to drop */ } },
  };
  let since = null;
  let wake = () => {};
  let wanted = null;
  const touched = new Set();

  const clock = time => time.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });

  function say(text) {
    const box = document.getElementById('connection');
    box.querySelector('[data-connection-text]').textContent = text;
    box.classList.add('shown');
  }

  const pause = ms => new Promise(resolve => {
    const timer = setTimeout(resolve, ms);
    wake = () => { clearTimeout(timer); resolve(); };
  });

  // Asked before Blazor tries: its own failed attempts count as faults of the page.
  async function answers(path) {
    try {
      return (await fetch(path, { cache: 'no-store', signal: AbortSignal.timeout(5000) })).ok;
    } catch {
      return false;
    }
  }

  async function comeBack() {
    for (let attempt = 0; since; attempt++) {
      await pause(waits[Math.min(attempt, waits.length - 1)]);
      if (!since || !await answers('healthz')) continue;
      let known;
      try {
        known = await Blazor.reconnect();
      } catch {
        if (await signedOut()) return signIn();
        continue;
      }
      if (known === false) return startOver();
      if (since) up();
      return;
    }
  }

  // Whose session is over is not let back in, however often the page tries.
  async function signedOut() {
    try {
      return (await fetch('api/v1/me', { cache: 'no-store', signal: AbortSignal.timeout(5000) })).status === 401;
    } catch {
      return false;
    }
  }

  // The same address leads to the sign-in page, and from there back.
  function signIn() {
    keepTyped();
    location.reload();
  }

  // The server was restarted, or has given this page up: the same address again, once it can serve.
  async function startOver() {
    say('The server was restarted. This page comes back as it was.');
    keepTyped();
    while (!await answers('readyz')) await pause(1000);
    if (wanted) location.assign(wanted);
    else location.reload();
  }

  function down() {
    if (since) return;
    since = new Date();
    root.dataset.connection = 'down';
    for (const place of document.querySelectorAll('[data-cut-since]')) place.textContent = clock(since);
    say(`No connection since ${clock(since)}. What you see is from then; what you type stays.`);
    comeBack();
  }

  function up() {
    if (!since) return;
    since = null;
    delete root.dataset.connection;
    document.getElementById('connection').classList.remove('shown');
    document.getElementById('blazor-error-ui').style.display = 'none';
    store.drop(typedKey());
    window.dispatchEvent(new Event('tracker:connected'));
    tellTouched();
    if (wanted) Blazor.navigateTo(wanted);
    wanted = null;
  }

  // What was typed meanwhile reached nobody: it is told again.
  function tellTouched() {
    for (const field of touched) if (field.isConnected) tell(field);
    touched.clear();
  }

  function tell(field) {
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
  }

  function keepTyped() {
    store.set(scrollKey(), String(Math.round(scrollY)));
    const fields = [...touched].filter(field => field.isConnected && field.matches(typedFields) && field.type !== 'radio');
    if (fields.length) store.set(typedKey(), JSON.stringify(fields.map(field => [field.id, field.type === 'checkbox' ? field.checked : field.value])));
  }

  // After startOver: the fields are filled in again once the page is alive and has had the time to put its own draft into them.
  function refill() {
    const [kept, scrolled] = [store.get(typedKey()) ?? '[]', store.get(scrollKey())];
    store.drop(typedKey());
    store.drop(scrollKey());
    if (scrolled === null) return;
    window.addEventListener('tracker:alive', () => setTimeout(() => {
      scrollTo({ top: Number(scrolled), behavior: 'instant' });
      for (const [id, value] of JSON.parse(kept)) {
        const field = document.getElementById(id);
        if (!field || field.checked === value) continue;
        if (typeof value === 'boolean') field.checked = value;
        else field.value = value;
        tell(field);
      }
    }, settling), { once: true });
  }

  for (const kind of ['input', 'change'])
    document.addEventListener(kind, event => {
      if (!since || !event.isTrusted) return;
      event.stopImmediatePropagation();
      // A box that is ticked twice is as it was.
      if (event.target.type === 'checkbox' && kind === 'input') return;
      if (event.target.type === 'checkbox' && touched.delete(event.target)) return;
      touched.add(event.target);
    }, true);

  // Blazor would fail to pass these on, and say so to nobody but the console.
  for (const kind of ['blur', 'focus'])
    document.addEventListener(kind, event => { if (since) event.stopImmediatePropagation(); }, true);

  document.addEventListener('submit', event => {
    if (!since) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    say(`No connection since ${clock(since)}: the form was not sent. Send it again when this message is gone.`);
  }, true);

  // Buttons and links of a page without a connection would do nothing, silently.
  document.addEventListener('click', event => {
    if (!since || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest('a[href]');
    if (link && link.origin === location.origin && !link.target && !link.dataset.act && !link.hasAttribute('download')) {
      event.preventDefault();
      event.stopImmediatePropagation();
      wanted = link.href;
      say(`No connection since ${clock(since)}. “${link.textContent.trim()}” opens as soon as the server answers.`);
      return;
    }
    const button = event.target.closest('main button:not([data-act])');
    if (!button) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    say(`No connection since ${clock(since)}: “${(button.getAttribute('aria-label') ?? button.textContent).trim()}” was not done. Try it again when this message is gone.`);
  }, true);

  window.addEventListener('online', () => wake());
  document.addEventListener('visibilitychange', () => { if (!document.hidden) wake(); });
  window.tracker.reconnectNow = () => wake();

  refill();
  Blazor.start({
    circuit: {
      reconnectionHandler: { onConnectionDown: down, onConnectionUp: up },
      configureSignalR: builder => builder.withServerTimeout(heartbeat).withKeepAliveInterval(heartbeat / 3),
    },
  });
})();
