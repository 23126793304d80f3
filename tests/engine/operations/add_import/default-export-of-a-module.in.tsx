import { useMemo } from 'react';

export const useKey = () => useMemo(() => 1, []);
