// MLflow's clients print addresses of its own pages, behind a hash that no server sees: they lead to ours.
(() => {
  const [, sweep, run] = location.hash.match(/^#\/experiments\/(\d+)(?:\/runs\/([0-9a-f]{32}))?/) ?? [];
  if (sweep) location.replace(run ? `runs/${BigInt(`0x${run}`)}` : `sweeps/${sweep}`);
})();
