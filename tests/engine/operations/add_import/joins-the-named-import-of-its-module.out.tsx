import React from 'react';
import { useHasAccess, useLocalize } from '~/hooks';

export const Header = () => <h1 />;
