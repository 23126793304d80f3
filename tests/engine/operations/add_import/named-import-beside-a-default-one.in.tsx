import React, { useMemo } from 'react';

export const one = useMemo(() => React, []);
