function outer() {
  function load() {
    return 'one';
  }
  return load;
}
