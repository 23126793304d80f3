const useKey = () => {
  const updateKey = create();
  return () => {
    const updateKey = other();
    return updateKey;
  };
};
