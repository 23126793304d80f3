import React from 'react';
import { Outlet } from 'react-router-dom';
import { useLocalize } from '~/hooks';

export default function Page() {
  return <Outlet />;
}
