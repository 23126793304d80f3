import React from 'react';
import { useHasAccess } from '~/hooks';

export const Header = () => <h1 />;
