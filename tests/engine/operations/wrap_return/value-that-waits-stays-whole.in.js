async function load() {
  return await read('models');
}
