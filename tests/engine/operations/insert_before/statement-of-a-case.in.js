function name(kind) {
  switch (kind) {
    case 'a':
      return 'a';
    default:
      return 'b';
  }
}
