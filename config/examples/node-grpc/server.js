'use strict';

// A gRPC server whose certificate certpivot rotates by SIGHUP; ../node-grpc.toml is certpivot's side.
//
//   npm ci && node server.js --certificate F --key F [--ca F] --listen HOST:PORT --pidfile F --proto F
//
// --proto: plugins/grpc/example/clock.proto of certpivot's source; yours would have its own.

const fs = require('node:fs');
const { parseArgs } = require('node:util');
const grpc = require('@grpc/grpc-js');
const protoLoader = require('@grpc/proto-loader');
const { Certificates } = require('./certificates');

const text = { type: 'string' };
const { values: options } = parseArgs({
  options: { certificate: text, key: text, ca: text, listen: text, pidfile: text, proto: text },
});

const certificates = new Certificates(options);
process.on('SIGHUP', () => {
  try {
    certificates.reload();
    console.log('took the new certificate');
  } catch (error) {
    // certpivot's probe finds that nothing has changed, and goes back.
    console.error(`kept the certificate of before: ${error.message}`);
  }
});

const clock = {
  now: (call, answer) => answer(null, { milliseconds: Date.now() }),
  watch: (stream) => {
    const timer = setInterval(() => stream.write({ milliseconds: Date.now() }), 10);
    stream.on('cancelled', () => clearInterval(timer));
  },
};
const { Clock } = grpc.loadPackageDefinition(protoLoader.loadSync(options.proto)).certpivot.example.v1;
const server = new grpc.Server();
server.addService(Clock.service, clock);
server.bindAsync(options.listen, certificates.credentials(), (error, port) => {
  if (error) throw error;
  // Only now: whoever gets SIGHUP before its handler is there dies of it.
  fs.writeFileSync(options.pidfile, `${process.pid}\n`);
  console.log(`serving at port ${port}`);
});
process.on('SIGTERM', () => {
  server.forceShutdown();
  fs.rmSync(options.pidfile, { force: true });
});
