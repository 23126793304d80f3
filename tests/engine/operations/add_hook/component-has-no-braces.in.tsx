const Root = () => <Nav user={useUser()} />;
