function load() {
  const options = {};
  start();
}
