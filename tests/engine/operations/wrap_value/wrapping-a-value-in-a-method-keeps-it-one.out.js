const limits = (first ? ['a'] : second).filter(Boolean);
