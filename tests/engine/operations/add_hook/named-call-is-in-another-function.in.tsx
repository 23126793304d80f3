function useToken() {
  return useAuthContext().token;
}
function Root() {
  const token = useToken();
  return <Nav token={token} />;
}
