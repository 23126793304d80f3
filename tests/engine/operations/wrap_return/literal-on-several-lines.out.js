const load = async () => {
  return addModels({
    one: 'one',
    two: 'two',
  });
};
