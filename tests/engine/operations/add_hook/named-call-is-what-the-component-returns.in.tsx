function Root() {
  return useAuthContext();
}
