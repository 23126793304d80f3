const value = one() + 1;
