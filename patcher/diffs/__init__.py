"""Git's diffs: their parts, their text (`git_format`), and where they fit (`places`)."""
