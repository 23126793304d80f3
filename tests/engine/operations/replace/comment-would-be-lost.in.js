res.send(
  models, // all of them
);
