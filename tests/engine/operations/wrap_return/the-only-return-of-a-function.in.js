async function load(req) {
  const models = await read('models');
  return models;
}
