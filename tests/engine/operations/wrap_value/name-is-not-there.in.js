const updateKeys = 1;
