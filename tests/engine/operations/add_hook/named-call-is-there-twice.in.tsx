function Root() {
  const { token } = useAuthContext();
  const { logout } = useAuthContext();
  return <Nav token={token} onLogout={logout} />;
}
