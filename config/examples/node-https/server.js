// An https server that exchanges its certificate, key and client CAs on SIGHUP.
//
//   node server.js --certs DIRECTORY --port PORT --pidfile FILE
"use strict";

const fs = require("node:fs");
const https = require("node:https");
const path = require("node:path");
const { parseArgs } = require("node:util");

const text = { type: "string" };
const { values: options } = parseArgs({ options: { certs: text, port: text, pidfile: text } });

// `current` is followed once, so that the three files are of one generation.
function readGeneration() {
  const generation = fs.realpathSync(path.join(options.certs, "current"));
  const read = (name) => fs.readFileSync(path.join(generation, name));
  return { cert: read("tls.crt"), key: read("tls.key"), ca: read("ca.crt") };
}

const clients = { requestCert: true, rejectUnauthorized: true };
const server = https.createServer({ ...readGeneration(), ...clients }, (request, response) => {
  response.end("served\n");
});

process.on("SIGHUP", () => {
  try {
    server.setSecureContext(readGeneration());
    console.log("serving the new certificate");
  } catch (error) {
    // The old context is untouched. certpivot's probe notices, and goes back.
    console.error(`keeping the old certificate: ${error.message}`);
  }
});

server.listen(Number(options.port), () => {
  fs.writeFileSync(options.pidfile, `${process.pid}\n`);
});
