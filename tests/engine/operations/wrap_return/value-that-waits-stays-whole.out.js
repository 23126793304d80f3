async function load() {
  return (await read('models')).concat(extra);
}
