const useKey = (endpoint: string) => {
  const updateKey = useUpdateKey<string>(endpoint);
  return { updateKey };
};

export default useKey;
