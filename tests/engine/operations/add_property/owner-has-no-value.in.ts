let options;
