import { useMemo } from 'react';
import useRefresh from './useRefresh';

export const useKey = () => useMemo(() => 1, []);
