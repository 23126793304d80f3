const all = fetchAll<string>('/api', { retry: true }, 3);
const list = fetchAll(`${base}/api`, {
  retry: true, // once
}, 3);
