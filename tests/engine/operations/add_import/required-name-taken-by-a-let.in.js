const express = require('express');

let check;
module.exports = { express, check };
