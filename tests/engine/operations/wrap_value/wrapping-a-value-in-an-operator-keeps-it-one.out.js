const limit = (first || 'second') ?? 'none';
