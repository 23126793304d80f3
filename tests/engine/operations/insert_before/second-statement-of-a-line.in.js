first('a'); second();
