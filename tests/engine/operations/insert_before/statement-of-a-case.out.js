function name(kind) {
  switch (kind) {
    case 'a':
      return 'a';
    default:
      count();
      return 'b';
  }
}
