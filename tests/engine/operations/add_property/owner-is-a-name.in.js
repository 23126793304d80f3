module.exports = router;
