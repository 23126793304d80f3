first('a');
between('both'); second();
