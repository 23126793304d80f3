async (req, res) => {
  res.send(
    await show(req, models), // the user's own
  )
};
