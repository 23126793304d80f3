const useKey = (updateKey) => updateKey.mutate();
