const limits = first ? ['a'] : second;
