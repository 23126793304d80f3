const limit = first || 'second';
