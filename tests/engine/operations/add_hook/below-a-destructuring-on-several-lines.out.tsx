export default function Root() {
  const {
    token,
    logout,
  } = useAuthContext(); // who is there
  useRefresh(token);

  return <Nav onLogout={logout} />;
}
