function load() {
  const later = function* () {
    return 'generator';
  };
  function* also() {
    return 'generator';
  }
  class Inner {
    get it() {
      return 'method';
    }
  }
  return [later, () => { return 'arrow'; }, also, Inner];
}
