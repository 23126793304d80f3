const useKey = (endpoint: string) => {
  const updateKey = useFetchOnSave(useUpdateKey<string>(endpoint));
  return { updateKey };
};

export default useKey;
