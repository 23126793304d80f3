const express = require('express');
const { loadModels, showModels } = require('~/server/services/Models');

module.exports = { express, loadModels };
