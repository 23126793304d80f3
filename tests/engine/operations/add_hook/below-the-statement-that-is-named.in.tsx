import { useAuthContext } from '~/hooks';

export default function Root() {
  const { isAuthenticated } = useAuthContext();
  const isSmall = useMediaQuery('(max-width: 768px)');

  if (!isAuthenticated) {
    return null;
  }
  return <Nav small={isSmall} />;
}
