const updateKey = late(create('key'));
function other() {
  const updateKey = 1;
  return updateKey;
}
