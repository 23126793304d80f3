const all = fetchAll<string>('/api', { retry: true }, 3);
const list = fetchAll(allowed(`${base}/api`), {
  retry: true, // once
}, 3);
