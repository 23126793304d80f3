import React, { useMemo, useState } from 'react';

export const one = useMemo(() => React, []);
