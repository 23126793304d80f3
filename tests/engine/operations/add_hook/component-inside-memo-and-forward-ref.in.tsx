const Root = memo(
  forwardRef<HTMLElement, Props>(function Inner(props, ref) {
    const user = useUser();
    return <Nav ref={ref} user={user} {...props} />;
  }),
);
