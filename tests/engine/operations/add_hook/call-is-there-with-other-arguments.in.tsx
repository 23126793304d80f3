export default function Root() {
  const { isAuthenticated } = useAuthContext();
  useRefresh(!!isAuthenticated, 60);
  return <Nav />;
}
