export default function Root() {
  const {
    token,
    logout,
  } = useAuthContext(); // who is there

  return <Nav onLogout={logout} />;
}
