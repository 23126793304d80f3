const express = require('express');
const { loadModels } = require('~/server/services/Models');

module.exports = { express, loadModels };
