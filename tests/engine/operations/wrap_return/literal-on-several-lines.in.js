const load = async () => {
  return {
    one: 'one',
    two: 'two',
  };
};
