const updateKey = create('key');
function other() {
  const updateKey = 1;
  return updateKey;
}
