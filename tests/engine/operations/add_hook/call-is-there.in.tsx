export default function Root() {
  const { isAuthenticated } = useAuthContext()
  const isSmall = useMediaQuery("(max-width: 768px)")
  useRefresh(isAuthenticated)
  return <Nav small={isSmall} />
}
