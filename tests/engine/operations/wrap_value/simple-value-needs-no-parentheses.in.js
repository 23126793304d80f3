const limits = read('limits');
