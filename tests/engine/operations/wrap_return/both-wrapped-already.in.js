const load = (req) => {
  if (req) {
    return addModels('all');
  }
  return addModels('some');
};
